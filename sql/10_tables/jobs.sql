select pgmq.create('jobs');

create table public.job_failures (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid
    constraint job_failures_workspace_id_fkey references public.workspaces (id) on delete restrict,
  job_id bigint not null,
  kind text,
  payload jsonb not null,
  attempt integer not null,
  error_code text not null,
  error_message text not null,
  is_dead boolean not null,
  failed_at timestamptz not null default private.now()
);

create index job_failures_workspace_id on public.job_failures (workspace_id, failed_at);

comment on table public.job_failures is E'One row per failed attempt of a queued job. Append-only.\nA dead job is not tried again: it is in the queue''s archive.';
comment on column public.job_failures.id is 'Time-ordered uuid.';
comment on column public.job_failures.workspace_id is 'The workspace; null when the job named none that exists: then only a server''s key sees the row.';
comment on column public.job_failures.job_id is 'The queue''s number of the job.';
comment on column public.job_failures.kind is 'What the job does, for instance run_chunk; null when the job did not say.';
comment on column public.job_failures.payload is 'What it works on: ids, never keys. The whole message when it held no payload.';
comment on column public.job_failures.attempt is 'Which attempt failed, from 1.';
comment on column public.job_failures.error_code is 'Code of the error.';
comment on column public.job_failures.error_message is 'The error for people.';
comment on column public.job_failures.is_dead is 'True when it is given up.';
comment on column public.job_failures.failed_at is 'When it failed.';
