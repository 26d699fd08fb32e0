-- Writes what a tick changed, and moves the sums by the difference.
create or replace function private.count_values(from_tx bigint, to_tx bigint, touched private.unit_change[])
returns setof private.moment_cell
language plpgsql
set search_path = ''
set enable_seqscan = off
set enable_nestloop = off
set plan_cache_mode = force_generic_plan
as $$
begin
  return query
  with steps as materialized (select s.* from private.value_steps(from_tx, to_tx, touched) s),
  gone as (
    delete from private.unit_values v where v.ctid = any (array(
      select k.ctid from steps s cross join lateral (
        select u.ctid from private.unit_values u
        where u.experiment_id = s.experiment_id and u.unit_id = s.unit_id and u.metric_id = s.metric_id offset 0) k
      where s.gone))
  ),
  written as (
    insert into private.unit_values as v
    select s.workspace_id, s.experiment_id, s.metric_id, s.unit_id, s.outcomes_used, s.outcomes_before, s.outcomes_after,
      s.x_count, s.y_sum, s.d_sum, s.x_sum, s.w_sum, s.y, s.d, s.x, s.w
    from steps s where s.sign = 1
    on conflict on constraint unit_values_pkey do update set
      outcomes_used = excluded.outcomes_used, outcomes_before = excluded.outcomes_before,
      outcomes_after = excluded.outcomes_after, x_count = excluded.x_count, y_sum = excluded.y_sum, d_sum = excluded.d_sum,
      x_sum = excluded.x_sum, w_sum = excluded.w_sum, y = excluded.y, d = excluded.d, x = excluded.x, w = excluded.w
  ),
  exact as (
    select s.*,
      case when s.y = trunc(s.y) and abs(s.y) < 1e15 then s.y::bigint::numeric else s.y::text::numeric end as ny,
      case when s.d = trunc(s.d) and abs(s.d) < 1e15 then s.d::bigint::numeric else s.d::text::numeric end as nd,
      case when s.x = trunc(s.x) and abs(s.x) < 1e15 then s.x::bigint::numeric else s.x::text::numeric end as nx,
      case when s.w = trunc(s.w) and abs(s.w) < 1e15 then s.w::bigint::numeric else s.w::text::numeric end as nw
    -- Else each use would convert it again.
    from steps s offset 0
  ),
  signed as (
    select e.*, e.sign * e.ny as sy, e.sign * e.nd as sd, e.sign * e.nx as sx, e.sign * e.nw as sw from exact e offset 0)
  select e.workspace_id, e.experiment_id, e.metric_id, e.phase_id, e.variant_id, e.standing, e.intent_id, e.segments,
    e.entry_day, sum(e.sign * least(e.outcomes_used, 1))::bigint, sum(e.sign * e.outcomes_used)::bigint,
    sum(e.sign * e.outcomes_before)::bigint, sum(e.sign * e.outcomes_after)::bigint,
    sum(e.sy), sum(e.sd), sum(e.sx), sum(e.sw), sum(e.sy * e.ny), sum(e.sy * e.nd), sum(e.sy * e.nx), sum(e.sy * e.nw),
    sum(e.sd * e.nd), sum(e.sd * e.nx), sum(e.sd * e.nw), sum(e.sx * e.nx), sum(e.sx * e.nw), sum(e.sw * e.nw)
  from signed e
  group by e.workspace_id, e.experiment_id, e.metric_id, e.phase_id, e.variant_id, e.standing, e.intent_id, e.segments,
    e.entry_day;
end
$$;

comment on function private.count_values(bigint, bigint, private.unit_change[]) is
E'Writes what units are worth after a range of transactions.\nAnswers by how much sums over units change: what they are worth now, less what they were worth before.';

create or replace function private.unit_differences(touched private.unit_change[]) returns setof private.unit_cell
language plpgsql stable
set search_path = ''
as $$
begin
  return query
  with signed as (
    select -1 as k, t.was as u from unnest(touched) t where (t.was).unit_id is not null
    union all
    select 1, t.now from unnest(touched) t where (t.now).unit_id is not null
  )
  select (s.u).workspace_id, (s.u).experiment_id, (s.u).phase_id, (s.u).variant_id, (s.u).standing, (s.u).intent_id,
    (s.u).segments, (s.u).entry_day, sum(s.k)::bigint
  from signed s
  group by 1, 2, 3, 4, 5, 6, 7, 8
  having sum(s.k) <> 0;
end
$$;

