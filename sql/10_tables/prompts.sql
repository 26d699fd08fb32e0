create table public.prompts (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null constraint prompts_workspace_id_fkey references public.workspaces (id) on delete cascade,
  key text not null constraint prompts_key_shape check (key ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'),
  name text not null,
  capability_id uuid not null,
  action_id uuid,
  created_at timestamptz not null default private.now(),
  archived_at timestamptz,
  constraint prompts_key_unique unique (workspace_id, key),
  constraint prompts_in_workspace unique (workspace_id, id),
  constraint prompts_capability_id_fkey foreign key (workspace_id, capability_id)
    references public.capabilities (workspace_id, id) on delete restrict,
  constraint prompts_action_id_fkey foreign key (workspace_id, capability_id, action_id)
    references public.actions (workspace_id, capability_id, id) on delete restrict
);

create index prompts_action_id on public.prompts (workspace_id, capability_id, action_id);

comment on table public.prompts is 'The named thing that a capability, or one action of it, runs. Its texts are prompt_versions.';
comment on column public.prompts.id is 'Time-ordered uuid.';
comment on column public.prompts.workspace_id is 'The workspace.';
comment on column public.prompts.key is 'The name that code uses: unique in the workspace; 1 to 100 letters, digits, _ . : or -, the first a letter or a digit.';
comment on column public.prompts.name is 'What people call it.';
comment on column public.prompts.capability_id is 'The capability that runs it.';
comment on column public.prompts.action_id is 'The action that runs it; null when the capability runs it as a whole.';
comment on column public.prompts.created_at is 'When it was made.';
comment on column public.prompts.archived_at is 'Since when nothing new may use it; null while it is offered. Set by archive_object.';

create table public.branches (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint branches_workspace_id_fkey references public.workspaces (id) on delete cascade,
  prompt_id uuid not null,
  name text not null constraint branches_name_shape check (name ~ '^[A-Za-z0-9][A-Za-z0-9_./-]{0,99}$'),
  head_version_id uuid,
  created_at timestamptz not null default private.now(),
  deleted_at timestamptz,
  constraint branches_of_prompt unique (workspace_id, prompt_id, id),
  constraint branches_prompt_id_fkey foreign key (workspace_id, prompt_id)
    references public.prompts (workspace_id, id) on delete restrict
);

-- A deleted branch keeps its row, for versions say where they were committed; its name is free again.
create unique index branches_name_unique on public.branches (prompt_id, name) where deleted_at is null;
create index branches_prompt_id on public.branches (workspace_id, prompt_id);

comment on table public.branches is 'A named line of versions of a prompt. Every prompt begins with main, and keeps it.';
comment on column public.branches.id is 'Time-ordered uuid.';
comment on column public.branches.workspace_id is 'The workspace.';
comment on column public.branches.prompt_id is 'The prompt.';
comment on column public.branches.name is 'Unique among the prompt''s branches that are not deleted.';
comment on column public.branches.head_version_id is 'The newest version of the line; null before the first commit. Moved by commit_version and merge_branch.';
comment on column public.branches.created_at is 'When it was made.';
comment on column public.branches.deleted_at is 'When it was deleted; null while it lives. Its versions stay.';
