-- From raw rows to effects in four steps that can each be read on their own:
-- what is compared → one number a subject → moments a phase and arm → one contrast.
create or replace view private.comparisons with (security_invoker = true) as
select e.workspace_id, e.id as experiment_id, e.key as experiment_key, e.environment_id,
  case e.unit when 'conversation' then 'conversation' else 'subject' end as unit_kind,
  v.id as variant_id, v.key as variant_key, v.name as variant_name, c.id as control_variant_id,
  m.id as metric_id, m.key as metric_key, m.name as metric_name, m.kind as metric_kind, m.unit as metric_unit,
  m.direction as metric_direction, em.role as metric_role, m.when_absent,
  private.fold_of(m) as per_subject,
  -- Seconds, not days: a window is as long in the night when clocks change.
  make_interval(secs => extract(epoch from m.attribution_window)::double precision) as attribution_window
from public.experiments e
join public.variants v on v.experiment_id = e.id and not v.is_control
join public.variants c on c.experiment_id = e.id and c.is_control
join public.experiment_metrics em on em.experiment_id = e.id
join public.outcome_metrics m on m.id = em.metric_id;

comment on view private.comparisons is 'One row per experiment × variant that is not the control × metric: what is compared with what, and how.';

create or replace view private.phase_cuts with (security_invoker = true) as
select p.id as phase_id, r.variant_id, min(r.rolled_back_at) as counts_until
from public.experiment_phases p
join public.variant_rollbacks r
  on r.workspace_id = p.workspace_id and r.experiment_id = p.experiment_id and r.phase_number >= p.number
group by p.id, r.variant_id;

comment on view private.phase_cuts is E'One row per phase × variant that was rolled back in or after it: when.\nFrom then on the phase''s subjects got something else, whether or not the variant came back.';

create or replace view private.comparison_subjects with (security_invoker = true) as
select c.experiment_id, c.variant_id, c.metric_id, a.phase_id, a.variant_id = c.variant_id as is_treated, a.unit_id,
  coalesce(
    case c.per_subject when 'max' then max(o.value) when 'sum' then sum(o.value) else avg(o.value) end,
    case c.when_absent when 'zero' then 0 end) as value
from private.comparisons c
join public.assignments a
  on a.workspace_id = c.workspace_id and a.experiment_id = c.experiment_id
  and a.variant_id in (c.variant_id, c.control_variant_id)
join public.experiment_phase_arms treated on treated.phase_id = a.phase_id and treated.variant_id = c.variant_id
join public.experiment_phase_arms control on control.phase_id = a.phase_id and control.variant_id = c.control_variant_id
left join private.phase_cuts cut on cut.phase_id = a.phase_id and cut.variant_id = c.variant_id
left join private.unit_outcomes o
  on o.workspace_id = c.workspace_id and o.environment_id = c.environment_id and o.metric_id = c.metric_id
  and o.unit_kind = c.unit_kind and o.unit_id = a.unit_id
  and o.occurred_at >= a.assigned_at
  and o.occurred_at < least(a.assigned_at + c.attribution_window, coalesce(cut.counts_until, 'infinity'))
group by c.experiment_id, c.variant_id, c.metric_id, c.per_subject, c.when_absent, a.phase_id, a.variant_id, a.unit_id;

comment on view private.comparison_subjects is E'One row per comparison × subject of its two arms, in the phases that had both: the subject''s value.\nAs assigned. Outcomes count from the first exposure to the end of the window, the end excluded, and not after the variant was rolled back. Null when the subject has none and absence is excluded.';

create or replace view private.comparison_cells with (security_invoker = true) as
select s.experiment_id, s.variant_id, s.metric_id, s.phase_id, s.is_treated,
  count(s.value)::double precision as n,
  avg(s.value) as mean,
  -- Equal values have no variance at all; rounding would leave a little.
  case when min(s.value) = max(s.value) and count(s.value) > 1 then 0 else var_samp(s.value) end as variance
from private.comparison_subjects s
group by s.experiment_id, s.variant_id, s.metric_id, s.phase_id, s.is_treated;

