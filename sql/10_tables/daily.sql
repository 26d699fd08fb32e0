-- The daily tier: what a day's customers came to, by what they met first that day. All of it is derived from raw rows by
-- compact_days and can be made again by rebuild_days; hence no foreign keys beyond the workspace.
create table private.unit_days (
  workspace_id uuid not null constraint unit_days_workspace_id_fkey references public.workspaces (id) on delete restrict,
  environment_id uuid not null,
  capability_id uuid not null,
  subject text not null,
  day date not null,
  first_at timestamptz not null,
  inference_id uuid not null,
  action_id uuid,
  intent_id uuid,
  prompt_version_id uuid not null,
  provider text not null,
  requested_model text not null,
  model text not null,
  folded jsonb not null default '{}',
  primary key (workspace_id, subject, environment_id, day, capability_id)
) with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);

comment on table private.unit_days is E'One row per subject × UTC day × environment × capability: the first inference of the day and what followed it.\nDerived from raw rows by compact_days, never the truth.';
comment on column private.unit_days.workspace_id is 'The workspace.';
comment on column private.unit_days.environment_id is 'Where.';
comment on column private.unit_days.capability_id is 'For which capability.';
comment on column private.unit_days.subject is 'Who: the unit. A conversation counts for its subject.';
comment on column private.unit_days.day is 'The day in UTC.';
comment on column private.unit_days.first_at is 'When the day''s first inference began.';
comment on column private.unit_days.inference_id is 'That inference; of two at once the smaller id.';
comment on column private.unit_days.action_id is 'Its action.';
comment on column private.unit_days.intent_id is 'Its intent.';
comment on column private.unit_days.prompt_version_id is 'Its version.';
comment on column private.unit_days.provider is 'Who ran its model.';
comment on column private.unit_days.requested_model is 'The model that was asked for.';
comment on column private.unit_days.model is 'The model that the provider says it used, else the one that was asked for.';
comment on column private.unit_days.folded is 'Metric id to {y, d}: the value of the events in [first_at, first_at + window), and the denominator, which is 1 but for ratios. A mean has its sum s and its count c beside it.';

create table private.daily_cells (
  id uuid primary key,
  workspace_id uuid not null
    constraint daily_cells_workspace_id_fkey references public.workspaces (id) on delete restrict,
  environment_id uuid not null,
  capability_id uuid not null,
  day date not null,
  metric_id uuid,
  action_id uuid,
  intent_id uuid,
  prompt_version_id uuid not null,
  provider text not null,
  requested_model text not null,
  model text not null,
  n bigint not null,
  y numeric not null default 0,
  yy numeric not null default 0,
  d numeric not null default 0,
  dd numeric not null default 0,
  yd numeric not null default 0
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);

create index daily_cells_days on private.daily_cells (workspace_id, environment_id, metric_id, day);

comment on table private.daily_cells is E'One row per environment × capability × UTC day × metric × first inference''s action, intent, version, provider and models: exact sums over unit-days.\nA row without a metric counts the unit-days themselves.';
comment on column private.daily_cells.id is 'Half the SHA-256 of what the cell is of, as private.cell_id makes it.';
comment on column private.daily_cells.workspace_id is 'The workspace.';
comment on column private.daily_cells.environment_id is 'Where.';
comment on column private.daily_cells.capability_id is 'For which capability.';
comment on column private.daily_cells.day is 'The day in UTC.';
comment on column private.daily_cells.metric_id is 'The metric; null for the unit-days themselves.';
comment on column private.daily_cells.action_id is 'The first inference''s action.';
comment on column private.daily_cells.intent_id is 'Its intent.';
comment on column private.daily_cells.prompt_version_id is 'Its version.';
comment on column private.daily_cells.provider is 'Who ran its model.';
comment on column private.daily_cells.requested_model is 'The model that was asked for.';
comment on column private.daily_cells.model is 'The model that was used.';
comment on column private.daily_cells.n is 'Unit-days: those that have a value of the metric, or all.';
comment on column private.daily_cells.y is 'Sum of their values.';
comment on column private.daily_cells.yy is 'Sum of the squares.';
comment on column private.daily_cells.d is 'Sum of their denominators.';
comment on column private.daily_cells.dd is 'Sum of the squares of denominators.';
comment on column private.daily_cells.yd is 'Sum of the products.';

create table private.hourly_calls (
  id uuid primary key,
  workspace_id uuid not null
    constraint hourly_calls_workspace_id_fkey references public.workspaces (id) on delete restrict,
  environment_id uuid not null,
  capability_id uuid not null,
  hour timestamptz not null,
  action_id uuid,
  intent_id uuid,
  prompt_version_id uuid not null,
  provider text not null,
  requested_model text not null,
  model text not null,
  calls bigint not null,
  errors bigint not null,
  latency_ms numeric not null,
  latency_squares numeric not null,
  priced_calls bigint not null,
  cost_usd numeric not null,
  metered_calls bigint not null,
  input_tokens numeric not null,
  output_tokens numeric not null
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);

create index hourly_calls_hours on private.hourly_calls (workspace_id, environment_id, hour);

