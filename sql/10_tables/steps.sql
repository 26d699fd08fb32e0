-- How far units got in a workflow, and what they brought: sums by step, made anew in passes over an experiment's units.
-- A pass goes by some thousand units a tick, and is told when it has seen all of them. Derived; no foreign keys, as in units.sql.
create table private.step_passes (
  experiment_id uuid primary key,
  workspace_id uuid not null,
  is_due boolean not null default true,
  signature text,
  reached text,
  began_as_of timestamptz,
  told_as_of timestamptz,
  touched_at timestamptz
) with (fillfactor = 50);

comment on table private.step_passes is 'One row per experiment: its running pass over all units, and the last one that ended. Derived.';
comment on column private.step_passes.experiment_id is 'The experiment.';
comment on column private.step_passes.workspace_id is 'The workspace.';
comment on column private.step_passes.is_due is 'Calls came, or numbers moved, since the last pass began; or there was none.';
comment on column private.step_passes.signature is 'What the last pass that began found in the moments.';
comment on column private.step_passes.reached is 'The last unit that the running pass has seen; null while none runs.';
comment on column private.step_passes.began_as_of is 'What was committed before this moment the running pass counts.';
comment on column private.step_passes.told_as_of is 'The same of the last pass that ended.';
comment on column private.step_passes.touched_at is 'When a pass last went on: experiments take turns.';

create table private.step_tallies (
  workspace_id uuid not null,
  experiment_id uuid not null,
  is_told boolean not null,
  metric_id uuid not null,
  phase_id uuid not null,
  variant_id uuid not null,
  place integer not null,
  units bigint not null,
  completed bigint not null,
  counted bigint not null,
  n numeric not null,
  y numeric not null,
  primary key (experiment_id, is_told, metric_id, phase_id, variant_id, place)
);

comment on table private.step_tallies is 'One row per experiment × metric × phase × arm × step, of the last pass that ended and of the one that runs. Derived.';
comment on column private.step_tallies.workspace_id is 'The workspace.';
comment on column private.step_tallies.experiment_id is 'The experiment.';
comment on column private.step_tallies.is_told is 'True for the last pass that ended.';
comment on column private.step_tallies.metric_id is 'The metric, or the id under which a control is counted until a rollback.';
comment on column private.step_tallies.phase_id is 'The phase that its units entered in.';
comment on column private.step_tallies.variant_id is 'Their arm.';
comment on column private.step_tallies.place is 'The step; 0 is before the first one.';
comment on column private.step_tallies.units is 'Units whose last step it was.';
comment on column private.step_tallies.completed is 'Units that had a call of it without an error, whether or not they went on.';
comment on column private.step_tallies.counted is 'Of those who stopped here, the units that count for the metric.';
comment on column private.step_tallies.n is 'What their sum is divided by: as many, or the denominators of a ratio.';
comment on column private.step_tallies.y is 'Exact sum of what they brought.';

create table private.step_watermark (
  one boolean primary key default true constraint step_watermark_one check (one),
  lo bigint not null default 0
) with (fillfactor = 50);

insert into private.step_watermark default values;

comment on table private.step_watermark is 'Up to which transaction new calls have made passes due.';
comment on column private.step_watermark.one is 'There is one row.';
comment on column private.step_watermark.lo is 'The first transaction whose calls nobody has looked at.';
