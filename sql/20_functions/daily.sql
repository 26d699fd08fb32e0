-- From raw rows to the daily tier: which unit-days a range of transactions touches, what they are by now, and the exact
-- difference that makes to the cells. Each step reads raw rows, so any order of arrival ends in the same cells.
create type private.unit_day_key as (workspace_id uuid, environment_id uuid, capability_id uuid, subject text, day date);

comment on type private.unit_day_key is 'Names a unit-day.';

create or replace function private.utc_day(at timestamptz) returns date
language sql immutable parallel safe
set search_path = ''
return (at at time zone 'UTC')::date;

comment on function private.utc_day(timestamptz) is 'The day of a moment in UTC.';

create or replace function private.seconds_of(span interval) returns interval
language sql immutable parallel safe
set search_path = ''
return make_interval(secs => extract(epoch from span)::double precision);

comment on function private.seconds_of(interval) is 'The same length in seconds: a window is as long in the night when clocks change.';

create or replace function private.first_calls(keys private.unit_day_key[]) returns setof private.unit_days
language sql stable
set search_path = ''
as $$
  select k.workspace_id, k.environment_id, k.capability_id, k.subject, k.day, f.started_at, f.id, f.action_id, f.intent_id,
    f.prompt_version_id, f.provider, f.requested_model, coalesce(f.resolved_model, f.requested_model), '{}'::jsonb
  from unnest(keys) k
  cross join lateral (
    select i.*
    from public.inferences i
    where i.workspace_id = k.workspace_id and i.subject = k.subject
      and i.started_at >= k.day::timestamp at time zone 'UTC'
      and i.started_at < (k.day + 1)::timestamp at time zone 'UTC'
      and i.environment_id = k.environment_id and i.capability_id = k.capability_id
    order by i.started_at, i.id
    limit 1
  ) as f
$$;

comment on function private.first_calls(private.unit_day_key[]) is
'The first inference of each unit-day, as far as there is one: unit-days without their values yet.';

create or replace view private.metric_parts with (security_invoker = true) as
select m.workspace_id, m.id as metric_id, m.kind = 'ratio' as is_ratio, part.slot, part.event_metric_id, part.source,
  case when m.kind = 'ratio' then 'sum' else private.fold_of(m) end as fold,
  private.seconds_of(m.attribution_window) as attribution_window
from public.outcome_metrics m
cross join lateral (
  select 'y' as slot, m.id as event_metric_id, m.source where m.kind not in ('ratio', 'quantile')
  union all
  select half.slot, h.id, h.source
  from (values ('y', m.numerator_metric_id), ('d', m.denominator_metric_id)) as half (slot, id)
  join public.outcome_metrics h on h.id = half.id
) as part;

comment on view private.metric_parts is 'One row per metric × slot: which events make its y, and the d of a ratio, how they fold and in which window. Quantiles have none: they cannot be added up.';

create type private.unit_event as (unit integer, metric_id uuid, is_ratio boolean, slot text, fold text, value numeric);

comment on type private.unit_event is 'An event in a metric''s window of a unit-day, by the unit-day''s place in a list.';

create type private.unit_place as (
  n integer, workspace_id uuid, environment_id uuid, capability_id uuid, subject text, first_at timestamptz
);

comment on type private.unit_place is 'A unit-day''s place in a list, and what its events are found by.';

create or replace function private.unit_places(units private.unit_days[]) returns setof private.unit_place
language sql immutable rows 1000
set search_path = ''
as $$
  select u.n::integer, u.workspace_id, u.environment_id, u.capability_id, u.subject, u.first_at
  from unnest(units) with ordinality as u (workspace_id, environment_id, capability_id, subject, day, first_at, inference_id,
    action_id, intent_id, prompt_version_id, provider, requested_model, model, folded, n)
$$;

comment on function private.unit_places(private.unit_days[]) is 'A list of unit-days by their places in it.';

create or replace function private.call_figure(source text, call public.inferences) returns double precision
language sql immutable parallel safe
set search_path = ''
return case source
  when 'latency_ms' then (call).latency_ms when 'cost_usd' then (call).cost_usd
  when 'input_tokens' then (call).input_tokens when 'output_tokens' then (call).output_tokens
  when 'calls' then 1 when 'errors' then ((call).status = 'error')::integer end;

comment on function private.call_figure(text, public.inferences) is 'What a call is worth to a metric that counts calls; null when it does not say.';

create or replace function private.call_events_of(units private.unit_days[]) returns setof private.unit_event
language sql stable rows 1000
set search_path = ''
as $$
  select u.n, p.metric_id, p.is_ratio, p.slot, p.fold, private.exact(f.figure)
  from private.unit_places(units) u
  join private.metric_parts p on p.workspace_id = u.workspace_id and p.source <> 'outcomes'
  cross join lateral (
    select private.call_figure(p.source, i) as figure from public.inferences i
    where i.workspace_id = u.workspace_id and i.subject = u.subject and i.environment_id = u.environment_id
      and i.capability_id = u.capability_id and i.started_at >= u.first_at and i.started_at < u.first_at + p.attribution_window
    offset 0
  ) as f
  where f.figure is not null
