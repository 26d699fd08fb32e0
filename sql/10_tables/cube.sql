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
  primary key (experiment_id, metric_id, intent, action, model, day, phase_id, variant_id, standing)
) with (fillfactor = 50, toast_tuple_target = 4000, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);

comment on table private.cube_cells is E'One row per experiment × metric × phase × arm × standing × intent × action × model × day of the event: exact sums by bucket of the unit.\nThe same once more for each intent, each action, each model and all together, whatever the others are: there the others are (all). A bucket in which nothing happened is null. Derived.';
comment on column private.cube_cells.workspace_id is 'The workspace.';
comment on column private.cube_cells.experiment_id is 'The experiment.';
comment on column private.cube_cells.metric_id is 'The metric.';
comment on column private.cube_cells.phase_id is 'The phase that the units entered in.';
comment on column private.cube_cells.variant_id is 'Their arm.';
comment on column private.cube_cells.standing is 'counted, bot or switcher.';
comment on column private.cube_cells.intent is 'The intent of the units'' first exposure as text; empty for none, (other) beyond forty, (all) for any.';
comment on column private.cube_cells.action is 'The action of the call as text; empty for none, (other) beyond forty, (all) for any.';
comment on column private.cube_cells.model is 'The model that answered the call; empty for none, (other) beyond forty, (all) for any.';
comment on column private.cube_cells.day is 'The day of the event, UTC.';
comment on column private.cube_cells.y is 'What is above the line, bucket by bucket: the sum of values, or of a ratio''s numerator.';
comment on column private.cube_cells.d is 'What is below it: how many calls or outcomes, or the sum of a ratio''s denominator.';

create table private.cube_watermark (
  one boolean primary key default true constraint cube_watermark_one check (one),
  lo bigint not null default 0,
  system_identifier text,
  step integer not null default 10000,
  news bigint not null default 0
) with (fillfactor = 50);

insert into private.cube_watermark default values;

comment on table private.cube_watermark is 'How far the cube has come: it has what the transactions before lo wrote, with units and places as they were when the last step looked.';
comment on column private.cube_watermark.one is 'There is one row.';
comment on column private.cube_watermark.lo is 'The first transaction that is not in the cube yet; never beyond the compactor''s.';
comment on column private.cube_watermark.system_identifier is 'The cluster whose transaction that is.';
comment on column private.cube_watermark.news is 'The last news that it took.';
comment on column private.cube_watermark.step is 'How many events a step takes, or thereabouts; follows how long steps take.';

create table private.cube_experiments (
  experiment_id uuid primary key,
  rules text not null,
  counted_to text default '',
  dirty integer[] not null default '{}'
);

comment on table private.cube_experiments is 'The experiments that the cube has, each by which rules.';
comment on column private.cube_experiments.experiment_id is 'The experiment.';
comment on column private.cube_experiments.rules is 'What its cells depend on besides raw rows; when that changes they are counted anew.';
comment on column private.cube_experiments.counted_to is 'Units beyond this one are not in the cube yet, while it is counted anew; null when all are.';
comment on column private.cube_experiments.dirty is 'Buckets from whose units raw rows were taken away: they are counted anew.';

create sequence private.cube_news_order;

comment on sequence private.cube_news_order is 'The order in which the compactor told news.';

create table private.cube_unit_news (
  id bigint primary key default nextval('private.cube_news_order'),
  experiment_id uuid not null,
  unit_id text not null,
  was jsonb
);

comment on table private.cube_unit_news is 'Units that the compactor changed since the last step of the cube.';
comment on column private.cube_unit_news.id is 'In the order of the changes.';
comment on column private.cube_unit_news.experiment_id is 'The experiment.';
comment on column private.cube_unit_news.unit_id is 'The unit.';
comment on column private.cube_unit_news.was is 'Its row of experiment_units as it was; null when there was none.';

create table private.cube_place_news (
  id bigint primary key default nextval('private.cube_news_order'),
  workspace_id uuid not null,
  outcome_id uuid not null,
  subject text,
  conversation text
);

comment on table private.cube_place_news is 'Outcomes that the compactor put elsewhere since the last step of the cube.';
comment on column private.cube_place_news.id is 'In the order of the changes.';
comment on column private.cube_place_news.workspace_id is 'The workspace.';
comment on column private.cube_place_news.outcome_id is 'The outcome.';
comment on column private.cube_place_news.subject is 'Whose it was; null for nobody''s.';
comment on column private.cube_place_news.conversation is 'Which conversation''s it was; null for none.';

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
  unit_kind text,
  bucket integer
);

comment on table private.cube_marks is 'What the next step of the cube has to count anew, because raw rows were taken away or too much happened since the last. Nobody is named.';
comment on column private.cube_marks.id is 'Time-ordered uuid.';
comment on column private.cube_marks.workspace_id is 'The workspace.';
comment on column private.cube_marks.unit_kind is 'subject or conversation: of the experiments whose units are such; null for all.';
comment on column private.cube_marks.bucket is 'The bucket of the unit; null for all.';
