-- The cube: what happened in each slice of an experiment, split by a hash of the unit into 64 buckets, so that any filter
-- has a standard error. Written by compact_slices alone and made of raw rows; no foreign keys, as in units.sql.
create table private.cube_cells (
  workspace_id uuid not null,
  experiment_id uuid not null,
  metric_id uuid not null,
  phase_id uuid not null,
  variant_id uuid not null,
  standing text not null,
  intent text not null,
  action text not null,
  model text not null,
  day date not null,
  y numeric[] not null,
  d numeric[] not null,
  primary key (experiment_id, day, metric_id, phase_id, variant_id, standing, intent, action, model)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);

comment on table private.cube_cells is E'One row per experiment × metric × phase × arm × standing × intent × action × model × day of the event: exact sums by bucket of the unit.\nThe row of the day infinity is the total of all days. A bucket in which nothing happened is null. Derived.';
comment on column private.cube_cells.workspace_id is 'The workspace.';
comment on column private.cube_cells.experiment_id is 'The experiment.';
comment on column private.cube_cells.metric_id is 'The metric.';
comment on column private.cube_cells.phase_id is 'The phase that the units entered in.';
comment on column private.cube_cells.variant_id is 'Their arm.';
comment on column private.cube_cells.standing is 'counted, bot or switcher.';
comment on column private.cube_cells.intent is 'The intent of the units'' first exposure as text; empty for none, (other) beyond forty.';
comment on column private.cube_cells.action is 'The action of the call as text; empty for none, (other) beyond forty.';
comment on column private.cube_cells.model is 'The model that answered the call; empty for none, (other) beyond forty.';
comment on column private.cube_cells.day is 'The day of the event, UTC; infinity for all days.';
comment on column private.cube_cells.y is 'What is above the line, bucket by bucket: the sum of values, or of a ratio''s numerator.';
comment on column private.cube_cells.d is 'What is below it: how many calls or outcomes, or the sum of a ratio''s denominator.';

create table private.cube_experiments (
  experiment_id uuid primary key,
  rules text not null,
  lo bigint not null,
  system_identifier text
);

comment on table private.cube_experiments is 'How far each experiment is counted in the cube, and by which rules.';
comment on column private.cube_experiments.experiment_id is 'The experiment.';
comment on column private.cube_experiments.rules is 'What its cells depend on besides raw rows; when that changes they are computed anew.';
comment on column private.cube_experiments.lo is 'The transactions before this one are counted.';
comment on column private.cube_experiments.system_identifier is 'The cluster whose transaction that is.';

create table private.cube_values (
  experiment_id uuid not null,
  dimension text not null,
  value text not null,
  primary key (experiment_id, dimension, value)
);

comment on table private.cube_values is 'The values that have cells of their own: the first forty of a dimension that were counted.';
comment on column private.cube_values.experiment_id is 'The experiment.';
comment on column private.cube_values.dimension is 'intent, action or model.';
comment on column private.cube_values.value is 'The value.';

create table private.cube_marks (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null,
  unit_kind text not null,
  bucket integer,
  tx bigint not null default (pg_current_xact_id()::text::bigint)
);

comment on table private.cube_marks is 'Buckets from whose units raw rows were taken away: they are computed anew. Nobody is named.';
comment on column private.cube_marks.id is 'Time-ordered uuid.';
comment on column private.cube_marks.workspace_id is 'The workspace.';
comment on column private.cube_marks.unit_kind is 'subject or conversation; outcome for one that said neither.';
comment on column private.cube_marks.bucket is 'The unit''s bucket; null when nobody knows whose the rows were.';
comment on column private.cube_marks.tx is 'The transaction that took rows away.';

-- A call that comes after its outcome, when the source named the subject too: its conversation may be news.
create index outcome_places_named on private.outcome_places (workspace_id, inference_id)
  where said_subject is not null and inference_id is not null;