$$;

comment on function private.call_events_of(private.unit_days[]) is
'The calls of unit-days, for metrics that count calls: those of the same capability.';

create or replace function private.found_events(units private.unit_days[]) returns setof private.unit_event
language sql stable rows 1000
set search_path = ''
as $$
  -- Exact by hand, as private.exact does: a function per row would cost more than the rest.
  with parts as materialized (select p.* from private.metric_parts p where p.source = 'outcomes')
  select u.n, p.metric_id, p.is_ratio, p.slot, p.fold,
    case when e.value = trunc(e.value) and abs(e.value) < 1e15 then e.value::bigint::numeric else e.value::text::numeric end
  from private.unit_places(units) u
  cross join lateral (
    select o.metric_id, o.value, o.at from private.unit_events o
    where o.workspace_id = u.workspace_id and o.unit_kind = 'subject' and o.unit_id = u.subject
      and o.source = 'outcomes' and o.environment_id = u.environment_id and o.at >= u.first_at
    offset 0
  ) as e
  join parts p on p.event_metric_id = e.metric_id
  where e.at < u.first_at + p.attribution_window
  union all
  select c.* from private.call_events_of(units) c
$$;

comment on function private.found_events(private.unit_days[]) is
'The events of unit-days, each unit found by index: for the few that a tick touches.';

create or replace function private.placed_events(units private.unit_days[]) returns setof private.unit_event
language sql stable rows 1000
set search_path = ''
-- Without statistics, joins by nested loops are quadratic in subjects.
set enable_nestloop = off
as $$
  select u.n, p.metric_id, p.is_ratio, p.slot, p.fold, private.exact(o.value)
  from private.unit_places(units) u
  join private.placed_outcomes o
    on o.workspace_id = u.workspace_id and o.environment_id = u.environment_id and o.subject = u.subject
  join private.metric_parts p on p.event_metric_id = o.metric_id and p.source = 'outcomes'
  where o.occurred_at >= u.first_at and o.occurred_at < u.first_at + p.attribution_window
  union all
  select c.* from private.call_events_of(units) c
$$;

comment on function private.placed_events(private.unit_days[]) is
'The events of unit-days, placed from raw rows: for all of a workspace, and as the oracle of the others.';

create or replace function private.fold_units(units private.unit_days[], events private.unit_event[]) returns setof private.unit_days
language sql stable rows 1000
set search_path = ''
as $$
  with by_slot as (
    select e.unit, e.metric_id, e.is_ratio, e.slot,
      case e.fold when 'max' then max(e.value) when 'sum' then sum(e.value) else trim_scale(sum(e.value)) / count(*) end as value
    from unnest(events) e
    group by e.unit, e.metric_id, e.is_ratio, e.slot, e.fold
  ),
  by_metric as (
    select b.unit, b.metric_id, trim_scale(coalesce(sum(b.value) filter (where b.slot = 'y'), 0)) as y,
      case when b.is_ratio then trim_scale(coalesce(sum(b.value) filter (where b.slot = 'd'), 0)) else 1 end as d
    from by_slot b
    group by b.unit, b.metric_id, b.is_ratio
  ),
  by_unit as (
    select b.unit, jsonb_object_agg(b.metric_id, jsonb_build_object('y', b.y, 'd', b.d)) as folded
    from by_metric b
    group by b.unit
  )
  select u.workspace_id, u.environment_id, u.capability_id, u.subject, u.day, u.first_at, u.inference_id, u.action_id,
    u.intent_id, u.prompt_version_id, u.provider, u.requested_model, u.model, coalesce(b.folded, u.folded)
  from unnest(units) with ordinality as u (workspace_id, environment_id, capability_id, subject, day, first_at, inference_id,
    action_id, intent_id, prompt_version_id, provider, requested_model, model, folded, n)
  left join by_unit b on b.unit = u.n
$$;

comment on function private.fold_units(private.unit_days[], private.unit_event[]) is 'Unit-days with their values: metric id to {y, d}.';

create or replace function private.unit_days_from_raw(keys private.unit_day_key[]) returns setof private.unit_days
language plpgsql stable
set search_path = ''
as $$
declare
  units constant private.unit_days[] := array(select u from private.first_calls(keys) u);
begin
  return query select f.* from private.fold_units(units, array(select e from private.placed_events(units) e)) f;
end
$$;

comment on function private.unit_days_from_raw(private.unit_day_key[]) is
'What these unit-days are by the raw rows: the truth that the stored ones are held against.';

create or replace function private.unit_days_by_index(keys private.unit_day_key[]) returns setof private.unit_days
language plpgsql stable
set search_path = ''
as $$
declare
  units constant private.unit_days[] := array(select u from private.first_calls(keys) u);
begin
  return query select f.* from private.fold_units(units, array(select e from private.found_events(units) e)) f;
end
$$;

