create or replace view private.phase_arms with (security_invoker = true) as
select arm.workspace_id, arm.experiment_id, arm.phase_id, arm.variant_id,
  arm.weight::double precision / nullif(sum(arm.weight) over (partition by arm.experiment_id, arm.phase_id), 0) as expected_share,
  counted.subjects,
  sum(counted.subjects) over (partition by arm.experiment_id, arm.phase_id)::double precision as phase_subjects
from public.experiment_phase_arms arm
join public.experiments e on e.id = arm.experiment_id
cross join lateral (
  select coalesce(sum(c.units), 0) as subjects
  from private.unit_cells c
  where c.experiment_id = arm.experiment_id and c.phase_id = arm.phase_id and c.variant_id = arm.variant_id
    and c.dimension = 'all' and c.entry_day = 'infinity'
    and (c.standing = 'counted' or c.standing = 'switcher' and e.switchers = 'first_arm')
) as counted;

comment on view private.phase_arms is 'One row per experiment × phase × arm: its units that count, and the share that its weight promised.';

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

comment on view public.experiment_arms is E'One row per experiment × variant: how many subjects it has, and how many its weight promised.\nThe promise follows the phases: weights that changed count for as long as they held. Bots do not count; units that were seen in several arms count as the experiment says.';
comment on column public.experiment_arms.workspace_id is 'The workspace.';
comment on column public.experiment_arms.experiment_id is 'The experiment.';
comment on column public.experiment_arms.variant_id is 'The variant.';
comment on column public.experiment_arms.variant_key is 'Its key.';
comment on column public.experiment_arms.variant_name is 'Its name.';
comment on column public.experiment_arms.is_control is 'True for the control.';
comment on column public.experiment_arms.weight is 'Its weight now.';
comment on column public.experiment_arms.expected_share is 'The share of subjects that the weights promise.';
comment on column public.experiment_arms.subjects is 'Subjects of it that count.';
comment on column public.experiment_arms.share is 'Its share of the subjects; null while there are none.';
comment on column public.experiment_arms.rolled_back_at is 'When it was rolled back; null while it runs.';

create or replace view public.experiment_health with (security_invoker = true) as
select e.workspace_id, e.id as experiment_id, s.subjects,
  case when s.df > 0 then s.chi2 end as srm_chi2, s.df as srm_df, s.p_value as srm_p_value, s.srm_status,
  s.anytime_p_value as srm_anytime_p_value, s.anytime_status as srm_anytime_status,
  s.bots, s.switchers, s.switchers / nullif(s.subjects + case e.switchers when 'exclude' then s.switchers else 0 end, 0)::double precision as switcher_share,
  case
    when s.subjects + s.switchers = 0 then 'not_enough_data'
    when s.switchers > 0.01 * (s.subjects + case e.switchers when 'exclude' then s.switchers else 0 end) then 'alarm'
    else 'ok'
  end as switcher_status,
  (select min(private.mature_share(e.id, m.metric_id)) from public.experiment_metrics m where m.experiment_id = e.id) as mature_share,
  private.days_to_decide(e.id) as decision,
  extract(epoch from now() - nullif(w.covers_until, '-infinity'))::double precision as lag_seconds,
  (s.first_day::timestamp at time zone 'UTC') as first_assigned_at, (s.last_day::timestamp at time zone 'UTC') as last_assigned_at,
  nullif(w.covers_until, '-infinity') as as_of,
  h.reason as held_reason, case when h.reason is not null then h.held_since end as held_since,
  e.environment_id, l.environment_key, e.capability_id, l.capability_key, l.action_keys, l.intent_keys, l.models
from public.experiments e
join private.experiment_labels l on l.experiment_id = e.id
cross join private.watermark w
cross join lateral private.split_of(e.id) s
left join private.held_experiments h on h.experiment_id = e.id;

comment on view public.experiment_health is E'One row per experiment: may its effects be believed, and how far is it?\nSample-ratio mismatch: Pearson''s chi-square, summed over phases with its degrees of freedom; below p = 0.001 no effect should be believed. Beside it the any-time test, for who looks often; units that were seen in several arms (more than one in a hundred is an alarm); bots; how much is mature; how long until it decides.';
comment on column public.experiment_health.workspace_id is 'The workspace.';
comment on column public.experiment_health.experiment_id is 'The experiment.';
comment on column public.experiment_health.subjects is 'Subjects that count.';
comment on column public.experiment_health.srm_chi2 is 'Chi-square of the arms'' counts against their weights; null with too little data. A phase in which an arm expects under five subjects is not judged.';
comment on column public.experiment_health.srm_df is 'Its degrees of freedom: arms with a weight, less one, in each phase.';
comment on column public.experiment_health.srm_p_value is 'The chance of so uneven a split by luck, at one look.';
comment on column public.experiment_health.srm_status is 'ok, mismatch or not_enough_data. Subjects in an arm whose weight is 0 are a mismatch.';
comment on column public.experiment_health.srm_anytime_p_value is 'The same, valid however often it is looked at (a Dirichlet mixture, Lindon and Malek 2022).';
comment on column public.experiment_health.srm_anytime_status is 'ok, mismatch or not_enough_data by the any-time test.';
comment on column public.experiment_health.bots is 'Units that an exposure called a bot (its attribute bot is true): out of everything.';
comment on column public.experiment_health.switchers is 'Units that were seen in more than one arm: left out, or counted for their first arm, as the experiment says.';
comment on column public.experiment_health.switcher_share is 'Their share of the units that are no bots.';
comment on column public.experiment_health.switcher_status is 'alarm above one in a hundred, ok, or not_enough_data.';
comment on column public.experiment_health.mature_share is 'The share of units whose attribution window is closed, of the metric where that is least.';
comment on column public.experiment_health.decision is 'When it will decide: {minimum_effect, units_needed, units_at_one_look, planned_units, units_seen, units_per_day, days_to_decide, reason_code}, for the primary metric by the any-time interval at 80 % power.';
comment on column public.experiment_health.lag_seconds is 'How old the numbers are: seconds since the moment up to which everything is counted.';
comment on column public.experiment_health.first_assigned_at is 'The day of the first exposure, UTC.';
comment on column public.experiment_health.last_assigned_at is 'The day of the latest first exposure, UTC.';
comment on column public.experiment_health.as_of is 'What was committed before this moment is counted.';
comment on column public.experiment_health.held_reason is 'Why its numbers stand still: rules_changed while they are computed anew, failed when they could not be counted; null when they follow.';
comment on column public.experiment_health.held_since is 'Since when they stand still.';
comment on column public.experiment_health.environment_id is 'Where the experiment runs.';
comment on column public.experiment_health.environment_key is 'The key of that environment.';
comment on column public.experiment_health.capability_id is 'The capability that it changes.';
comment on column public.experiment_health.capability_key is 'The key of that capability.';
comment on column public.experiment_health.action_keys is 'The actions that it is over; empty for all.';
comment on column public.experiment_health.intent_keys is 'The intents that it is over; empty for all.';
comment on column public.experiment_health.models is 'The models that its arms run.';
