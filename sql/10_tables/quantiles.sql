-- Quantiles cannot be added up: they are computed from all values, off the results' path, and kept. Derived; no foreign keys.
create table private.quantile_results (
  workspace_id uuid not null,
  experiment_id uuid not null,
  metric_id uuid not null,
  fingerprint text not null,
  reason_code text,
  took interval not null,
  computed_at timestamptz not null,
  primary key (experiment_id, metric_id)
);

comment on table private.quantile_results is 'One row per experiment × quantile metric: of which numbers its readouts were made, and when.';
comment on column private.quantile_results.workspace_id is 'The workspace.';
comment on column private.quantile_results.experiment_id is 'The experiment.';
comment on column private.quantile_results.metric_id is 'The metric.';
comment on column private.quantile_results.fingerprint is 'Of the moments and rules that it was computed by: another one makes it stale.';
comment on column private.quantile_results.reason_code is 'too_large when there are more values than are sorted; else null.';
comment on column private.quantile_results.took is 'How long it took: what takes long is computed less often.';
comment on column private.quantile_results.computed_at is 'When.';

create table private.quantile_readouts (
  workspace_id uuid not null,
  experiment_id uuid not null,
  metric_id uuid not null,
  phase_id uuid not null,
  variant_id uuid not null,
  is_treated boolean not null,
  dimension text not null,
  segment text not null,
  is_closed boolean not null,
  n double precision not null,
  value double precision,
  variance double precision,
  spread double precision,
  primary key (experiment_id, metric_id, phase_id, variant_id, is_treated, dimension, segment, is_closed)
);

comment on table private.quantile_readouts is 'One row per experiment × quantile metric × phase × variant that is compared × its two arms × segment, of all units and of those whose window is closed: what the arm says.';
comment on column private.quantile_readouts.workspace_id is 'The workspace.';
comment on column private.quantile_readouts.experiment_id is 'The experiment.';
comment on column private.quantile_readouts.metric_id is 'The metric.';
comment on column private.quantile_readouts.phase_id is 'The phase.';
comment on column private.quantile_readouts.variant_id is 'The variant that is compared.';
comment on column private.quantile_readouts.is_treated is 'Its own arm, or its control, which stops counting with it.';
comment on column private.quantile_readouts.dimension is 'all, intent, or attribute:<name>.';
comment on column private.quantile_readouts.segment is 'The value of the dimension; empty for all.';
comment on column private.quantile_readouts.is_closed is 'Of the units whose attribution window was closed when it was computed; else of all.';
comment on column private.quantile_readouts.n is 'Units with a value.';
comment on column private.quantile_readouts.value is 'The quantile.';
comment on column private.quantile_readouts.variance is 'Its squared standard error.';
comment on column private.quantile_readouts.spread is 'variance² / (n - 1).';
