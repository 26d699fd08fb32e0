-- Steps of two arms beside each other, and the difference shared out over them.
create type private.action_share as (
  place integer, units_control bigint, units_variant bigint, further_control bigint, further_variant bigint,
  completed_control bigint, completed_variant bigint, n_control double precision, n_variant double precision,
  y_control double precision, y_variant double precision, going_on double precision, stopping double precision
);

comment on type private.action_share is 'A step of a comparison, its phases put together: who stopped at it, who got further, what they brought, and its two parts in the difference.';

create or replace function private.mean_of(counted numeric, n numeric, y numeric, is_ratio boolean) returns stats.readout
language plpgsql immutable
set search_path = ''
as $$
begin
  -- As the effects compute it, digit by digit.
  return case when is_ratio then stats.ratio_readout(stats.moments_of_sums(counted, y, n, null, null, null, null, null, null, null, null,
      null, null, null, null))
    else stats.mean_readout(stats.moments_of_sums(counted, y, null, null, null, null, null, null, null, null, null, null, null, null,
      null)) end;
end
$$;

comment on function private.mean_of(numeric, numeric, numeric, boolean) is 'How many units, and what they come to: the value of a readout, without its variance.';

create or replace function private.action_pairs(experiment_id uuid) returns table (
  metric_id uuid, variant_id uuid, phase_id uuid, control stats.readout, variant stats.readout, places integer[],
  n_control double precision[], y_control double precision[], n_variant double precision[], y_variant double precision[],
  units_control bigint[], units_variant bigint[], completed_control bigint[], completed_variant bigint[]
)
language plpgsql stable rows 10
set search_path = ''
as $$
begin
  return query
  with cells as materialized (
    select t.* from private.step_tallies t where t.experiment_id = action_pairs.experiment_id and t.is_told)
  select m.id, t.variant_id, t.phase_id, private.mean_of(sum(c.counted), sum(c.n), sum(c.y), m.kind = 'ratio'),
    private.mean_of(sum(v.counted), sum(v.n), sum(v.y), m.kind = 'ratio'), array_agg(v.place order by v.place),
    array_agg(c.n::double precision order by v.place), array_agg(c.y::double precision order by v.place),
    array_agg(v.n::double precision order by v.place), array_agg(v.y::double precision order by v.place),
    array_agg(c.units order by v.place), array_agg(v.units order by v.place),
    array_agg(c.completed order by v.place), array_agg(v.completed order by v.place)
  from private.kept_arms(action_pairs.experiment_id) t
  join private.kept_arms(action_pairs.experiment_id) o on o.phase_id = t.phase_id and o.variant_id = t.variant_id and not o.is_treated
  join cells v on v.phase_id = t.phase_id and v.variant_id = t.arm_id
  join public.outcome_metrics m on m.id = v.metric_id
  join cells c on c.phase_id = t.phase_id and c.variant_id = o.arm_id and c.place = v.place
    and c.metric_id = case when o.cut_by is null then m.id else private.cut_metric(m.id, t.phase_id, o.cut_by) end
  where t.is_treated
  group by m.id, t.variant_id, t.phase_id
  -- As the effects do: a phase with fewer than two units in an arm has no variance, and is left out.
  having sum(c.counted) >= 2 and sum(v.counted) >= 2;
end
$$;

comment on function private.action_pairs(uuid) is
'One row per metric × variant × phase of an experiment: both arms by the last step that their units reached, as arrays in order of the steps.';