comment on view private.comparison_cells is 'One row per comparison × phase × arm: n, mean and variance of the subjects'' values.';

create or replace function private.moments_of(experiment_id uuid) returns table (
  variant_id uuid, metric_id uuid, all_control double precision, all_variant double precision,
  pooled_control double precision, pooled_variant double precision,
  n_control double precision, n_variant double precision,
  mean_control double precision, mean_variant double precision,
  var_control double precision, var_variant double precision,
  spread_control double precision, spread_variant double precision
)
language sql stable rows 10
set search_path = ''
-- Fresh tables have no statistics, and a planner without them joins in ways that are quadratic in subjects.
set enable_nestloop = off
set enable_mergejoin = off
as $$
  with phases as (
    select c.variant_id, c.metric_id, c.phase_id,
      coalesce(max(c.n) filter (where not c.is_treated), 0) as n0,
      coalesce(max(c.n) filter (where c.is_treated), 0) as n1,
      max(c.mean) filter (where not c.is_treated) as m0, max(c.mean) filter (where c.is_treated) as m1,
      max(c.variance) filter (where not c.is_treated) as v0, max(c.variance) filter (where c.is_treated) as v1,
      count(*) filter (where c.n >= 2) = 2 as usable
    from private.comparison_cells c
    where c.experiment_id = moments_of.experiment_id
    group by c.variant_id, c.metric_id, c.phase_id
  ),
  weighed as (
    select p.*, (p.n0 + p.n1) / sum(p.n0 + p.n1) filter (where p.usable) over (
      partition by p.variant_id, p.metric_id) as w
    from phases p
  )
  select p.variant_id, p.metric_id, sum(p.n0), sum(p.n1),
    sum(p.n0 * p.m0) / nullif(sum(p.n0), 0), sum(p.n1 * p.m1) / nullif(sum(p.n1), 0),
    sum(p.n0) filter (where p.usable), sum(p.n1) filter (where p.usable),
    sum(p.w * p.m0) filter (where p.usable), sum(p.w * p.m1) filter (where p.usable),
    sum(p.w ^ 2 * p.v0 / p.n0) filter (where p.usable), sum(p.w ^ 2 * p.v1 / p.n1) filter (where p.usable),
    sum((p.w ^ 2 * p.v0 / p.n0) ^ 2 / (p.n0 - 1)) filter (where p.usable),
    sum((p.w ^ 2 * p.v1 / p.n1) ^ 2 / (p.n1 - 1)) filter (where p.usable)
  from weighed p
  group by p.variant_id, p.metric_id
$$;

comment on function private.moments_of(uuid) is E'An experiment''s comparisons, each with its phases put together by their number of subjects (post-stratified).\nA phase with fewer than two subjects in an arm has no variance there and is left out. spread_… are the terms of Welch and Satterthwaite''s degrees of freedom.';

create or replace view public.experiment_effects with (security_invoker = true) as
select e.workspace_id, e.id as experiment_id, c.experiment_key,
  c.metric_id, c.metric_key, c.metric_name, c.metric_kind, c.metric_unit, c.metric_direction, c.metric_role,
  c.variant_id, c.variant_key, c.variant_name, c.control_variant_id,
  coalesce(k.n_control, k.all_control, 0)::bigint as n_control,
  coalesce(k.n_variant, k.all_variant, 0)::bigint as n_variant,
  f.mean_control, f.mean_variant, f.difference, f.std_error, f.degrees_of_freedom,
  f.ci_low, f.ci_high, 0.95::double precision as confidence_level, f.p_value,
  l.lift, l.ci_low as lift_low, l.ci_high as lift_high,
  case
    when r.reason_code is not null then null
    when f.ci_low <= 0 and f.ci_high >= 0 then 'undecided'
    when (f.difference > 0) = (c.metric_direction = 'increase') then 'better'
    else 'worse'
  end as verdict,
  'welch_t'::text as method, 'A'::text as grade, r.reason_code, now() as as_of
