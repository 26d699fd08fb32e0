create or replace view private.phase_arms with (security_invoker = true) as
select arm.workspace_id, arm.experiment_id, arm.phase_id, arm.variant_id,
  arm.weight::double precision / sum(arm.weight) over (partition by arm.experiment_id, arm.phase_id) as expected_share,
  counted.subjects, counted.first_assigned_at, counted.last_assigned_at,
  sum(counted.subjects) over (partition by arm.experiment_id, arm.phase_id)::double precision as phase_subjects,
  min(arm.weight) filter (where arm.weight > 0) over (partition by arm.experiment_id, arm.phase_id)::double precision
    / sum(arm.weight) over (partition by arm.experiment_id, arm.phase_id) as smallest_share
from public.experiment_phase_arms arm
cross join lateral (
  select count(*) as subjects, min(a.assigned_at) as first_assigned_at, max(a.assigned_at) as last_assigned_at
  from public.assignments a
  where a.workspace_id = arm.workspace_id and a.experiment_id = arm.experiment_id
    and a.phase_id = arm.phase_id and a.variant_id = arm.variant_id
) as counted;

comment on view private.phase_arms is 'One row per experiment × phase × arm: subjects, and the share that its weight promised.';

create or replace view public.experiment_arms with (security_invoker = true) as
select v.workspace_id, v.experiment_id, v.id as variant_id, v.key as variant_key, v.name as variant_name,
  v.is_control, v.weight,
  coalesce(
    t.expected / nullif(sum(t.expected) over whole, 0),
    v.weight::double precision / nullif(sum(v.weight) over whole, 0)) as expected_share,
  t.subjects,
  t.subjects::double precision / nullif(sum(t.subjects) over whole, 0) as share,
  v.rolled_back_at
from public.variants v
cross join lateral (
  select coalesce(sum(p.subjects), 0)::bigint as subjects, sum(p.expected_share * p.phase_subjects) as expected
  from private.phase_arms p where p.experiment_id = v.experiment_id and p.variant_id = v.id
) as t
window whole as (partition by v.experiment_id);

comment on view public.experiment_arms is E'One row per experiment × variant: how many subjects it has, and how many its weight promised.\nThe promise follows the phases: weights that changed count for as long as they held.';
comment on column public.experiment_arms.workspace_id is 'The workspace.';
comment on column public.experiment_arms.experiment_id is 'The experiment.';
comment on column public.experiment_arms.variant_id is 'The variant.';
comment on column public.experiment_arms.variant_key is 'Its key.';
comment on column public.experiment_arms.variant_name is 'Its name.';
comment on column public.experiment_arms.is_control is 'True for the control.';
comment on column public.experiment_arms.weight is 'Its weight now.';
comment on column public.experiment_arms.expected_share is 'The share of subjects that the weights promise.';
comment on column public.experiment_arms.subjects is 'Subjects assigned to it.';
comment on column public.experiment_arms.share is 'Its share of the subjects; null while there are none.';
comment on column public.experiment_arms.rolled_back_at is 'When it was rolled back; null while it runs.';

create or replace view public.experiment_health with (security_invoker = true) as
select e.workspace_id, e.id as experiment_id, s.subjects,
  case when s.df > 0 then s.chi2 end as srm_chi2,
  case when s.df > 0 then s.df end as srm_df,
  stats.chi2_sf(s.chi2, s.df) as srm_p_value,
  case
    when s.df = 0 then 'not_enough_data'
    when stats.chi2_sf(s.chi2, s.df) < 0.001 then 'mismatch'
    else 'ok'
  end as srm_status,
  s.first_assigned_at, s.last_assigned_at
from public.experiments e
cross join lateral (
  select coalesce(sum(p.subjects), 0)::bigint as subjects,
    min(p.first_assigned_at) as first_assigned_at, max(p.last_assigned_at) as last_assigned_at,
    sum((p.subjects - x.expected) ^ 2 / x.expected) filter (where x.counts) as chi2,
    (count(*) filter (where x.counts) - count(distinct p.phase_id) filter (where x.counts))::integer as df
  from private.phase_arms p
  cross join lateral (
    select p.expected_share * p.phase_subjects as expected,
      p.expected_share > 0 and p.smallest_share * p.phase_subjects >= 5 as counts
  ) as x
  where p.experiment_id = e.id
) as s;

comment on view public.experiment_health is E'One row per experiment: whether the arms got the subjects that their weights promised.\nSample-ratio mismatch: Pearson''s chi-square, summed over phases with its degrees of freedom. A phase in which an arm expects under five subjects is not judged. Below p = 0.001 no effect should be believed.';
comment on column public.experiment_health.workspace_id is 'The workspace.';
comment on column public.experiment_health.experiment_id is 'The experiment.';
comment on column public.experiment_health.subjects is 'Subjects assigned.';
comment on column public.experiment_health.srm_chi2 is 'Chi-square of the arms'' counts against their weights; null with too little data.';
comment on column public.experiment_health.srm_df is 'Its degrees of freedom: arms with a weight, less one, in each phase.';
comment on column public.experiment_health.srm_p_value is 'The chance of so uneven a split by luck.';
comment on column public.experiment_health.srm_status is 'ok, mismatch or not_enough_data.';
comment on column public.experiment_health.first_assigned_at is 'The first exposure.';
comment on column public.experiment_health.last_assigned_at is 'The latest first exposure.';
