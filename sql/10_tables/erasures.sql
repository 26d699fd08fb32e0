create table public.erasures (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null constraint erasures_workspace_id_fkey references public.workspaces (id) on delete restrict,
  reason text not null constraint erasures_reason_length check (length(reason) between 1 and 1000),
  rows jsonb not null,
  actor_kind text not null
    constraint erasures_actor_kind_known check (actor_kind in ('user', 'api_key', 'service', 'system')),
  actor_id uuid,
  erased_at timestamptz not null default private.now()
);

create index erasures_erased_at on public.erasures (workspace_id, erased_at);

comment on table public.erasures is E'One receipt per person who was erased: how many rows of which table, and nothing that tells who it was.\nAppend-only; written by erase_subject. Read by those who hold audit.read.';
comment on column public.erasures.id is 'Time-ordered uuid.';
comment on column public.erasures.workspace_id is 'The workspace.';
comment on column public.erasures.reason is 'Why, as the caller says: write no personal data here.';
comment on column public.erasures.rows is 'Table to rows erased; all zero when nothing was known.';
comment on column public.erasures.actor_kind is 'user, api_key, service or system.';
comment on column public.erasures.actor_id is 'The user who did it, if one did.';
comment on column public.erasures.erased_at is 'When.';

create table private.erased_inferences (
  workspace_id uuid not null,
  id uuid not null,
  primary key (workspace_id, id)
);

comment on table private.erased_inferences is 'The ids of calls that went with a person: a sender that tells of them again does not bring the person back.';
comment on column private.erased_inferences.workspace_id is 'The workspace.';
comment on column private.erased_inferences.id is 'The call''s id, which says nothing of whose it was.';