create or replace function private.action_shares(experiment_id uuid) returns table (
  metric_id uuid, variant_id uuid, difference double precision, shares private.action_share[], parts double precision[]
)
language plpgsql stable rows 10
set search_path = ''
as $$
begin
  return query
  with pairs as materialized (
    select p.*, (p.control).n + (p.variant).n as weight from private.action_pairs(action_shares.experiment_id) p),
  whole as (
    select p.metric_id, p.variant_id, (private.stratified(array_agg(p.variant), array_agg(p.weight))).value
      - (private.stratified(array_agg(p.control), array_agg(p.weight))).value as difference
    from pairs p group by p.metric_id, p.variant_id
  ),
  steps as (
    select p.metric_id, p.variant_id, u.place, sum(u.units0)::bigint as units0, sum(u.units1)::bigint as units1,
      sum(u.done0)::bigint as done0, sum(u.done1)::bigint as done1, sum(u.n0) as n0, sum(u.n1) as n1, sum(u.y0) as y0,
      sum(u.y1) as y1, sum(p.weight * k.going_on) / sum(p.weight) as going_on, sum(p.weight * k.stopping) / sum(p.weight) as stopping
    from pairs p
    cross join lateral stats.step_credits(p.n_control, p.y_control, p.n_variant, p.y_variant) k
    join lateral unnest(p.places, p.n_control, p.y_control, p.n_variant, p.y_variant, p.units_control, p.units_variant,
      p.completed_control, p.completed_variant) u (place, n0, y0, n1, y1, units0, units1, done0, done1) on u.place = k.step - 1
    group by p.metric_id, p.variant_id, u.place
  ),
  further as (
    select s.*, sum(units0) over onward - units0 as further0, sum(units1) over onward - units1 as further1
    from steps s window onward as (partition by s.metric_id, s.variant_id order by s.place desc)
  )
  select f.metric_id, f.variant_id, min(w.difference),
    array_agg((f.place, f.units0, f.units1, f.further0, f.further1, f.done0, f.done1, f.n0, f.n1, f.y0, f.y1, f.going_on,
      f.stopping)::private.action_share order by f.place),
    array_agg(f.going_on order by f.place) || array_agg(f.stopping order by f.place)
  from further f join whole w on w.metric_id = f.metric_id and w.variant_id = f.variant_id
  group by f.metric_id, f.variant_id;
end
$$;

comment on function private.action_shares(uuid) is 'One row per metric × variant of an experiment: its difference, its steps, and all their parts in the difference.';

create or replace function private.action_rows(experiment_id uuid) returns table (
  metric_id uuid, variant_id uuid, difference double precision, shares private.action_share[], parts numeric[],
  told_as_of timestamptz, reason_code text
)
language plpgsql stable security definer rows 10
set search_path = ''
as $$
begin
  if not private.sees_experiment(action_rows.experiment_id) then
    return;
  end if;
  return query
  with counted as materialized (
    select s.*, stats.exact_parts(s.parts, s.difference) as exact from private.action_shares(action_rows.experiment_id) s)
  select c.metric_id, c.variant_id, s.difference, s.shares, s.exact, p.told_as_of, case
    when c.metric_kind = 'quantile' then 'kind_not_supported'
    when p.told_as_of is null and exists (
      select from public.experiments e where e.id = action_rows.experiment_id and e.started_at is null) then 'no_subjects'
    when p.told_as_of is null then 'not_counted_yet'
    when s.metric_id is not null and s.exact is null then 'does_not_add_up'
    when s.metric_id is null then (
      select case when coalesce(sum(t.counted), 0) = 0 then 'no_subjects' else 'too_few_subjects' end
      from private.step_tallies t where t.experiment_id = action_rows.experiment_id and t.is_told and t.metric_id = c.metric_id
        and t.variant_id in (c.variant_id, c.control_variant_id)) end
  from private.comparisons c
  left join private.step_passes p on p.experiment_id = action_rows.experiment_id
  left join counted s on s.metric_id = c.metric_id and s.variant_id = c.variant_id
  where c.experiment_id = action_rows.experiment_id;
end
$$;

comment on function private.action_rows(uuid) is
E'One row per metric × variant of an experiment: its steps, with parts that add up to the last digit, or why there are none.\nDefiner: nobody but the compactor reads tallies of steps; it asks who calls.';
