-- Steps of two arms beside each other, and the difference shared out over them.
create type private.action_share as (
  place integer, units_control bigint, units_variant bigint, further_control bigint, further_variant bigint,
  completed_control bigint, completed_variant bigint, n_control double precision, n_variant double precision,
  y_control double precision, y_variant double precision, going_on double precision, stopping double precision
);

comment on type private.action_share is 'A step of a comparison, its phases put together: who stopped at it, who got further, what they brought, and its two parts in the difference.';

create or replace function private.action_pairs(experiment_id uuid) returns table (
  metric_id uuid, variant_id uuid, phase_id uuid, weight double precision, places integer[],
  n_control double precision[], y_control double precision[], n_variant double precision[], y_variant double precision[],
  units_control bigint[], units_variant bigint[], completed_control bigint[], completed_variant bigint[]
)
language sql stable rows 10
set search_path = ''
as $$
  with cells as materialized (select c.* from private.step_cells(action_pairs.experiment_id) c)
  select c.metric_id, t.variant_id, t.phase_id, sum(c.counted) + sum(v.counted), array_agg(c.place order by c.place),
    array_agg(coalesce(c.n, 0) order by c.place), array_agg(coalesce(c.y, 0) order by c.place),
    array_agg(coalesce(v.n, 0) order by c.place), array_agg(coalesce(v.y, 0) order by c.place),
    array_agg(c.units order by c.place), array_agg(v.units order by c.place),
    array_agg(c.completed order by c.place), array_agg(v.completed order by c.place)
  from private.comparison_arms t
  join private.comparison_arms o
    on o.experiment_id = t.experiment_id and o.phase_id = t.phase_id and o.variant_id = t.variant_id and not o.is_treated
  join cells c on c.phase_id = t.phase_id and c.variant_id = o.arm_id
  join cells v on v.phase_id = t.phase_id and v.variant_id = t.arm_id and v.metric_id = c.metric_id and v.place = c.place
  where t.experiment_id = action_pairs.experiment_id and t.is_treated
    and not exists (select from private.phase_cuts k where k.phase_id = t.phase_id and k.variant_id = t.variant_id)
  group by c.metric_id, t.variant_id, t.phase_id
  -- As the effects do: a phase with fewer than two units in an arm has no variance, and is left out.
  having sum(c.counted) >= 2 and sum(v.counted) >= 2
$$;

comment on function private.action_pairs(uuid) is
E'One row per metric × variant × phase of an experiment: both arms by the last step that their units reached, as arrays in order of the steps.\nWithout variants that were rolled back: which of their units still count is not told by arm.';

create or replace function private.action_shares(experiment_id uuid) returns table (
  metric_id uuid, variant_id uuid, shares private.action_share[], parts double precision[]
)
language sql stable rows 10
set search_path = ''
as $$
  with steps as (
    select p.metric_id, p.variant_id, u.place, sum(u.units0)::bigint as units0, sum(u.units1)::bigint as units1,
      sum(u.done0)::bigint as done0, sum(u.done1)::bigint as done1, sum(u.n0) as n0, sum(u.n1) as n1, sum(u.y0) as y0,
      sum(u.y1) as y1, sum(p.weight * k.going_on) / sum(p.weight) as going_on, sum(p.weight * k.stopping) / sum(p.weight) as stopping
    from private.action_pairs(action_shares.experiment_id) p
    cross join lateral stats.step_credits(p.n_control, p.y_control, p.n_variant, p.y_variant) k
    join lateral unnest(p.places, p.n_control, p.y_control, p.n_variant, p.y_variant, p.units_control, p.units_variant,
      p.completed_control, p.completed_variant) u (place, n0, y0, n1, y1, units0, units1, done0, done1) on u.place = k.step - 1
    group by p.metric_id, p.variant_id, u.place
  ),
  further as (
    select s.*, sum(units0) over onward - units0 as further0, sum(units1) over onward - units1 as further1
    from steps s window onward as (partition by s.metric_id, s.variant_id order by s.place desc)
  )
  select f.metric_id, f.variant_id,
    array_agg((f.place, f.units0, f.units1, f.further0, f.further1, f.done0, f.done1, f.n0, f.n1, f.y0, f.y1, f.going_on,
      f.stopping)::private.action_share order by f.place),
    array_agg(f.going_on order by f.place) || array_agg(f.stopping order by f.place)
  from further f
  group by f.metric_id, f.variant_id
$$;

comment on function private.action_shares(uuid) is 'One row per metric × variant of an experiment: its steps, and all their parts in the difference.';
