create or replace view public.restatements with (security_invoker = true) as
select r.workspace_id, r.experiment_id, r.metric_id, m.key as metric_key, r.phase_id, r.variant_id, v.key as variant_key,
  r.entry_day, r.restated_on, r.restated_at, r.times, r.units_before, r.units_after,
  r.sum_before::double precision as sum_before, r.sum_after::double precision as sum_after
from private.restatements r
join public.outcome_metrics m on m.id = r.metric_id
join public.variants v on v.id = r.variant_id;

comment on view public.restatements is E'One row per experiment × metric × phase × arm × cohort × day of change: numbers that moved after their window was closed.\nLate data changes the cohort that it belongs to; here stands by how much, and when.';
comment on column public.restatements.workspace_id is 'The workspace.';
comment on column public.restatements.experiment_id is 'The experiment.';
comment on column public.restatements.metric_id is 'The metric.';
comment on column public.restatements.metric_key is 'Its key.';
comment on column public.restatements.phase_id is 'The phase.';
comment on column public.restatements.variant_id is 'The arm.';
comment on column public.restatements.variant_key is 'Its key.';
comment on column public.restatements.entry_day is 'The cohort: the day, UTC, on which its units entered.';
comment on column public.restatements.restated_on is 'The day of the change, UTC.';
comment on column public.restatements.restated_at is 'The last change of that day.';
comment on column public.restatements.times is 'How many ticks changed it that day.';
comment on column public.restatements.units_before is 'Units with a value before the day''s first change.';
comment on column public.restatements.units_after is 'And after its last.';
comment on column public.restatements.sum_before is 'Sum of the units'' values before the day''s first change.';
comment on column public.restatements.sum_after is 'And after its last.';
