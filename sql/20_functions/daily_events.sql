-- What new events add to unit-days that are there. A value that was only added to is added to: nothing is read again.
create type private.unit_event as (unit tid, metric_id uuid, is_ratio boolean, slot text, fold text, value numeric);

comment on type private.unit_event is 'An event in a metric''s window of a unit-day, by where the unit-day is stored.';

create or replace function private.new_day_events(from_tx bigint, to_tx bigint) returns setof private.unit_event
language plpgsql stable rows 10000
set search_path = ''
set enable_seqscan = off
set extra_float_digits = 1
as $$
begin
  return query
  with parts as materialized (select p.* from private.metric_parts p where p.source = 'outcomes'),
  events as (
    select o.workspace_id, o.environment_id, null::uuid as capability_id, o.subject, o.occurred_at as at, o.value,
      p.metric_id, p.is_ratio, p.slot, p.fold, p.attribution_window
    from (
      select s.workspace_id, s.environment_id, s.metric_id, s.subject, s.occurred_at, s.value
      from public.outcomes s where s.tx >= from_tx and s.tx < to_tx and s.subject is not null
      union all
      select s.workspace_id, s.environment_id, s.metric_id, s.subject, s.occurred_at, s.value
      from private.outcome_places s
      where s.tx >= from_tx and s.tx < to_tx and s.said_subject is null and s.subject is not null
    ) as o
    join parts p on p.event_metric_id = o.metric_id
    union all
    select c.workspace_id, c.environment_id, c.capability_id, c.subject, c.at, c.figure,
      c.metric_id, c.is_ratio, c.slot, c.fold, c.attribution_window
    from private.day_calls c where c.tx >= from_tx and c.tx < to_tx and c.figure is not null
  )
  -- Exact by hand, as private.exact does: a function per row would cost more than the rest.
  select u.at, e.metric_id, e.is_ratio, e.slot, e.fold,
    case when e.value = trunc(e.value) and abs(e.value) < 1e15 then e.value::bigint::numeric else e.value::text::numeric end
  from events e
  cross join lateral (
    select d.ctid as at from private.unit_days d
    where d.workspace_id = e.workspace_id and d.subject = e.subject and d.environment_id = e.environment_id
      and d.day between ((e.at - e.attribution_window) at time zone 'UTC')::date and (e.at at time zone 'UTC')::date
      and d.first_at <= e.at and d.first_at > e.at - e.attribution_window
      and (e.capability_id is null or d.capability_id = e.capability_id)
    offset 0
  ) as u;
end
$$;

comment on function private.new_day_events(bigint, bigint) is
'What these transactions add to unit-days that are there: outcomes with the subjects that they have by now, and calls.';

create or replace function private.day_events_of(keys private.unit_day_key[], before bigint) returns setof private.unit_event
language plpgsql stable rows 10000
set search_path = ''
set enable_seqscan = off
set extra_float_digits = 1
as $$
begin
  return query
  with parts as materialized (select p.* from private.metric_parts p where p.source = 'outcomes'),
  units as materialized (
    select u.* from unnest(keys) k cross join lateral (
      select d.ctid as unit, d.* from private.unit_days d
      where d.workspace_id = k.workspace_id and d.subject = k.subject and d.environment_id = k.environment_id and d.day = k.day
        and d.capability_id = k.capability_id offset 0) as u
  ),
  events as (
    select u.unit, p.metric_id, p.is_ratio, p.slot, p.fold, e.value
    from units u cross join lateral (
      select o.metric_id, o.value, o.at from private.unit_events o
      where o.workspace_id = u.workspace_id and o.unit_kind = 'subject' and o.unit_id = u.subject and o.source = 'outcomes'
        and o.environment_id = u.environment_id and o.at >= u.first_at and o.tx + 0 < before
      offset 0) as e
    join parts p on p.event_metric_id = e.metric_id
    where e.at < u.first_at + p.attribution_window
    union all
    select u.unit, c.metric_id, c.is_ratio, c.slot, c.fold, c.figure
    from units u cross join lateral (
      select s.* from private.day_calls s
      where s.workspace_id = u.workspace_id and s.subject = u.subject and s.environment_id = u.environment_id
        and s.capability_id = u.capability_id and s.at >= u.first_at and s.at < u.first_at + s.attribution_window
        and s.tx + 0 < before
      offset 0) as c
    where c.figure is not null
  )
  select e.unit, e.metric_id, e.is_ratio, e.slot, e.fold,
    case when e.value = trunc(e.value) and abs(e.value) < 1e15 then e.value::bigint::numeric else e.value::text::numeric end
  from events e;
end
$$;

comment on function private.day_events_of(private.unit_day_key[], bigint) is
'All events of some unit-days from the transactions before a watermark, each unit found by index.';

create type private.day_value as (unit tid, metric_id uuid, had boolean, was_y numeric, was_d numeric, y numeric, d numeric, value jsonb);

comment on type private.day_value is 'What a unit-day is worth to a metric, before and after; had: whether there was a value before.';

