create table public.comments (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint comments_workspace_id_fkey references public.workspaces (id) on delete restrict,
  object_kind text not null,
  object_id uuid not null,
  thread_id uuid,
  body text not null constraint comments_body_length check (length(body) <= 10000),
  mentions uuid[] not null default '{}',
  author_kind text not null
    constraint comments_author_kind_known check (author_kind in ('user', 'api_key', 'service', 'system')),
  author_id uuid,
  created_at timestamptz not null default private.now(),
  edited_at timestamptz,
  deleted_at timestamptz,
  resolved_at timestamptz,
  resolved_by uuid,
  constraint comments_in_workspace unique (workspace_id, id),
  constraint comments_body_there check (deleted_at is not null or length(body) > 0),
  constraint comments_threads_resolve check (thread_id is null or resolved_at is null),
  constraint comments_thread_id_fkey foreign key (workspace_id, thread_id)
    references public.comments (workspace_id, id) on delete restrict
);

create index comments_object on public.comments (workspace_id, object_kind, object_id, id);
create index comments_thread_id on public.comments (workspace_id, thread_id, id);

comment on table public.comments is E'What people say about a thing of the workspace: a thread begins with a comment, replies name it in thread_id.\nWritten by add_comment, edit_comment, delete_comment and resolve_thread. The audit log keeps what was said before.';
comment on column public.comments.id is 'Time-ordered uuid.';
comment on column public.comments.workspace_id is 'The workspace.';
comment on column public.comments.object_kind is 'What it is about: experiment, variant, prompt, prompt_version, deployment, change, approval_request, run, capability, and so on.';
comment on column public.comments.object_id is 'The id of that row.';
comment on column public.comments.thread_id is 'The comment that began the thread; null for that one itself.';
comment on column public.comments.body is 'What was said; empty once deleted.';
comment on column public.comments.mentions is 'The members whom it calls.';
comment on column public.comments.author_kind is 'user, api_key, service or system.';
comment on column public.comments.author_id is 'The user or the API key. No foreign key: history outlives accounts.';
comment on column public.comments.created_at is 'When it was said.';
comment on column public.comments.edited_at is 'When its author last changed it.';
comment on column public.comments.deleted_at is 'When it was taken back; it keeps its place in the thread.';
comment on column public.comments.resolved_at is 'When the thread was settled; null while it is open.';
comment on column public.comments.resolved_by is 'The user who settled it.';
