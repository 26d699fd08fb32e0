create table public.layers (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null constraint layers_workspace_id_fkey references public.workspaces (id) on delete restrict,
  key text not null constraint layers_key_shape check (key ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'),
  name text not null,
  description text not null default '',
  salt text not null default encode(sha256(uuid_send(gen_random_uuid())), 'hex')
    constraint layers_salt_length check (length(salt) between 1 and 64),
  created_by uuid default auth.uid(),
  created_at timestamptz not null default private.now(),
  constraint layers_key_unique unique (workspace_id, key),
  constraint layers_in_workspace unique (workspace_id, id)
);

comment on table public.layers is E'10,000 slots that experiments share out, so that a subject is in at most one of them.\nAn experiment holds the slots from layer_from up to layer_to. A layer belongs to the workspace: the same one serves every environment, and slots are taken in each environment by itself.';
comment on column public.layers.id is 'Time-ordered uuid.';
comment on column public.layers.workspace_id is 'The workspace.';
comment on column public.layers.key is 'The name that code uses: unique in the workspace; 1 to 100 letters, digits, _ . : or -, the first a letter or a digit.';
comment on column public.layers.name is 'What people call it.';
comment on column public.layers.description is 'What its experiments would spoil in one another.';
comment on column public.layers.salt is 'Random text in the hash, so that layers are independent of one another.';
comment on column public.layers.created_by is 'The user who made it; null for a key or a server.';
comment on column public.layers.created_at is 'When it was made.';

create table public.holdouts (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null constraint holdouts_workspace_id_fkey references public.workspaces (id) on delete restrict,
  environment_id uuid not null,
  number integer not null constraint holdouts_number_positive check (number > 0),
  share integer not null constraint holdouts_share_range check (share between 0 and 10000),
  salt text not null constraint holdouts_salt_length check (length(salt) between 1 and 64),
  reason text not null default '',
  created_by uuid,
  created_at timestamptz not null default private.now(),
  constraint holdouts_number_unique unique (environment_id, number),
  constraint holdouts_environment_id_fkey foreign key (workspace_id, environment_id)
    references public.environments (workspace_id, id) on delete restrict
);

create index holdouts_environment_id on public.holdouts (workspace_id, environment_id);

comment on table public.holdouts is E'The share of subjects that an environment keeps out of every experiment, and its history. Append-only.\nThe highest number of an environment counts; written by set_holdout. The salt never changes, so a larger share holds the same subjects and more.';
comment on column public.holdouts.id is 'Time-ordered uuid.';
comment on column public.holdouts.workspace_id is 'The workspace.';
comment on column public.holdouts.environment_id is 'The environment.';
comment on column public.holdouts.number is 'Counts the changes of this environment''s holdout from 1.';
comment on column public.holdouts.share is 'Share of subjects that are held out, in basis points: 500 is 5 %, 0 ends the holdout.';
comment on column public.holdouts.salt is 'Random text in the hash; the same for all rows of an environment.';
comment on column public.holdouts.reason is 'Why, in the person''s words.';
comment on column public.holdouts.created_by is 'The user who changed it; null for a key or a server.';
comment on column public.holdouts.created_at is 'Since when it counts.';