create or replace function private.day_values(events private.unit_event[]) returns setof private.day_value
language plpgsql stable rows 10000
set search_path = ''
-- Each unit-day is read where it is stored, whatever the planner thinks that there are.
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set enable_sort = off
set work_mem = '64MB'
as $$
begin
  return query
  with tallies as materialized (
    select e.unit, e.metric_id, e.is_ratio, e.fold, coalesce(sum(e.value) filter (where e.slot = 'y'), 0) as y,
      max(e.value) as top, count(*) as n, coalesce(sum(e.value) filter (where e.slot = 'd'), 0) as d
    from unnest(events) e
    group by e.unit, e.metric_id, e.is_ratio, e.fold
  ),
  -- Materialized: else each use of a value would compute it again.
  stored as materialized (
    select t.*, u.folded -> t.metric_id::text as was
    from tallies t cross join lateral (select d.folded from private.unit_days d where d.ctid = t.unit offset 0) u
  ),
  kept as materialized (
    select s.*, coalesce((s.was -> 'y')::numeric, 0) as was_y, coalesce((s.was -> 'd')::numeric, 0) as was_d,
      case when s.fold = 'mean' then trim_scale(s.y + coalesce((s.was -> 's')::numeric, 0)) end as sum,
      case when s.fold = 'mean' then s.n + coalesce((s.was -> 'c')::bigint, 0) end as count
    from stored s
  ),
  folded as materialized (
    select k.*, case k.fold when 'max' then greatest(k.top, (k.was -> 'y')::numeric)
        when 'sum' then trim_scale(k.was_y + k.y) else k.sum / k.count end as new_y,
      case when k.is_ratio then trim_scale(k.was_d + k.d) else 1 end as new_d
    from kept k
  )
  select f.unit, f.metric_id, f.was is not null, f.was_y, f.was_d, f.new_y, f.new_d,
    case when f.fold = 'mean' then jsonb_build_object('y', f.new_y, 'd', f.new_d, 's', f.sum, 'c', f.count)
      else jsonb_build_object('y', f.new_y, 'd', f.new_d) end
  from folded f;
end
$$;

comment on function private.day_values(private.unit_event[]) is 'What unit-days are worth with some more events.';

create or replace function private.value_cells(moves private.day_value[]) returns setof private.daily_cells
language plpgsql stable
set search_path = ''
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set enable_sort = off
set work_mem = '64MB'
as $$
begin
  return query
  with sums as (
    select u.workspace_id, u.environment_id, u.capability_id, u.day, m.metric_id, u.action_id, u.intent_id,
      u.prompt_version_id, u.provider, u.requested_model, u.model, count(*) filter (where not m.had) as n,
      sum(m.y - m.was_y) as y, sum(m.y * m.y - m.was_y * m.was_y) as yy, sum(m.d - m.was_d) as d,
      sum(m.d * m.d - m.was_d * m.was_d) as dd, sum(m.y * m.d - m.was_y * m.was_d) as yd
    from unnest(moves) m cross join lateral (select d.* from private.unit_days d where d.ctid = m.unit offset 0) u
    group by u.workspace_id, u.environment_id, u.capability_id, u.day, m.metric_id, u.action_id, u.intent_id,
      u.prompt_version_id, u.provider, u.requested_model, u.model
  )
  select private.cell_id(jsonb_build_array(s.environment_id, s.capability_id, s.day, s.metric_id, s.action_id, s.intent_id,
    s.prompt_version_id, s.provider, s.requested_model, s.model)), s.* from sums s
  where (s.n, s.y, s.yy, s.d, s.dd, s.yd) is distinct from (0, 0, 0, 0, 0, 0);
end
$$;

comment on function private.value_cells(private.day_value[]) is 'What values that moved make of the cells: the exact difference.';

create or replace function private.fold_days(moves private.day_value[]) returns void
language plpgsql
set search_path = ''
-- Each where it is stored: a plan that was made while there were none would read them all for each.
set enable_seqscan = off
set enable_indexscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
begin
  update private.unit_days u set folded = u.folded || n.news
  from (select m.unit, jsonb_object_agg(m.metric_id, m.value) as news from unnest(moves) m group by m.unit) n
  where u.ctid = n.unit;
end
$$;

comment on function private.fold_days(private.day_value[]) is 'Keeps what unit-days are worth by now.';

create or replace function private.add_day_events(events private.unit_event[]) returns setof private.cell_move
language plpgsql
set search_path = ''
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set enable_sort = off
set work_mem = '64MB'
as $$
declare
  moves constant private.day_value[] := array(select v from private.day_values(events) v);
  cells constant private.daily_cells[] := array(select c from private.value_cells(moves) c);
begin
  perform private.add_cells(cells);
  perform private.fold_days(moves);
  return query select m.* from private.cell_moves(cells) m;
end
$$;

comment on function private.add_day_events(private.unit_event[]) is 'Adds events to the unit-days whose they are, and to the cells; where numbers moved.';
