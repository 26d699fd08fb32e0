create table public.tags (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null constraint tags_workspace_id_fkey references public.workspaces (id) on delete restrict,
  prompt_id uuid not null,
  name text not null constraint tags_name_shape check (name ~ '^[A-Za-z0-9][A-Za-z0-9_./-]{0,99}$'),
  version_id uuid not null,
  created_by uuid,
  created_at timestamptz not null default private.now(),
  moved_at timestamptz not null default private.now(),
  constraint tags_name_unique unique (prompt_id, name),
  constraint tags_prompt_id_fkey foreign key (workspace_id, prompt_id)
    references public.prompts (workspace_id, id) on delete restrict,
  constraint tags_version_id_fkey foreign key (workspace_id, prompt_id, version_id)
    references public.prompt_versions (workspace_id, prompt_id, id) on delete restrict
);

create index tags_prompt_id on public.tags (workspace_id, prompt_id);
create index tags_version_id on public.tags (workspace_id, prompt_id, version_id);

comment on table public.tags is 'A name that points at one version of a prompt. Set and moved by tag_version, taken away by untag.';
comment on column public.tags.id is 'Time-ordered uuid.';
comment on column public.tags.workspace_id is 'The workspace.';
comment on column public.tags.prompt_id is 'The prompt.';
comment on column public.tags.name is 'Unique in the prompt.';
comment on column public.tags.version_id is 'The version that it points at now.';
comment on column public.tags.created_by is 'The user who set it first; null for a server''s or an API key.';
comment on column public.tags.created_at is 'When it was set first.';
comment on column public.tags.moved_at is 'When it was last pointed at another version.';

create table public.tag_moves (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint tag_moves_workspace_id_fkey references public.workspaces (id) on delete restrict,
  prompt_id uuid not null,
  name text not null,
  from_version_id uuid,
  to_version_id uuid,
  reason text not null default '',
  created_by uuid,
  created_at timestamptz not null default private.now(),
  constraint tag_moves_is_a_move check (from_version_id is distinct from to_version_id),
  constraint tag_moves_from_version_id_fkey foreign key (workspace_id, prompt_id, from_version_id)
    references public.prompt_versions (workspace_id, prompt_id, id) on delete restrict,
  constraint tag_moves_to_version_id_fkey foreign key (workspace_id, prompt_id, to_version_id)
    references public.prompt_versions (workspace_id, prompt_id, id) on delete restrict
);

create index tag_moves_name on public.tag_moves (prompt_id, name, id);
create index tag_moves_from_version_id on public.tag_moves (workspace_id, prompt_id, from_version_id);
create index tag_moves_to_version_id on public.tag_moves (workspace_id, prompt_id, to_version_id);

comment on table public.tag_moves is 'Append-only history of tags: where each pointed, since when, by whom, why.';
comment on column public.tag_moves.id is 'Time-ordered uuid.';
comment on column public.tag_moves.workspace_id is 'The workspace.';
comment on column public.tag_moves.prompt_id is 'The prompt.';
comment on column public.tag_moves.name is 'The tag''s name; the tag itself may be gone.';
comment on column public.tag_moves.from_version_id is 'The version that it pointed at before; null when it was new.';
comment on column public.tag_moves.to_version_id is 'The version that it pointed at from then on; null when it was taken away.';
comment on column public.tag_moves.reason is 'Why, in the person''s words.';
comment on column public.tag_moves.created_by is 'The user who moved it; null for a server''s or an API key.';
comment on column public.tag_moves.created_at is 'When.';
