-- Writes what a tick changed, and moves the sums by the difference.
create or replace function private.write_values(changes private.value_change[]) returns void
language sql
set search_path = ''
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
begin atomic
  insert into private.unit_values as v
  select (c.now).* from unnest(changes) c where (c.now).unit_id is not null and c.now is distinct from c.was
  on conflict on constraint unit_values_pkey do update set
    outcomes_used = excluded.outcomes_used, outcomes_before = excluded.outcomes_before,
    outcomes_after = excluded.outcomes_after, x_count = excluded.x_count, y_sum = excluded.y_sum, d_sum = excluded.d_sum,
    x_sum = excluded.x_sum, w_sum = excluded.w_sum, y = excluded.y, d = excluded.d, x = excluded.x, w = excluded.w;
  delete from private.unit_values v using unnest(changes) c
  where (c.now).unit_id is null and v.experiment_id = (c.was).experiment_id and v.unit_id = (c.was).unit_id
    and v.metric_id = (c.was).metric_id;
end;

comment on function private.write_values(private.value_change[]) is 'Writes what units are worth now.';

create or replace function private.moment_differences(changes private.value_change[]) returns setof private.moment_cell
language sql stable
set search_path = ''
set extra_float_digits = 1
as $$
  with signed as (
    select -1 as k, c.was_in as u, c.was as v from unnest(changes) c where (c.was).unit_id is not null
    union all
    select 1, c.now_in, c.now from unnest(changes) c where (c.now).unit_id is not null
  ),
  exact as (
    select s.k, s.u, s.v,
      case when (s.v).y = trunc((s.v).y) and abs((s.v).y) < 1e15 then (s.v).y::bigint::numeric else (s.v).y::text::numeric end as y,
      case when (s.v).d = trunc((s.v).d) and abs((s.v).d) < 1e15 then (s.v).d::bigint::numeric else (s.v).d::text::numeric end as d,
      case when (s.v).x = trunc((s.v).x) and abs((s.v).x) < 1e15 then (s.v).x::bigint::numeric else (s.v).x::text::numeric end as x,
      case when (s.v).w = trunc((s.v).w) and abs((s.v).w) < 1e15 then (s.v).w::bigint::numeric else (s.v).w::text::numeric end as w
    from signed s
  )
  select (e.u).workspace_id, (e.u).experiment_id, (e.v).metric_id, (e.u).phase_id, (e.u).variant_id, (e.u).standing,
    (e.u).intent_id, (e.u).segments, (e.u).entry_day, sum(e.k * least((e.v).outcomes_used, 1))::bigint,
    sum(e.k * (e.v).outcomes_used)::bigint, sum(e.k * (e.v).outcomes_before)::bigint,
    sum(e.k * (e.v).outcomes_after)::bigint,
    sum(e.k * e.y), sum(e.k * e.d), sum(e.k * e.x), sum(e.k * e.w), sum(e.k * e.y * e.y), sum(e.k * e.y * e.d),
    sum(e.k * e.y * e.x), sum(e.k * e.y * e.w), sum(e.k * e.d * e.d), sum(e.k * e.d * e.x), sum(e.k * e.d * e.w),
    sum(e.k * e.x * e.x), sum(e.k * e.x * e.w), sum(e.k * e.w * e.w)
  from exact e
  group by 1, 2, 3, 4, 5, 6, 7, 8, 9
$$;

comment on function private.moment_differences(private.value_change[]) is
'By how much sums over units change: what units are worth now, less what they were worth before.';

create or replace function private.unit_differences(touched private.unit_change[]) returns setof private.unit_cell
language sql stable
set search_path = ''
as $$
  with signed as (
    select -1 as k, t.was as u from unnest(touched) t where (t.was).unit_id is not null
    union all
    select 1, t.now from unnest(touched) t where (t.now).unit_id is not null
  )
  select (s.u).workspace_id, (s.u).experiment_id, (s.u).phase_id, (s.u).variant_id, (s.u).standing, (s.u).intent_id,
    (s.u).segments, (s.u).entry_day, sum(s.k)::bigint
  from signed s
  group by 1, 2, 3, 4, 5, 6, 7, 8
  having sum(s.k) <> 0
$$;

comment on function private.unit_differences(private.unit_change[]) is 'By how much the numbers of units change.';

create or replace function private.add_units(moved private.unit_cells[]) returns void
language sql
set search_path = ''
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
begin atomic
  insert into private.unit_cells as c select n.* from unnest(moved) n where n.units <> 0
  on conflict on constraint unit_cells_pkey do update set units = c.units + excluded.units;
  delete from private.unit_cells c using unnest(moved) n
  where c.units = 0 and c.experiment_id = n.experiment_id and c.phase_id = n.phase_id and c.variant_id = n.variant_id
    and c.standing = n.standing and c.dimension = n.dimension and c.segment = n.segment and c.entry_day = n.entry_day;
end;

comment on function private.add_units(private.unit_cells[]) is 'Moves the numbers of units.';

create or replace function private.add_moments(moved private.effect_moments[]) returns void
language sql
set search_path = ''
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
begin atomic
  insert into private.effect_moments as m select n.* from unnest(moved) n
  on conflict on constraint effect_moments_pkey do update set
    units_with_value = m.units_with_value + excluded.units_with_value,
    outcomes_used = m.outcomes_used + excluded.outcomes_used,
    outcomes_before = m.outcomes_before + excluded.outcomes_before,
    outcomes_after = m.outcomes_after + excluded.outcomes_after,
    y = m.y + excluded.y, d = m.d + excluded.d, x = m.x + excluded.x, w = m.w + excluded.w,
    yy = m.yy + excluded.yy, yd = m.yd + excluded.yd, yx = m.yx + excluded.yx, yw = m.yw + excluded.yw,
    dd = m.dd + excluded.dd, dx = m.dx + excluded.dx, dw = m.dw + excluded.dw,
    xx = m.xx + excluded.xx, xw = m.xw + excluded.xw, ww = m.ww + excluded.ww;
  delete from private.effect_moments m using unnest(moved) n
  where m.outcomes_used + m.outcomes_before + m.outcomes_after = 0 and m.experiment_id = n.experiment_id
    and m.metric_id = n.metric_id and m.phase_id = n.phase_id and m.variant_id = n.variant_id and m.standing = n.standing
    and m.dimension = n.dimension and m.segment = n.segment and m.entry_day = n.entry_day;
end;

comment on function private.add_moments(private.effect_moments[]) is 'Moves sums over units by differences; a sum of nothing is not kept.';

create or replace function private.restate(moved private.effect_moments[]) returns void
language sql
set search_path = ''
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
begin atomic
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
end;

comment on function private.restate(private.effect_moments[]) is
E'Notes the cohorts that change although their window is closed: the day after the last unit entered, and the metric''s window.\nWhat is counted for the first time is no restatement.';
