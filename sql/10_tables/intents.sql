create table public.intents (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null constraint intents_workspace_id_fkey references public.workspaces (id) on delete cascade,
  key text not null constraint intents_key_shape check (key ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'),
  name text not null,
  description text not null default '',
  created_at timestamptz not null default private.now(),
  archived_at timestamptz,
  constraint intents_key_unique unique (workspace_id, key),
  constraint intents_in_workspace unique (workspace_id, id)
);

comment on table public.intents is 'What the end user wants, such as ScheduleMeeting.';
comment on column public.intents.id is 'Time-ordered uuid.';
comment on column public.intents.workspace_id is 'The workspace.';
comment on column public.intents.key is 'The name that code and classifiers use: unique in the workspace.';
comment on column public.intents.name is 'What people call it.';
comment on column public.intents.description is 'How to recognise it.';
comment on column public.intents.created_at is 'When it was made.';
comment on column public.intents.archived_at is 'Since when nothing new may use it; null while it is offered. Set by archive_object.';

create table public.intent_examples (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint intent_examples_workspace_id_fkey references public.workspaces (id) on delete cascade,
  intent_id uuid not null,
  text text not null constraint intent_examples_text_length check (length(text) between 1 and 10000),
  embedding extensions.vector,
  embedder text,
  created_at timestamptz not null default private.now(),
  constraint intent_examples_embedder_known check ((embedding is null) = (embedder is null)),
  constraint intent_examples_intent_id_fkey foreign key (workspace_id, intent_id)
    references public.intents (workspace_id, id) on delete cascade
);

create unique index intent_examples_text_once on public.intent_examples (intent_id, md5(text));
create index intent_examples_intent_id on public.intent_examples (workspace_id, intent_id);

comment on table public.intent_examples is 'A phrase that shows an intent, with its embedding.';
comment on column public.intent_examples.id is 'Time-ordered uuid.';
comment on column public.intent_examples.workspace_id is 'The workspace.';
comment on column public.intent_examples.intent_id is 'The intent that it shows.';
comment on column public.intent_examples.text is 'The phrase.';
comment on column public.intent_examples.embedding is 'The phrase as a vector; null until it is embedded.';
comment on column public.intent_examples.embedder is 'The model that embedded it: vectors compare only within one.';
comment on column public.intent_examples.created_at is 'When it was added.';