comment on function private.unit_differences(private.unit_change[]) is 'By how much the numbers of units change.';

create or replace function private.add_units(moved private.unit_cells[]) returns void
language plpgsql
set search_path = ''
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set plan_cache_mode = force_generic_plan
as $$
declare
  are_gone boolean;
begin
  with written as (
    insert into private.unit_cells as c select n.* from unnest(moved) n where n.units <> 0
    on conflict on constraint unit_cells_pkey do update set units = c.units + excluded.units
    returning c.units = 0 as is_gone
  )
  select bool_or(w.is_gone) into are_gone from written w;
  if are_gone then
    delete from private.unit_cells c using unnest(moved) n
    where c.units = 0 and c.experiment_id = n.experiment_id and c.phase_id = n.phase_id and c.variant_id = n.variant_id
      and c.standing = n.standing and c.dimension = n.dimension and c.segment = n.segment and c.entry_day = n.entry_day;
  end if;
end
$$;

comment on function private.add_units(private.unit_cells[]) is 'Moves the numbers of units.';

create or replace function private.add_moments(moved private.effect_moments[]) returns void
language plpgsql
set search_path = ''
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set plan_cache_mode = force_generic_plan
as $$
declare
  are_gone boolean;
begin
  with written as (
    insert into private.effect_moments as m select n.* from unnest(moved) n
    on conflict on constraint effect_moments_pkey do update set
      units_with_value = m.units_with_value + excluded.units_with_value,
      outcomes_used = m.outcomes_used + excluded.outcomes_used,
      outcomes_before = m.outcomes_before + excluded.outcomes_before,
      outcomes_after = m.outcomes_after + excluded.outcomes_after,
      y = m.y + excluded.y, d = m.d + excluded.d, x = m.x + excluded.x, w = m.w + excluded.w,
      yy = m.yy + excluded.yy, yd = m.yd + excluded.yd, yx = m.yx + excluded.yx, yw = m.yw + excluded.yw,
      dd = m.dd + excluded.dd, dx = m.dx + excluded.dx, dw = m.dw + excluded.dw,
      xx = m.xx + excluded.xx, xw = m.xw + excluded.xw, ww = m.ww + excluded.ww
    returning m.outcomes_used + m.outcomes_before + m.outcomes_after = 0 as is_gone
  )
  select bool_or(w.is_gone) into are_gone from written w;
  if are_gone then
    delete from private.effect_moments m using unnest(moved) n
    where m.outcomes_used + m.outcomes_before + m.outcomes_after = 0 and m.experiment_id = n.experiment_id
      and m.metric_id = n.metric_id and m.phase_id = n.phase_id and m.variant_id = n.variant_id and m.standing = n.standing
      and m.dimension = n.dimension and m.segment = n.segment and m.entry_day = n.entry_day;
  end if;
end
$$;

comment on function private.add_moments(private.effect_moments[]) is 'Moves sums over units by differences; a sum of nothing is not kept.';

create or replace function private.restate(moved private.effect_moments[]) returns void
language plpgsql
set search_path = ''
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set plan_cache_mode = force_generic_plan
as $$
begin
  insert into private.restatements as r
  select n.workspace_id, n.experiment_id, n.metric_id, n.phase_id, n.variant_id, n.entry_day,
    (private.now() at time zone 'UTC')::date, private.now(), 1,
    m.units_with_value, m.units_with_value + n.units_with_value, m.y, m.y + n.y
  from unnest(moved) n
  join private.effect_moments m on m.experiment_id = n.experiment_id and m.metric_id = n.metric_id
    and m.phase_id = n.phase_id and m.variant_id = n.variant_id and m.standing = n.standing and m.dimension = n.dimension
    and m.segment = n.segment and m.entry_day = n.entry_day
  join public.outcome_metrics o on o.id = n.metric_id
  where n.dimension = 'all' and n.standing = 'counted' and n.entry_day <> 'infinity'
    and (n.y <> 0 or n.d <> 0 or n.units_with_value <> 0)
    and (n.entry_day + 1)::timestamp at time zone 'UTC' + o.attribution_window <= private.now()
  on conflict on constraint restatements_pkey do update set
    restated_at = excluded.restated_at, times = r.times + 1,
    units_after = excluded.units_after, sum_after = excluded.sum_after;
end
$$;

comment on function private.restate(private.effect_moments[]) is
E'Notes the cohorts that change although their window is closed: the day after the last unit entered, and the metric''s window.\nWhat is counted for the first time is no restatement.';
