create table public.environments (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint environments_workspace_id_fkey references public.workspaces (id) on delete cascade,
  key text not null constraint environments_key_shape check (key ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'),
  name text not null,
  is_production boolean not null default false,
  created_at timestamptz not null default private.now(),
  archived_at timestamptz,
  constraint environments_key_unique unique (workspace_id, key),
  constraint environments_in_workspace unique (workspace_id, id)
);

comment on table public.environments is 'Where versions are live and events happen: production, staging, and so on.';
comment on column public.environments.id is 'Time-ordered uuid.';
comment on column public.environments.workspace_id is 'The workspace.';
comment on column public.environments.key is 'The name that code uses: unique in the workspace; 1 to 100 letters, digits, _ . : or -, the first a letter or a digit.';
comment on column public.environments.name is 'What people call it.';
comment on column public.environments.is_production is 'True where real customers are.';
comment on column public.environments.created_at is 'When it was made.';
comment on column public.environments.archived_at is 'Since when nothing new may use it; null while it is offered. Set by archive_object.';