comment on function private.unit_days_by_index(private.unit_day_key[]) is
'The same, with the outcomes where the compactor has placed them.';

create or replace function private.cell_id(parts jsonb) returns uuid
language sql immutable parallel safe
set search_path = ''
return encode(substring(sha256(convert_to(parts::text, 'UTF8')) for 16), 'hex')::uuid;

comment on function private.cell_id(jsonb) is 'The key of a cell whose parts may be null: one small index instead of one over all of them.';

create or replace function private.cells_of(units private.unit_days[]) returns setof private.daily_cells
language sql immutable
set search_path = ''
as $$
  select private.cell_id(jsonb_build_array(u.environment_id, u.capability_id, u.day, f.metric_id, u.action_id, u.intent_id,
      u.prompt_version_id, u.provider, u.requested_model, u.model)),
    u.workspace_id, u.environment_id, u.capability_id, u.day, f.metric_id, u.action_id, u.intent_id,
    u.prompt_version_id, u.provider, u.requested_model, u.model,
    count(*), sum(f.y), sum(f.y * f.y), sum(f.d), sum(f.d * f.d), sum(f.y * f.d)
  from unnest(units) u
  cross join lateral (
    select null::uuid as metric_id, 0::numeric as y, 0::numeric as d
    union all
    select e.key::uuid, (e.value ->> 'y')::numeric, (e.value ->> 'd')::numeric from jsonb_each(u.folded) e
  ) as f
  group by u.workspace_id, u.environment_id, u.capability_id, u.day, f.metric_id, u.action_id, u.intent_id,
    u.prompt_version_id, u.provider, u.requested_model, u.model
$$;

comment on function private.cells_of(private.unit_days[]) is 'Unit-days as the sums of their cells.';

create or replace function private.move_cells(was private.unit_days[], becomes private.unit_days[]) returns void
language plpgsql
set search_path = ''
as $$
begin
  insert into private.daily_cells as stored
  select c.id, c.workspace_id, c.environment_id, c.capability_id, c.day, c.metric_id, c.action_id, c.intent_id,
    c.prompt_version_id, c.provider, c.requested_model, c.model,
    sum(s.sign * c.n), sum(s.sign * c.y), sum(s.sign * c.yy), sum(s.sign * c.d), sum(s.sign * c.dd), sum(s.sign * c.yd)
  from (select -1 as sign, was as units union all select 1, becomes) s
  cross join lateral private.cells_of(s.units) c
  group by c.id, c.workspace_id, c.environment_id, c.capability_id, c.day, c.metric_id, c.action_id, c.intent_id,
    c.prompt_version_id, c.provider, c.requested_model, c.model
  having sum(s.sign * c.n) <> 0 or sum(s.sign * c.y) <> 0 or sum(s.sign * c.yy) <> 0
    or sum(s.sign * c.d) <> 0 or sum(s.sign * c.dd) <> 0 or sum(s.sign * c.yd) <> 0
  on conflict on constraint daily_cells_pkey do update set
    n = stored.n + excluded.n, y = stored.y + excluded.y, yy = stored.yy + excluded.yy,
    d = stored.d + excluded.d, dd = stored.dd + excluded.dd, yd = stored.yd + excluded.yd;
  delete from private.daily_cells c where c.n = 0;
end
$$;

comment on function private.move_cells(private.unit_days[], private.unit_days[]) is
'Applies the exact difference between what unit-days were and what they become; a cell that is empty again goes.';

create or replace function private.replace_unit_days(keys private.unit_day_key[]) returns private.unit_days[]
language plpgsql
set search_path = ''
as $$
declare
  was private.unit_days[] := array(
    select u from unnest(keys) k
    join private.unit_days u on u.workspace_id = k.workspace_id and u.subject = k.subject
      and u.environment_id = k.environment_id and u.capability_id = k.capability_id and u.day = k.day);
  becomes private.unit_days[] := array(select u from private.unit_days_by_index(keys) u);
begin
  select array_agg(p.w) filter (where (p.w).workspace_id is not null), array_agg(p.b) filter (where (p.b).workspace_id is not null)
  into was, becomes
  from (
    select w, b from unnest(was) w
    full join unnest(becomes) b on b.workspace_id = w.workspace_id and b.subject = w.subject
      and b.environment_id = w.environment_id and b.capability_id = w.capability_id and b.day = w.day
    where (w.first_at, w.inference_id, w.intent_id, w.folded) is distinct from (b.first_at, b.inference_id, b.intent_id, b.folded)
  ) p;
  delete from private.unit_days u using unnest(was) w
  where u.workspace_id = w.workspace_id and u.subject = w.subject and u.environment_id = w.environment_id
    and u.capability_id = w.capability_id and u.day = w.day;
  insert into private.unit_days select (b).* from unnest(becomes) b;
  perform private.move_cells(was, becomes);
  return was || becomes;
end
$$;

comment on function private.replace_unit_days(private.unit_day_key[]) is
'Makes these unit-days what the raw rows say, moves the cells by the difference, and returns what was and what became of those that changed.';
