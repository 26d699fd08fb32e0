create table public.capabilities (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint capabilities_workspace_id_fkey references public.workspaces (id) on delete cascade,
  key text not null constraint capabilities_key_shape check (key ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'),
  name text not null,
  description text not null default '',
  created_at timestamptz not null default private.now(),
  archived_at timestamptz,
  constraint capabilities_key_unique unique (workspace_id, key),
  constraint capabilities_in_workspace unique (workspace_id, id)
);

comment on table public.capabilities is 'A goal that the product reaches for its users, such as BookAppointment.';
comment on column public.capabilities.id is 'Time-ordered uuid.';
comment on column public.capabilities.workspace_id is 'The workspace.';
comment on column public.capabilities.key is 'The name that code uses: unique in the workspace; 1 to 100 letters, digits, _ . : or -, the first a letter or a digit.';
comment on column public.capabilities.name is 'What people call it.';
comment on column public.capabilities.description is 'What it does for the user.';
comment on column public.capabilities.created_at is 'When it was made.';
comment on column public.capabilities.archived_at is 'Since when nothing new may use it; null while it is offered. Set by archive_object.';

create table public.actions (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null constraint actions_workspace_id_fkey references public.workspaces (id) on delete cascade,
  capability_id uuid not null,
  key text not null constraint actions_key_shape check (key ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'),
  name text not null,
  position integer not null default 1 constraint actions_position_positive check (position > 0),
  created_at timestamptz not null default private.now(),
  archived_at timestamptz,
  constraint actions_key_unique unique (capability_id, key),
  constraint actions_in_workspace unique (workspace_id, id),
  constraint actions_in_capability unique (workspace_id, capability_id, id),
  constraint actions_capability_id_fkey foreign key (workspace_id, capability_id)
    references public.capabilities (workspace_id, id) on delete restrict
);

comment on table public.actions is 'One step of a capability, in order, such as UserLookup.';
comment on column public.actions.id is 'Time-ordered uuid.';
comment on column public.actions.workspace_id is 'The workspace.';
comment on column public.actions.capability_id is 'The capability that it is a step of.';
comment on column public.actions.key is 'The name that code uses: unique in the capability; 1 to 100 letters, digits, _ . : or -, the first a letter or a digit.';
comment on column public.actions.name is 'What people call it.';
comment on column public.actions.position is 'Its place in the order of steps, from 1.';
comment on column public.actions.created_at is 'When it was made.';
comment on column public.actions.archived_at is 'Since when nothing new may use it; null while it is offered. Set by archive_object.';
