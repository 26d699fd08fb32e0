-- How far units got in a capability's workflow, and what that has to do with an experiment's difference. From raw calls:
-- asked for one experiment at a time.
create or replace function private.workflow_steps(experiment_id uuid) returns table (
  action_id uuid, action_key text, action_name text, place integer
)
language sql stable rows 4
set search_path = ''
as $$
  select null::uuid, null::text, null::text, 0
  union all
  select a.id, a.key, a.name, (row_number() over (order by a.position, a.key))::integer
  from public.experiments e
  join public.actions a on a.workspace_id = e.workspace_id and a.capability_id = e.capability_id
  where e.id = workflow_steps.experiment_id
$$;

comment on function private.workflow_steps(uuid) is 'The actions of the capability that an experiment changes, in order from 1; 0 is before all of them.';

create or replace function private.step_calls(experiment_id uuid) returns table (
  unit_id text, place integer, first_at timestamptz, first_ok timestamptz
)
language sql stable rows 100000
set search_path = ''
-- Fresh tables have no statistics, and a planner without them joins in ways that are quadratic in subjects.
set enable_nestloop = off
as $$
  select u.unit_id, s.place, min(i.started_at), min(i.started_at) filter (where i.status = 'ok')
  from public.experiments e
  join public.inferences i on i.workspace_id = e.workspace_id and i.environment_id = e.environment_id and i.capability_id = e.capability_id
  join private.workflow_steps(step_calls.experiment_id) s on s.action_id = i.action_id
  join private.experiment_units u on u.experiment_id = step_calls.experiment_id
    and u.unit_id = case e.unit when 'conversation' then i.conversation else i.subject end
    and i.started_at >= u.entered_at and i.started_at < u.counts_until
  where e.id = step_calls.experiment_id
  group by u.unit_id, s.place
$$;

comment on function private.step_calls(uuid) is 'One row per unit of an experiment × action that was called for it after its first exposure: when first, and when first without an error.';

create or replace function private.step_paths(experiment_id uuid) returns table (
  metric_id uuid, phase_id uuid, variant_id uuid, place integer, done bigint, units bigint,
  counted double precision, n double precision, y double precision
)
language sql stable rows 100
set search_path = ''
set enable_nestloop = off
as $$
  with units as materialized (
    select u.unit_id, u.phase_id, u.variant_id, u.entered_at
    from private.experiment_units u
    join public.experiments e on e.id = u.experiment_id
    where u.experiment_id = step_paths.experiment_id
      and (u.standing = 'counted' or u.standing = 'switcher' and e.switchers = 'first_arm')
  ),
  metrics as (
    select m.id, m.kind = 'ratio' as is_ratio, m.when_absent = 'zero' as keeps_absent,
      make_interval(secs => extract(epoch from m.attribution_window)::double precision) as attribution_window
    from public.experiment_metrics em join public.outcome_metrics m on m.id = em.metric_id
    where em.experiment_id = step_paths.experiment_id and m.kind <> 'quantile'
  ),
  reached as (
    select m.id as metric_id, c.unit_id, max(c.place) as place,
      bit_or(1::bigint << c.place) filter (where c.first_ok < u.entered_at + m.attribution_window) as done
    from private.step_calls(step_paths.experiment_id) c
    join units u on u.unit_id = c.unit_id
    join metrics m on c.first_at < u.entered_at + m.attribution_window
    group by m.id, c.unit_id
  )
  select m.id, u.phase_id, u.variant_id, coalesce(r.place, 0), coalesce(r.done, 0), count(*), sum(k.counted),
    sum(case when m.is_ratio then coalesce(v.d, 0) else k.counted end), sum(coalesce(v.y, 0))
  from units u
  cross join metrics m
  left join reached r on r.metric_id = m.id and r.unit_id = u.unit_id
  left join private.unit_values v on v.experiment_id = step_paths.experiment_id and v.metric_id = m.id and v.unit_id = u.unit_id
  cross join lateral (select (m.keeps_absent or coalesce(v.outcomes_used, 0) > 0)::integer as counted) k
  group by 1, 2, 3, 4, 5
$$;

comment on function private.step_paths(uuid) is
E'One row per metric × phase × arm × last step × set of steps (as bits) that ended without an error: how many units went that way, and what they brought: y out of n (units, or the denominators of a ratio).\nSteps count as outcomes do: from the first exposure to the end of the metric''s window.';

create or replace function private.step_cells(experiment_id uuid) returns table (
  metric_id uuid, phase_id uuid, variant_id uuid, place integer, units bigint, completed bigint,
  counted double precision, n double precision, y double precision
)
language sql stable rows 100
set search_path = ''
as $$
  select p.metric_id, p.phase_id, p.variant_id, s.place, coalesce(sum(p.units) filter (where p.place = s.place), 0)::bigint,
    coalesce(sum(p.units) filter (where p.done & (1::bigint << s.place) > 0), 0)::bigint,
    coalesce(sum(p.counted) filter (where p.place = s.place), 0), coalesce(sum(p.n) filter (where p.place = s.place), 0),
    coalesce(sum(p.y) filter (where p.place = s.place), 0)
  from private.step_paths(step_cells.experiment_id) p
  cross join private.workflow_steps(step_cells.experiment_id) s
  group by p.metric_id, p.phase_id, p.variant_id, s.place
$$;

comment on function private.step_cells(uuid) is
'One row per metric × phase × arm × step: the units whose last step it was, how many units had a call of it without an error, and what those who stopped brought: y out of n.';
