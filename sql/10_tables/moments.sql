-- Sums over units, by arm, cohort and declared segment: what a page reads. An effect and its standard error follow from
-- them without a look at subjects. Written by the compactor alone; no foreign keys, as in units.sql.
create table private.effect_moments (
  workspace_id uuid not null,
  experiment_id uuid not null,
  metric_id uuid not null,
  phase_id uuid not null,
  variant_id uuid not null,
  standing text not null,
  dimension text not null,
  segment text not null,
  entry_day date not null,
  units_with_value bigint not null,
  outcomes_used bigint not null,
  outcomes_before bigint not null,
  outcomes_after bigint not null,
  y numeric not null,
  d numeric not null,
  x numeric not null,
  w numeric not null,
  yy numeric not null,
  yd numeric not null,
  yx numeric not null,
  yw numeric not null,
  dd numeric not null,
  dx numeric not null,
  dw numeric not null,
  xx numeric not null,
  xw numeric not null,
  ww numeric not null,
  primary key (experiment_id, metric_id, phase_id, variant_id, standing, dimension, segment, entry_day)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);

create index effect_moments_totals on private.effect_moments (experiment_id, dimension, metric_id)
  where entry_day = 'infinity';
create index effect_moments_cohorts on private.effect_moments (experiment_id, dimension, entry_day) where entry_day < 'infinity';

comment on table private.effect_moments is E'One row per experiment × metric × phase × arm × standing × segment × cohort: sums over its units that have an event.\nThe row of the day infinity is the total of all cohorts. Units without an event are in unit_cells alone, and are zero here. Derived.';
comment on column private.effect_moments.workspace_id is 'The workspace.';
comment on column private.effect_moments.experiment_id is 'The experiment.';
comment on column private.effect_moments.metric_id is 'The metric.';
comment on column private.effect_moments.phase_id is 'The phase that its units entered in.';
comment on column private.effect_moments.variant_id is 'Their arm.';
comment on column private.effect_moments.standing is 'counted, bot or switcher.';
comment on column private.effect_moments.dimension is 'all, intent, or attribute:<name>.';
comment on column private.effect_moments.segment is 'The value of the dimension as text; empty for all, and for units that have none.';
comment on column private.effect_moments.entry_day is 'The day, UTC, on which its units entered; infinity for all days.';
comment on column private.effect_moments.units_with_value is 'Units with an event inside the window.';
comment on column private.effect_moments.outcomes_used is 'Events inside the window.';
comment on column private.effect_moments.outcomes_before is 'Events before the first exposure.';
comment on column private.effect_moments.outcomes_after is 'Events after the window.';
comment on column private.effect_moments.y is 'Exact sum over units of y.';
comment on column private.effect_moments.d is 'Exact sum over units of d.';
comment on column private.effect_moments.x is 'Exact sum over units of x.';
comment on column private.effect_moments.w is 'Exact sum over units of w.';
comment on column private.effect_moments.yy is 'Exact sum over units of y².';
comment on column private.effect_moments.yd is 'Exact sum over units of y·d.';
comment on column private.effect_moments.yx is 'Exact sum over units of y·x.';
comment on column private.effect_moments.yw is 'Exact sum over units of y·w.';
comment on column private.effect_moments.dd is 'Exact sum over units of d².';
comment on column private.effect_moments.dx is 'Exact sum over units of d·x.';
comment on column private.effect_moments.dw is 'Exact sum over units of d·w.';
comment on column private.effect_moments.xx is 'Exact sum over units of x².';
comment on column private.effect_moments.xw is 'Exact sum over units of x·w.';
comment on column private.effect_moments.ww is 'Exact sum over units of w².';

create table private.unit_cells (
  workspace_id uuid not null,
  experiment_id uuid not null,
  phase_id uuid not null,
  variant_id uuid not null,
  standing text not null,
  dimension text not null,
  segment text not null,
  entry_day date not null,
  units bigint not null,
  primary key (experiment_id, phase_id, variant_id, standing, dimension, segment, entry_day)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);

create index unit_cells_totals on private.unit_cells (experiment_id, dimension) where entry_day = 'infinity';
create index unit_cells_cohorts on private.unit_cells (experiment_id, dimension, entry_day) where entry_day < 'infinity';

