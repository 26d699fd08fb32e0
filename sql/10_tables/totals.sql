-- Days and hours by one thing at a time: all of them, an action, an intent, or a model. A series that is cut by at most one
-- of these reads a row a day here, where the tier's cells are hundreds. Kept by triggers on the cells, in their transaction.
create table private.day_totals (
  workspace_id uuid not null constraint day_totals_workspace_id_fkey references public.workspaces (id) on delete restrict,
  environment_id uuid not null,
  metric_id uuid not null,
  dimension text not null constraint day_totals_dimension_check check (dimension in ('all', 'action', 'intent', 'model')),
  segment text not null,
  day date not null,
  capability_id uuid not null,
  n bigint not null,
  y numeric not null,
  d numeric not null,
  primary key (workspace_id, environment_id, metric_id, dimension, segment, day, capability_id)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);

comment on table private.day_totals is E'One row per environment × capability × UTC day × metric × dimension × segment: sums of the daily cells.\nDerived from them, exact.';
comment on column private.day_totals.workspace_id is 'The workspace.';
comment on column private.day_totals.environment_id is 'Where.';
comment on column private.day_totals.metric_id is 'The metric; the empty id for the unit-days themselves.';
comment on column private.day_totals.dimension is 'What is summed over: all, or those with the same action, intent or model.';
comment on column private.day_totals.segment is 'Which action, intent or model; empty for all.';
comment on column private.day_totals.day is 'The day in UTC.';
comment on column private.day_totals.capability_id is 'For which capability.';
comment on column private.day_totals.n is 'Unit-days: those that have a value of the metric, or all.';
comment on column private.day_totals.y is 'Sum of their values.';
comment on column private.day_totals.d is 'Sum of their denominators.';

create table private.hour_totals (
  workspace_id uuid not null constraint hour_totals_workspace_id_fkey references public.workspaces (id) on delete restrict,
  environment_id uuid not null,
  dimension text not null constraint hour_totals_dimension_check check (dimension in ('all', 'action', 'intent', 'model')),
  segment text not null,
  hour timestamptz not null,
  capability_id uuid not null,
  calls bigint not null,
  errors bigint not null,
  latency_ms numeric not null,
  priced_calls bigint not null,
  cost_usd numeric not null,
  metered_calls bigint not null,
  input_tokens numeric not null,
  output_tokens numeric not null,
  primary key (workspace_id, environment_id, dimension, segment, hour, capability_id)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);

comment on table private.hour_totals is E'One row per environment × capability × hour × dimension × segment: sums of the hours'' calls.\nDerived from them, exact.';
comment on column private.hour_totals.workspace_id is 'The workspace.';
comment on column private.hour_totals.environment_id is 'Where.';
comment on column private.hour_totals.dimension is 'What is summed over: all, or those with the same action, intent or model.';
comment on column private.hour_totals.segment is 'Which action, intent or model; empty for all.';
comment on column private.hour_totals.hour is 'The hour in UTC in which the calls began.';
comment on column private.hour_totals.capability_id is 'For which capability.';
comment on column private.hour_totals.calls is 'Calls.';
comment on column private.hour_totals.errors is 'Calls that failed.';
comment on column private.hour_totals.latency_ms is 'Sum of their milliseconds.';
comment on column private.hour_totals.priced_calls is 'Calls whose cost is known.';
comment on column private.hour_totals.cost_usd is 'Sum of their costs.';
comment on column private.hour_totals.metered_calls is 'Calls whose tokens are known.';
comment on column private.hour_totals.input_tokens is 'Sum of their tokens in.';
comment on column private.hour_totals.output_tokens is 'Sum of their tokens out.';
