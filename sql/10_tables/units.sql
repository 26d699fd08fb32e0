-- What a subject is to an experiment, and what it is worth to each metric: the state between raw rows and moments.
-- No foreign keys: these are derived row by row from the raw tables by the compactor alone, and private.rebuild makes them
-- anew. Pages keep room, so that a value that moves stays on its page and no index hears of it.
create table private.experiment_units (
  workspace_id uuid not null,
  experiment_id uuid not null,
  unit_id text not null,
  phase_id uuid not null,
  variant_id uuid not null,
  entered_at timestamptz not null,
  entry_day date not null,
  counts_until timestamptz not null default 'infinity',
  intent_id uuid,
  segments jsonb not null default '{}',
  standing text not null
    constraint experiment_units_standing_known check (standing in ('counted', 'bot', 'switcher')),
  primary key (experiment_id, unit_id)
) with (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);

-- One descent finds all experiments of a unit, however many a workspace has had.
create index experiment_units_unit_id on private.experiment_units (workspace_id, unit_id);
-- Whose window is still open: those who entered last.
create index experiment_units_entered_at on private.experiment_units (experiment_id, entered_at);

comment on table private.experiment_units is E'One row per experiment × unit: where its first exposure put it.\nThe first exposure is the earliest by the callers'' clocks. Derived.';
comment on column private.experiment_units.workspace_id is 'The workspace.';
comment on column private.experiment_units.experiment_id is 'The experiment.';
comment on column private.experiment_units.unit_id is 'The subject, or the conversation.';
comment on column private.experiment_units.phase_id is 'The phase of the first exposure.';
comment on column private.experiment_units.variant_id is 'Its arm.';
comment on column private.experiment_units.entered_at is 'When it was.';
comment on column private.experiment_units.entry_day is 'Its day, UTC: the cohort.';
comment on column private.experiment_units.counts_until is 'When the arm was rolled back in the phase or after it: nothing counts from then on.';
comment on column private.experiment_units.intent_id is 'The intent of the first exposure.';
comment on column private.experiment_units.segments is 'The declared attributes as the first exposure had them: {name: text}; empty text where it had none.';
comment on column private.experiment_units.standing is 'counted; bot when any exposure said so; switcher when it was seen in two arms.';

create table private.segment_values (
  workspace_id uuid not null,
  experiment_id uuid not null,
  name text not null,
  value text not null,
  primary key (experiment_id, name, value)
);

comment on table private.segment_values is 'The values of declared segments that an experiment tells apart; all others are the segment (other).';
comment on column private.segment_values.workspace_id is 'The workspace.';
comment on column private.segment_values.experiment_id is 'The experiment.';
comment on column private.segment_values.name is 'The attribute.';
comment on column private.segment_values.value is 'Its value as text; empty where an exposure had none.';

create table private.unit_values (
  workspace_id uuid not null,
  experiment_id uuid not null,
  metric_id uuid not null,
  unit_id text not null,
  outcomes_used bigint not null,
  outcomes_before bigint not null,
  outcomes_after bigint not null,
  x_count bigint not null,
  y_sum numeric,
  d_sum numeric,
  x_sum numeric,
  w_sum numeric,
  y double precision not null,
  d double precision not null,
  x double precision not null,
  w double precision not null,
  primary key (experiment_id, unit_id, metric_id)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);

comment on table private.unit_values is E'One row per experiment × metric × unit that has any event: what the unit is worth to the metric.\nDerived; the sums are exact, so that adding and taking away leave no trace.';
comment on column private.unit_values.workspace_id is 'The workspace.';
comment on column private.unit_values.experiment_id is 'The experiment.';
comment on column private.unit_values.metric_id is 'The metric.';
comment on column private.unit_values.unit_id is 'The unit.';
comment on column private.unit_values.outcomes_used is 'Events inside the window that begins with the first exposure.';
comment on column private.unit_values.outcomes_before is 'Events before the first exposure: they never count.';
comment on column private.unit_values.outcomes_after is 'Events after the window, or after the arm was rolled back.';
comment on column private.unit_values.x_count is 'Of those before, the ones in a window as long as the metric''s that ends with the first exposure.';
comment on column private.unit_values.y_sum is 'Exact sum of the values that make y; null for a metric that takes the maximum.';
comment on column private.unit_values.d_sum is 'Exact sum of the denominator of a ratio; else null.';
comment on column private.unit_values.x_sum is 'As y_sum, of the window before.';
comment on column private.unit_values.w_sum is 'As d_sum, of the window before.';
comment on column private.unit_values.y is 'The unit''s value; the numerator of a ratio. Zero while there is none.';
comment on column private.unit_values.d is 'One when there is a value, else zero; the denominator of a ratio.';
comment on column private.unit_values.x is 'What y would have been in the window before the first exposure.';
comment on column private.unit_values.w is 'What d would have been then.';

