-- Arms that another system drew, or that a file brought. What decide draws stands in assignments, one row a unit.
-- No foreign keys beyond the workspace, for the reason given in inferences.sql.
create table public.exposures (
  id uuid not null default private.uuidv7(),
  workspace_id uuid not null constraint exposures_workspace_id_fkey references public.workspaces (id) on delete restrict,
  experiment_id uuid not null,
  phase_id uuid not null,
  variant_id uuid not null,
  unit_id text not null constraint exposures_unit_id_length check (length(unit_id) between 1 and 512),
  subject text not null,
  conversation text,
  intent_id uuid,
  attributes jsonb not null default '{}',
  exposed_at timestamptz not null,
  source text not null,
  source_event_id text not null,
  received_at timestamptz not null default now(),
  tx bigint not null default (pg_current_xact_id()::text::bigint),
  primary key (id, received_at)
) partition by range (received_at);

create index exposures_workspace_id on public.exposures (workspace_id, experiment_id, unit_id);
create index exposures_conversation on public.exposures (workspace_id, conversation) where conversation is not null;
create index exposures_tx on public.exposures (tx);

comment on table public.exposures is E'One exposure of a unit to an arm that another system drew. Append-only; written by record_exposures for experiments whose assigned_by is external.\nIdempotent within an experiment by (source, source_event_id): the first received wins. The unit''s arm is that of its earliest exposure; several arms make it a switcher.';
comment on column public.exposures.id is 'Time-ordered uuid.';
comment on column public.exposures.workspace_id is 'The workspace.';
comment on column public.exposures.experiment_id is 'The experiment.';
comment on column public.exposures.phase_id is 'The phase that it falls into: the last that had begun, or the first for what came before.';
comment on column public.exposures.variant_id is 'The arm.';
comment on column public.exposures.unit_id is 'Who was exposed: the subject, or the conversation if the experiment assigns conversations.';
comment on column public.exposures.subject is 'The subject.';
comment on column public.exposures.conversation is 'The conversation, if the source knows.';
comment on column public.exposures.intent_id is 'The intent, if the source knows. No foreign key: history outlives the catalogue.';
comment on column public.exposures.attributes is 'What the source said about the unit then. bot: true marks what is no person.';
comment on column public.exposures.exposed_at is 'When it happened, by the source''s clock.';
comment on column public.exposures.source is 'Who says so, for instance the name of the other system.';
comment on column public.exposures.source_event_id is 'The source''s id of the event.';
comment on column public.exposures.received_at is 'When it was recorded.';
comment on column public.exposures.tx is 'The transaction that wrote it: readers that keep up use it as a watermark.';

create table private.exposures_default partition of public.exposures default;
comment on table private.exposures_default is 'Exposures of months that have no partition of their own.';

create table private.exposure_claims (
  key uuid primary key,
  received_on date not null
);

comment on table private.exposure_claims is 'Which events of which source were taken in: exposures themselves stand in partitions, where no key is unique over time.';
comment on column private.exposure_claims.key is 'The first 16 bytes of SHA-256 of experiment, source and source_event_id, as private.event_claim makes them.';
comment on column private.exposure_claims.received_on is 'The day: claims are retired with the months that they guard.';
