-- How far units got in a capability's workflow, and what they brought, for some units at a time.
create or replace function private.workflow_steps(experiment_id uuid) returns table (
  action_id uuid, action_key text, action_name text, place integer
)
language plpgsql stable rows 4
set search_path = ''
as $$
begin
  return query
  select null::uuid, null::text, null::text, 0
  union all
  select a.id, a.key, a.name, (row_number() over (order by a.position, a.key))::integer
  from public.experiments e
  join public.actions a on a.workspace_id = e.workspace_id and a.capability_id = e.capability_id
  where e.id = workflow_steps.experiment_id;
end
$$;

comment on function private.workflow_steps(uuid) is 'The actions of the capability that an experiment changes, in order from 1; 0 is before all of them.';

create or replace view private.step_metrics with (security_invoker = true) as
select e.id as experiment_id, c.counted_as as metric_id, c.phase_id, c.arm_id, c.counts_until, m.kind = 'ratio' as is_ratio,
  m.when_absent = 'zero' as keeps_absent, make_interval(secs => extract(epoch from m.attribution_window)::double precision) as attribution_window
from public.experiments e
join public.experiment_metrics em on em.experiment_id = e.id
join public.outcome_metrics m on m.id = em.metric_id and m.kind <> 'quantile'
cross join lateral (
  select m.id as counted_as, null::uuid as phase_id, null::uuid as arm_id, 'infinity'::timestamptz as counts_until
  union all
  select private.cut_metric(m.id, k.phase_id, k.variant_id), k.phase_id, v.id, k.counts_until
  from private.phase_cuts k join public.variants v on v.experiment_id = k.experiment_id and v.is_control
  where k.experiment_id = e.id) as c;

comment on view private.step_metrics is E'One row per experiment × metric whose steps are counted: for all units, or for a control until a variant was rolled back, as in counted_metrics.';

create or replace function private.step_calls(experiment public.experiments, after_unit text, last_unit text) returns table (
  unit_id text, place integer, first_at timestamptz, first_ok timestamptz
)
language plpgsql stable rows 20000
set search_path = ''
-- Fresh tables have no statistics, and without them a unit's few calls would not be looked up.
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
begin
  return query
  with steps as materialized (select s.action_id, s.place from private.workflow_steps(experiment.id) s where s.place > 0)
  select u.unit_id, s.place, min(i.started_at), min(i.started_at) filter (where i.status = 'ok')
  from private.experiment_units u
  cross join lateral (
    select c.* from public.inferences c
    where experiment.unit <> 'conversation' and c.workspace_id = experiment.workspace_id and c.subject = u.unit_id
      and c.started_at >= u.entered_at and c.started_at < u.counts_until
    union all
    select c.* from public.inferences c
    where experiment.unit = 'conversation' and c.workspace_id = experiment.workspace_id and c.conversation = u.unit_id
      and c.started_at >= u.entered_at and c.started_at < u.counts_until) i
  join steps s on s.action_id = i.action_id
  where u.experiment_id = experiment.id and u.unit_id > after_unit and u.unit_id <= last_unit
    and i.environment_id = experiment.environment_id and i.capability_id = experiment.capability_id
  group by u.unit_id, s.place;
end
$$;

comment on function private.step_calls(public.experiments, text, text) is
'One row per unit × action that was called for it after its first exposure: when first, and when first without an error.';

create or replace function private.step_paths(experiment public.experiments, after_unit text, last_unit text) returns table (
  metric_id uuid, phase_id uuid, variant_id uuid, place integer, done bigint, units bigint, counted bigint, n numeric, y numeric
)
language plpgsql stable rows 100
set search_path = ''
set enable_nestloop = off
set extra_float_digits = 1
as $$
begin
  return query
  with met as materialized (
    select u.unit_id, u.phase_id, u.variant_id, u.entered_at, m.metric_id, m.is_ratio, m.keeps_absent,
      least(u.entered_at + m.attribution_window, m.counts_until) as ends_at
    from private.experiment_units u
    cross join private.step_metrics m
    where u.experiment_id = experiment.id and u.unit_id > after_unit and u.unit_id <= last_unit and m.experiment_id = experiment.id
      and (u.standing = 'counted' or u.standing = 'switcher' and experiment.switchers = 'first_arm')
      and u.phase_id = coalesce(m.phase_id, u.phase_id) and u.variant_id = coalesce(m.arm_id, u.variant_id)
  ),
  reached as (
    select t.metric_id, t.unit_id, max(c.place) as place, bit_or(1::bigint << c.place) filter (where c.first_ok < t.ends_at) as done
    from met t
    join private.step_calls(experiment, after_unit, last_unit) c on c.unit_id = t.unit_id and c.first_at < t.ends_at
    group by t.metric_id, t.unit_id
  )
  select t.metric_id, t.phase_id, t.variant_id, coalesce(r.place, 0), coalesce(r.done, 0), count(*), sum(k.counted)::bigint,
    sum(case when t.is_ratio then private.exact(coalesce(v.d, 0)) else k.counted end), sum(private.exact(coalesce(v.y, 0)))
  from met t
  left join reached r on r.metric_id = t.metric_id and r.unit_id = t.unit_id
  left join private.unit_values v on v.experiment_id = experiment.id and v.metric_id = t.metric_id and v.unit_id = t.unit_id
    and v.unit_id > after_unit and v.unit_id <= last_unit
  cross join lateral (select (t.keeps_absent or coalesce(v.outcomes_used, 0) > 0)::integer as counted) k
  group by 1, 2, 3, 4, 5;
end
$$;

comment on function private.step_paths(public.experiments, text, text) is
E'One row per metric × phase × arm × last step × set of steps (as bits) that ended without an error: how many of these units went that way, and what they brought: y out of n (units, or the denominators of a ratio).\nSteps count as outcomes do: from the first exposure to the end of the metric''s window.';

create or replace function private.add_steps(experiment public.experiments, after_unit text, last_unit text) returns void
language plpgsql
set search_path = ''
as $$
begin
  insert into private.step_tallies as t
  select experiment.workspace_id, experiment.id, false, p.metric_id, p.phase_id, p.variant_id, s.place,
    coalesce(sum(p.units) filter (where p.place = s.place), 0), coalesce(sum(p.units) filter (where p.done & (1::bigint << s.place) > 0), 0),
    coalesce(sum(p.counted) filter (where p.place = s.place), 0), coalesce(sum(p.n) filter (where p.place = s.place), 0),
    coalesce(sum(p.y) filter (where p.place = s.place), 0)
  from private.step_paths(experiment, after_unit, last_unit) p
  cross join private.workflow_steps(experiment.id) s
  group by p.metric_id, p.phase_id, p.variant_id, s.place
  on conflict on constraint step_tallies_pkey do update set
    units = t.units + excluded.units, completed = t.completed + excluded.completed, counted = t.counted + excluded.counted,
    n = t.n + excluded.n, y = t.y + excluded.y;
end
$$;

comment on function private.add_steps(public.experiments, text, text) is 'Adds some units to what the running pass has seen.';