comment on table private.unit_cells is E'One row per experiment × phase × arm × standing × segment × cohort: how many units it has.\nThe row of the day infinity is the total of all cohorts. Derived.';
comment on column private.unit_cells.workspace_id is 'The workspace.';
comment on column private.unit_cells.experiment_id is 'The experiment.';
comment on column private.unit_cells.phase_id is 'The phase.';
comment on column private.unit_cells.variant_id is 'The arm.';
comment on column private.unit_cells.standing is 'counted, bot or switcher.';
comment on column private.unit_cells.dimension is 'all, intent, or attribute:<name>.';
comment on column private.unit_cells.segment is 'The value of the dimension as text; empty for all, and for units that have none.';
comment on column private.unit_cells.entry_day is 'The day of entry, UTC; infinity for all days.';
comment on column private.unit_cells.units is 'How many.';

create table private.restatements (
  workspace_id uuid not null,
  experiment_id uuid not null,
  metric_id uuid not null,
  phase_id uuid not null,
  variant_id uuid not null,
  entry_day date not null,
  restated_on date not null,
  restated_at timestamptz not null,
  times integer not null default 1,
  units_before bigint not null,
  units_after bigint not null,
  sum_before numeric not null,
  sum_after numeric not null,
  primary key (experiment_id, metric_id, phase_id, variant_id, entry_day, restated_on)
);

comment on table private.restatements is 'Cohorts whose numbers changed after their window was closed, once a day of change.';
comment on column private.restatements.workspace_id is 'The workspace.';
comment on column private.restatements.experiment_id is 'The experiment.';
comment on column private.restatements.metric_id is 'The metric.';
comment on column private.restatements.phase_id is 'The phase.';
comment on column private.restatements.variant_id is 'The arm.';
comment on column private.restatements.entry_day is 'The cohort: the day on which its units entered.';
comment on column private.restatements.restated_on is 'The day of the change, UTC.';
comment on column private.restatements.restated_at is 'The last change of that day.';
comment on column private.restatements.times is 'How many times that day.';
comment on column private.restatements.units_before is 'Units with a value before the day''s first change.';
comment on column private.restatements.units_after is 'And after its last.';
comment on column private.restatements.sum_before is 'Sum of the units'' values before the day''s first change.';
comment on column private.restatements.sum_after is 'And after its last.';

create table private.watermark (
  one boolean primary key default true constraint watermark_one check (one),
  lo bigint not null default 0,
  system_identifier text,
  step bigint not null default 1000000000,
  covers_until timestamptz not null default '-infinity',
  compacted_at timestamptz not null default now(),
  rebuilt_at timestamptz not null default now()
) with (fillfactor = 50);

insert into private.watermark default values;

comment on table private.watermark is 'How far the compactor has come: every transaction before lo is counted, none from lo on.';
comment on column private.watermark.one is 'There is one row.';
comment on column private.watermark.lo is 'The first transaction that is not counted yet.';
comment on column private.watermark.system_identifier is 'The cluster that transaction ids are of: another one after a logical restore.';
comment on column private.watermark.step is 'How many transactions a tick takes at most; follows how long ticks take.';
comment on column private.watermark.covers_until is 'What was committed before this moment is counted.';
comment on column private.watermark.compacted_at is 'When the last tick ended.';
comment on column private.watermark.rebuilt_at is 'When an experiment that was held was last computed anew.';

create table private.stale_experiments (
  experiment_id uuid not null,
  tx bigint not null default (pg_current_xact_id()::text::bigint),
  primary key (experiment_id, tx)
);

comment on table private.stale_experiments is 'Experiments whose rules of counting changed: the compactor rebuilds them when that transaction is over.';
comment on column private.stale_experiments.experiment_id is 'The experiment.';
comment on column private.stale_experiments.tx is 'The transaction that changed them.';

create table private.counted_experiments (
  experiment_id uuid primary key,
  rules_hash text not null,
  cut_phases uuid[] not null default '{}',
  cut_variants uuid[] not null default '{}'
);

comment on table private.counted_experiments is 'By which rules an experiment was counted, so that an edit that changes none of them rebuilds nothing.';
comment on column private.counted_experiments.experiment_id is 'The experiment.';
comment on column private.counted_experiments.cut_phases is 'The phases in which a variant was rolled back, as far as it is counted.';
comment on column private.counted_experiments.cut_variants is 'The variant of each of them.';
comment on column private.counted_experiments.rules_hash is 'SHA-256 of its metrics, windows, folds, segments, unit, environment and cuts.';

