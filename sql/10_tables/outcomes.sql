-- No foreign keys, for the reason given in inferences.sql.
create table public.outcomes (
  id uuid not null default private.uuidv7(),
  workspace_id uuid not null,
  environment_id uuid not null,
  metric_id uuid not null,
  -- Squares of squares of values must stay inside a double, or one row would break every reader.
  value double precision not null constraint outcomes_value_range
    check (value = 0 or abs(value) between 1e-60 and 1e60),
  subject text,
  conversation text,
  inference_id uuid,
  key_type text,
  key_value text,
  occurred_at timestamptz not null,
  source text not null,
  source_event_id text not null,
  received_at timestamptz not null default now(),
  tx bigint not null default (pg_current_xact_id()::text::bigint),
  primary key (id, received_at),
  constraint outcomes_belong check (num_nonnulls(subject, conversation, inference_id, key_value) > 0),
  constraint outcomes_key_whole check ((key_type is null) = (key_value is null))
) partition by range (received_at);

create index outcomes_metric on public.outcomes (workspace_id, metric_id, environment_id, occurred_at);
create index outcomes_tx on public.outcomes (tx);

comment on table public.outcomes is E'One measured event. Append-only; written by record_outcomes.\nIdempotent within an environment by (source, source_event_id): the first received wins. It may come before the inference that it belongs to, or days later.';
comment on column public.outcomes.id is 'Time-ordered uuid.';
comment on column public.outcomes.workspace_id is 'The workspace.';
comment on column public.outcomes.environment_id is 'Where it happened.';
comment on column public.outcomes.metric_id is 'What was measured.';
comment on column public.outcomes.value is 'How much; true is 1 and false is 0.';
comment on column public.outcomes.subject is 'Whose it is, if the source knows.';
comment on column public.outcomes.conversation is 'The conversation, if the source knows.';
comment on column public.outcomes.inference_id is 'The inference, if the source knows.';
comment on column public.outcomes.key_type is 'Kind of business key, for instance ticket.';
comment on column public.outcomes.key_value is 'The business key.';
comment on column public.outcomes.occurred_at is 'When it happened, by the source''s clock.';
comment on column public.outcomes.source is 'Who says so, for instance crm.';
comment on column public.outcomes.source_event_id is 'The source''s id of the event.';
comment on column public.outcomes.received_at is 'When it was recorded.';
comment on column public.outcomes.tx is 'The transaction that wrote it: readers that keep up use it as a watermark.';

create table private.outcomes_default partition of public.outcomes default;
comment on table private.outcomes_default is 'Outcomes of months that have no partition of their own.';

create table private.outcome_claims (
  key uuid primary key,
  metric_id uuid not null,
  received_on date not null
);

comment on table private.outcome_claims is 'Which events of which source were taken in: outcomes themselves stand in partitions, where no key is unique over time.';
comment on column private.outcome_claims.key is 'The first 16 bytes of SHA-256 of workspace, environment, source and source_event_id, as private.event_claim makes them.';
comment on column private.outcome_claims.metric_id is 'Of which metric it was: the same event for another one is a mistake, not a repeat.';
comment on column private.outcome_claims.received_on is 'The day: claims are retired with the months that they guard.';

create table public.outcome_keys (
  workspace_id uuid not null
    constraint outcome_keys_workspace_id_fkey references public.workspaces (id) on delete restrict,
  key_type text not null constraint outcome_keys_type_shape check (key_type ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'),
  key_value text not null constraint outcome_keys_value_length check (length(key_value) between 1 and 512),
  subject text not null,
  conversation text not null default '',
  seen_at timestamptz not null,
  tx bigint not null default (pg_current_xact_id()::text::bigint),
  primary key (workspace_id, key_type, key_value, subject, conversation, seen_at)
);

comment on table public.outcome_keys is E'A business key that a subject or conversation was seen with, so that late outcomes find their way.\nWritten with inferences, once for each time that is earlier than all known ones. A key seen with several subjects belongs to the one who was seen first.';
comment on column public.outcome_keys.workspace_id is 'The workspace.';
comment on column public.outcome_keys.key_type is 'Kind of key, for instance ticket.';
comment on column public.outcome_keys.key_value is 'The key.';
comment on column public.outcome_keys.subject is 'The subject that it was seen with.';
comment on column public.outcome_keys.conversation is 'The conversation that it was seen in; empty when there was none.';
comment on column public.outcome_keys.seen_at is 'When it was seen, by the caller''s clock.';
comment on column public.outcome_keys.tx is 'The transaction that wrote it: readers that keep up use it as a watermark.';
