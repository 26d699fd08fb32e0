create table public.ingest_batches (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint ingest_batches_workspace_id_fkey references public.workspaces (id) on delete restrict,
  environment_id uuid,
  verb text not null constraint ingest_batches_verb_known
    check (verb in ('record_inferences', 'record_outcomes', 'record_exposures')),
  rows integer not null,
  accepted integer not null,
  duplicates integer not null,
  errors integer not null,
  counts jsonb not null,
  received_at timestamptz not null default now()
);

create index ingest_batches_workspace_id on public.ingest_batches (workspace_id, received_at);

comment on table public.ingest_batches is E'What of a batch did not land, or landed oddly: one row per batch and environment that had duplicates, errors or a clock that runs ahead. Append-only.\nA batch without any leaves no row: what it brought is all there.';
comment on column public.ingest_batches.id is 'Time-ordered uuid.';
comment on column public.ingest_batches.workspace_id is 'The workspace.';
comment on column public.ingest_batches.environment_id is 'The environment that the rows named; null for rows that named none that exists.';
comment on column public.ingest_batches.verb is 'How they came: record_inferences, record_outcomes or record_exposures.';
comment on column public.ingest_batches.rows is 'Rows of the batch for this environment.';
comment on column public.ingest_batches.accepted is 'Rows that landed.';
comment on column public.ingest_batches.duplicates is 'Rows that were known already.';
comment on column public.ingest_batches.errors is 'Rows that were refused.';
comment on column public.ingest_batches.counts is 'How many of what: [{code, metric_id, experiment_id, rows}]. code is that of the error, duplicate, or clock_ahead for rows that landed although they happened more than five minutes after they were received.';
comment on column public.ingest_batches.received_at is 'When.';