comment on table private.hourly_calls is E'One row per environment × capability × hour × action, intent, version, provider and models: exact sums over calls.\nFor operations only: calls are not customers, so no effect is computed from it.';
comment on column private.hourly_calls.id is 'Half the SHA-256 of what the cell is of, as private.cell_id makes it.';
comment on column private.hourly_calls.workspace_id is 'The workspace.';
comment on column private.hourly_calls.environment_id is 'Where.';
comment on column private.hourly_calls.capability_id is 'For which capability.';
comment on column private.hourly_calls.hour is 'The hour in UTC in which the call began.';
comment on column private.hourly_calls.action_id is 'The action.';
comment on column private.hourly_calls.intent_id is 'The intent.';
comment on column private.hourly_calls.prompt_version_id is 'The version.';
comment on column private.hourly_calls.provider is 'Who ran the model.';
comment on column private.hourly_calls.requested_model is 'The model that was asked for.';
comment on column private.hourly_calls.model is 'The model that was used.';
comment on column private.hourly_calls.calls is 'Calls.';
comment on column private.hourly_calls.errors is 'Calls that failed.';
comment on column private.hourly_calls.latency_ms is 'Sum of their milliseconds.';
comment on column private.hourly_calls.latency_squares is 'Sum of the squares.';
comment on column private.hourly_calls.priced_calls is 'Calls whose cost is known.';
comment on column private.hourly_calls.cost_usd is 'Sum of their costs.';
comment on column private.hourly_calls.metered_calls is 'Calls whose tokens are known.';
comment on column private.hourly_calls.input_tokens is 'Sum of their tokens in.';
comment on column private.hourly_calls.output_tokens is 'Sum of their tokens out.';

create table private.model_sightings (
  workspace_id uuid not null
    constraint model_sightings_workspace_id_fkey references public.workspaces (id) on delete restrict,
  environment_id uuid not null,
  provider text not null,
  requested_model text not null,
  resolved_model text not null,
  first_at timestamptz not null,
  change_id uuid,
  primary key (workspace_id, environment_id, provider, requested_model, resolved_model)
);

comment on table private.model_sightings is E'One row per model that a provider said it used for a model that was asked for: since when.\nEvery one but the earliest has its row in the ledger.';
comment on column private.model_sightings.workspace_id is 'The workspace.';
comment on column private.model_sightings.environment_id is 'Where.';
comment on column private.model_sightings.provider is 'The provider.';
comment on column private.model_sightings.requested_model is 'The model that was asked for.';
comment on column private.model_sightings.resolved_model is 'The model that was used.';
comment on column private.model_sightings.first_at is 'The first call that got it, by the caller''s clock.';
comment on column private.model_sightings.change_id is 'The ledger''s row that tells of it; null for the earliest.';

create table private.marked_days (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint marked_days_workspace_id_fkey references public.workspaces (id) on delete cascade,
  subject text not null,
  at timestamptz,
  tx bigint not null default (pg_current_xact_id()::text::bigint)
);

create index marked_days_workspace_id on private.marked_days (workspace_id);

comment on table private.marked_days is 'One row per subject whose unit-days are to be computed anew, because raw rows were taken away, or an outcome has found another place.';
comment on column private.marked_days.id is 'Time-ordered uuid.';
comment on column private.marked_days.workspace_id is 'The workspace.';
comment on column private.marked_days.subject is 'The subject.';
comment on column private.marked_days.at is 'When the outcome occurred: only days whose windows may hold it; null for all days.';
comment on column private.marked_days.tx is 'The transaction that took or moved them.';

create table private.daily_definitions (
  metric_id uuid primary key,
  workspace_id uuid not null
    constraint daily_definitions_workspace_id_fkey references public.workspaces (id) on delete restrict,
  definition text not null
);

create index daily_definitions_workspace_id on private.daily_definitions (workspace_id);

comment on table private.daily_definitions is 'One row per metric that the daily tier holds: how it was defined then.';
comment on column private.daily_definitions.metric_id is 'The metric.';
comment on column private.daily_definitions.workspace_id is 'The workspace.';
comment on column private.daily_definitions.definition is 'Its parts as text: another text, and the days are computed anew.';

create table private.daily_watermark (
  one boolean primary key default true constraint daily_watermark_one check (one),
  lo bigint not null default 0,
  step bigint not null default 1000,
  covers_until timestamptz not null default '-infinity',
  compacted_at timestamptz not null default now(),
  kept_from date not null default '-infinity'
) with (fillfactor = 50);

insert into private.daily_watermark default values;

comment on table private.daily_watermark is 'One row: up to which transaction the daily tier has counted. It may lag behind the compactor, never run ahead.';
comment on column private.daily_watermark.one is 'True: there is one row.';
comment on column private.daily_watermark.lo is 'The first transaction that is not counted yet.';
comment on column private.daily_watermark.step is 'How many transactions a tick takes at most; follows how long ticks take.';
comment on column private.daily_watermark.covers_until is 'What was committed before this moment is counted.';
comment on column private.daily_watermark.compacted_at is 'When the last tick ended.';
comment on column private.daily_watermark.kept_from is 'The first day of which all raw rows are there. Days before it stay as they were counted.';