create table private.held_experiments (
  workspace_id uuid not null,
  experiment_id uuid primary key,
  reason text not null constraint held_experiments_reason_known check (reason in ('rules_changed', 'failed')),
  sqlstate text,
  message text,
  held_since timestamptz not null default now(),
  tries integer not null default 0,
  retry_at timestamptz not null default now()
);

comment on table private.held_experiments is 'Experiments that ticks pass over until they are computed anew: their rules changed, or counting them failed.';
comment on column private.held_experiments.workspace_id is 'The workspace.';
comment on column private.held_experiments.experiment_id is 'The experiment.';
comment on column private.held_experiments.reason is 'rules_changed or failed.';
comment on column private.held_experiments.sqlstate is 'What Postgres said when counting it failed.';
comment on column private.held_experiments.message is 'The same in words.';
comment on column private.held_experiments.held_since is 'Since when its numbers stand still.';
comment on column private.held_experiments.tries is 'How often it was computed anew in vain.';
comment on column private.held_experiments.retry_at is 'When it is tried again.';

create table private.late_workspaces (
  workspace_id uuid primary key
    constraint late_workspaces_workspace_id_fkey references public.workspaces (id) on delete cascade,
  sqlstate text not null,
  message text not null,
  late_since timestamptz not null default now(),
  tries integer not null default 0,
  retry_at timestamptz not null default now()
);

comment on table private.late_workspaces is 'Workspaces whose outcomes could not be placed: ticks pass over them, and place them anew when that succeeds.';
comment on column private.late_workspaces.workspace_id is 'The workspace.';
comment on column private.late_workspaces.sqlstate is 'What Postgres said when placing failed.';
comment on column private.late_workspaces.message is 'The same in words.';
comment on column private.late_workspaces.late_since is 'Since when.';
comment on column private.late_workspaces.tries is 'How often it was tried again in vain.';
comment on column private.late_workspaces.retry_at is 'When it is tried again.';

-- What an experiment has said before: an interval that holds at all looks may be cut by each of them, and a decision that
-- was reached is not taken back by a later look. A look at each day's end, and one an hour between. No foreign keys, as in units.sql.
create table private.sequence_bounds (
  workspace_id uuid not null,
  experiment_id uuid not null,
  metric_id uuid not null,
  variant_id uuid not null,
  low double precision not null,
  high double precision not null,
  p_value double precision not null,
  primary key (experiment_id, metric_id, variant_id)
) with (fillfactor = 80);

comment on table private.sequence_bounds is 'One row per experiment × metric × variant: what the any-time intervals of all looks so far hold together. Derived.';
comment on column private.sequence_bounds.workspace_id is 'The workspace.';
comment on column private.sequence_bounds.experiment_id is 'The experiment.';
comment on column private.sequence_bounds.metric_id is 'The metric.';
comment on column private.sequence_bounds.variant_id is 'The variant.';
comment on column private.sequence_bounds.low is 'The largest of the lower ends.';
comment on column private.sequence_bounds.high is 'The smallest of the upper ends.';
comment on column private.sequence_bounds.p_value is 'The smallest p.';

create table private.sequence_looks (
  workspace_id uuid not null,
  experiment_id uuid not null,
  metric_id uuid not null,
  looked_until date not null,
  looked_at timestamptz not null,
  rules_hash text not null,
  primary key (experiment_id, metric_id)
) with (fillfactor = 80);

comment on table private.sequence_looks is 'One row per experiment × metric: up to which cohort it was looked at, and by which rules its numbers were then.';
comment on column private.sequence_looks.workspace_id is 'The workspace.';
comment on column private.sequence_looks.experiment_id is 'The experiment.';
comment on column private.sequence_looks.metric_id is 'The metric.';
comment on column private.sequence_looks.looked_until is 'The last day of entry, UTC, that was looked at.';
comment on column private.sequence_looks.looked_at is 'When it was last asked whether there is something new to look at.';
comment on column private.sequence_looks.rules_hash is 'The rules that it was counted by: others begin the looks anew.';
