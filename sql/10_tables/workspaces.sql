create table public.workspaces (
  id uuid primary key default private.uuidv7(),
  name text not null constraint workspaces_name_length check (length(name) between 1 and 200),
  slug text not null constraint workspaces_slug_shape check (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  created_by uuid,
  created_at timestamptz not null default private.now()
);

create index workspaces_created_by_slug on public.workspaces (created_by, slug);

comment on table public.workspaces is E'The tenant: every other row belongs to exactly one.\nMade by create_workspace. A slug is unique per creator, not globally, so that a name taken elsewhere tells nobody anything.';
comment on column public.workspaces.id is 'Time-ordered uuid.';
comment on column public.workspaces.name is 'What people call it.';
comment on column public.workspaces.slug is 'Short name for addresses: lower-case letters, digits, hyphens.';
comment on column public.workspaces.created_by is 'The user who made it. No foreign key: history outlives accounts.';
comment on column public.workspaces.created_at is 'When it was made.';