from public.experiments e
cross join lateral (select h.srm_status from public.experiment_health h where h.experiment_id = e.id offset 0) as h
join private.comparisons c on c.experiment_id = e.id
left join lateral private.moments_of(e.id) k on k.variant_id = c.variant_id and k.metric_id = c.metric_id
cross join lateral (select c.metric_kind in ('proportion', 'mean', 'count', 'duration') as is_supported) as s
cross join lateral (
  select row(k.n_control, case when s.is_supported then coalesce(k.mean_control, k.pooled_control) end,
      k.var_control, k.spread_control)::stats.readout as control,
    row(k.n_variant, case when s.is_supported then coalesce(k.mean_variant, k.pooled_variant) end,
      k.var_variant, k.spread_variant)::stats.readout as variant
) as a
cross join lateral stats.contrast(a.control, a.variant) as f
cross join lateral stats.lift(a.control, a.variant) as l
cross join lateral (select case
  when not s.is_supported then 'kind_not_supported'
  when coalesce(k.all_control, 0) + coalesce(k.all_variant, 0) = 0 then 'no_subjects'
  when k.n_control is null then 'too_few_subjects'
  when f.std_error = 0 then 'zero_variance'
  when h.srm_status = 'mismatch' then 'sample_ratio_mismatch'
end as reason_code) as r;

comment on view public.experiment_effects is E'One row per experiment × variant that is not the control × metric: what the variant did to the outcome.\nBy subject, as assigned: difference of means against control, Welch''s t interval, relative lift. An effect that cannot be computed is null with a reason_code.';
comment on column public.experiment_effects.workspace_id is 'The workspace.';
comment on column public.experiment_effects.experiment_id is 'The experiment.';
comment on column public.experiment_effects.experiment_key is 'Its key.';
comment on column public.experiment_effects.metric_id is 'The outcome metric.';
comment on column public.experiment_effects.metric_key is 'Its key.';
comment on column public.experiment_effects.metric_name is 'Its name.';
comment on column public.experiment_effects.metric_kind is 'Its kind.';
comment on column public.experiment_effects.metric_unit is 'The unit of the means, the difference and its interval.';
comment on column public.experiment_effects.metric_direction is 'Which way is better.';
comment on column public.experiment_effects.metric_role is 'primary, secondary or guardrail in this experiment.';
comment on column public.experiment_effects.variant_id is 'The variant.';
comment on column public.experiment_effects.variant_key is 'Its key.';
comment on column public.experiment_effects.variant_name is 'Its name.';
comment on column public.experiment_effects.control_variant_id is 'The control that it is compared with.';
comment on column public.experiment_effects.n_control is 'Subjects of the control that count.';
comment on column public.experiment_effects.n_variant is 'Subjects of the variant that count.';
comment on column public.experiment_effects.mean_control is 'Mean over the control''s subjects; for a proportion, the rate.';
comment on column public.experiment_effects.mean_variant is 'Mean over the variant''s subjects.';
comment on column public.experiment_effects.difference is 'Variant minus control.';
comment on column public.experiment_effects.std_error is 'Standard error of the difference.';
comment on column public.experiment_effects.degrees_of_freedom is 'Welch and Satterthwaite''s.';
comment on column public.experiment_effects.ci_low is 'Lower end of the interval of the difference.';
comment on column public.experiment_effects.ci_high is 'Upper end.';
comment on column public.experiment_effects.confidence_level is 'Of the intervals.';
comment on column public.experiment_effects.p_value is 'Two-sided, for no difference.';
comment on column public.experiment_effects.lift is 'Difference relative to the control''s mean; null when that is not clearly above zero.';
comment on column public.experiment_effects.lift_low is 'Lower end of the interval of the lift.';
comment on column public.experiment_effects.lift_high is 'Upper end.';
comment on column public.experiment_effects.verdict is 'better, worse, undecided; null when there is nothing to believe yet.';
comment on column public.experiment_effects.method is 'How the interval was computed.';
comment on column public.experiment_effects.grade is 'Grade of evidence: A, randomised.';
comment on column public.experiment_effects.reason_code is 'Why numbers or the verdict are absent: no_subjects, too_few_subjects, zero_variance, kind_not_supported, sample_ratio_mismatch.';
comment on column public.experiment_effects.as_of is 'When it was computed.';