create table private.outcome_places (
  outcome_id uuid primary key,
  workspace_id uuid not null,
  environment_id uuid not null,
  metric_id uuid not null,
  value double precision not null,
  occurred_at timestamptz not null,
  said_subject text,
  said_conversation text,
  inference_id uuid,
  key_type text,
  key_value text,
  inference_found boolean not null,
  subject text,
  conversation text,
  tx bigint not null
) with (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);

create index outcome_places_subject on private.outcome_places (workspace_id, subject, occurred_at)
  where said_subject is null and subject is not null;
create index outcome_places_conversation on private.outcome_places (workspace_id, conversation)
  where said_conversation is null and conversation is not null;
create index outcome_places_inference_id on private.outcome_places (workspace_id, inference_id)
  where inference_id is not null and not inference_found;
create index outcome_places_found on private.outcome_places (workspace_id, inference_id) where inference_found;
create index outcome_places_said_conversation on private.outcome_places (workspace_id, said_conversation)
  where said_subject is null and said_conversation is not null and not inference_found;
create index outcome_places_waiting on private.outcome_places (workspace_id, metric_id, environment_id)
  where subject is null;
create index outcome_places_tx on private.outcome_places (tx);
create index outcome_places_key on private.outcome_places (workspace_id, key_type, key_value) where key_value is not null;

comment on table private.outcome_places is E'One row per outcome whose source did not say all of its place: where the evidence so far puts it.\nWithout a place it waits, and counts nowhere. Derived; later evidence can move it.';
comment on column private.outcome_places.outcome_id is 'The outcome.';
comment on column private.outcome_places.workspace_id is 'The workspace.';
comment on column private.outcome_places.environment_id is 'Where it happened.';
comment on column private.outcome_places.metric_id is 'What was measured.';
comment on column private.outcome_places.value is 'How much.';
comment on column private.outcome_places.occurred_at is 'When it happened.';
comment on column private.outcome_places.said_subject is 'The subject, if the source said it.';
comment on column private.outcome_places.said_conversation is 'The conversation, if the source said it.';
comment on column private.outcome_places.inference_id is 'The inference that the source named.';
comment on column private.outcome_places.key_type is 'Kind of the business key that it named.';
comment on column private.outcome_places.key_value is 'The business key.';
comment on column private.outcome_places.inference_found is 'True when the inference that it named is known: then nothing later moves the subject.';
comment on column private.outcome_places.subject is 'Whose it is; null while nobody knows.';
comment on column private.outcome_places.conversation is 'Which conversation''s it is; null while nobody knows.';
comment on column private.outcome_places.tx is 'The transaction that wrote the outcome.';

-- What a unit's values are made of is found by the unit when it has to be computed anew.
create index outcomes_subject on public.outcomes (workspace_id, subject, occurred_at) where subject is not null;
create index outcomes_conversation on public.outcomes (workspace_id, conversation) where conversation is not null;
-- Who names a call that is not there yet, and says all else: the others are in outcome_places.
create index outcomes_inference_id on public.outcomes (workspace_id, inference_id)
  where subject is not null and conversation is not null and inference_id is not null;

create table private.marked_units (
  workspace_id uuid not null,
  unit_kind text not null constraint marked_units_kind_known check (unit_kind in ('subject', 'conversation', 'outcome')),
  unit_id text not null,
  tx bigint not null default (pg_current_xact_id()::text::bigint),
  primary key (workspace_id, unit_kind, unit_id, tx)
);

comment on table private.marked_units is 'Units whose raw rows were taken away: the compactor computes them anew when that transaction is over.';
comment on column private.marked_units.workspace_id is 'The workspace.';
comment on column private.marked_units.unit_kind is 'subject or conversation; outcome for one outcome that is gone.';
comment on column private.marked_units.unit_id is 'The unit; an outcome''s id as text.';
comment on column private.marked_units.tx is 'The transaction that took rows away.';
