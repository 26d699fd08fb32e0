-- The daily tier made anew, and held against the raw rows. Outcomes are where the compactor has placed them: whether they are
-- there rightly is asked by differing_places.
create or replace function private.expected_firsts(tenant uuid, before bigint) returns setof private.unit_days
language sql stable rows 100000
set search_path = ''
as $$
  select distinct on (i.subject, i.environment_id, i.capability_id, (i.started_at at time zone 'UTC')::date)
    i.workspace_id, i.environment_id, i.capability_id, i.subject, (i.started_at at time zone 'UTC')::date, i.started_at, i.id,
    i.action_id, i.intent_id, i.prompt_version_id, i.provider, i.requested_model, coalesce(i.resolved_model, i.requested_model),
    '{}'::jsonb
  from public.inferences i
  where i.workspace_id = tenant and i.tx < before
    and (i.started_at at time zone 'UTC')::date >= (select w.kept_from from private.daily_watermark w)
  order by i.subject, i.environment_id, i.capability_id, (i.started_at at time zone 'UTC')::date, i.started_at, i.id
$$;

comment on function private.expected_firsts(uuid, bigint) is
'The unit-days of a workspace without their values, from the first day whose raw rows are all there.';

create or replace function private.expected_events(tenant uuid, before bigint)
returns table (inference_id uuid, metric_id uuid, is_ratio boolean, slot text, fold text, value numeric)
language plpgsql stable rows 100000
set search_path = ''
-- Fresh tables have no statistics, and nested loops would be quadratic in subjects.
set enable_nestloop = off
as $$
begin
  return query
  with firsts as materialized (select f.* from private.expected_firsts(tenant, before) f),
  parts as materialized (select p.* from private.metric_parts p where p.workspace_id = tenant and p.source = 'outcomes')
  select f.inference_id, p.metric_id, p.is_ratio, p.slot, p.fold, private.exact(e.value)
  from firsts f
  join private.unit_events e on e.workspace_id = tenant and e.unit_kind = 'subject' and e.source = 'outcomes'
    and e.unit_id = f.subject and e.environment_id = f.environment_id and e.tx < before
  join parts p on p.event_metric_id = e.metric_id
  where e.at >= f.first_at and e.at < f.first_at + p.attribution_window
  union all
  select f.inference_id, c.metric_id, c.is_ratio, c.slot, c.fold, private.exact(c.figure)
  from firsts f
  join private.day_calls c on c.workspace_id = tenant and c.subject = f.subject and c.environment_id = f.environment_id
    and c.capability_id = f.capability_id and c.tx < before
  where c.figure is not null and c.at >= f.first_at and c.at < f.first_at + c.attribution_window;
end
$$;

comment on function private.expected_events(uuid, bigint) is 'The events of a workspace''s unit-days, by their first call.';

create or replace function private.expected_days(tenant uuid, before bigint) returns setof private.unit_days
language plpgsql stable rows 100000
set search_path = ''
set enable_nestloop = off
as $$
begin
  return query
  with tallies as (
    select e.inference_id, e.metric_id, e.is_ratio, e.fold, count(*) as n, max(e.value) as top,
      trim_scale(coalesce(sum(e.value) filter (where e.slot = 'y'), 0)) as y,
      trim_scale(coalesce(sum(e.value) filter (where e.slot = 'd'), 0)) as d
    from private.expected_events(tenant, before) e
    group by e.inference_id, e.metric_id, e.is_ratio, e.fold
  ),
  by_unit as (
    select t.inference_id, jsonb_object_agg(t.metric_id, case t.fold
      when 'mean' then jsonb_build_object('y', t.y / t.n, 'd', 1, 's', t.y, 'c', t.n)
      when 'max' then jsonb_build_object('y', t.top, 'd', 1)
      else jsonb_build_object('y', t.y, 'd', case when t.is_ratio then t.d else 1 end) end) as folded
    from tallies t
    group by t.inference_id
  )
  select f.workspace_id, f.environment_id, f.capability_id, f.subject, f.day, f.first_at, f.inference_id, f.action_id, f.intent_id,
    f.prompt_version_id, f.provider, f.requested_model, f.model, coalesce(b.folded, '{}')
  from private.expected_firsts(tenant, before) f
  left join by_unit b on b.inference_id = f.inference_id;
end
$$;

comment on function private.expected_days(uuid, bigint) is
'The unit-days of a workspace by the raw rows of the transactions before a watermark, from the first day whose rows are all there.';

create or replace function private.expected_day_cells(tenant uuid) returns setof private.daily_cells
language sql stable
set search_path = ''
as $$
  select c.*
  from (
    select array_agg(u) as units from private.unit_days u
    where u.workspace_id = tenant and u.day >= (select w.kept_from from private.daily_watermark w)
    group by u.day) d
  cross join lateral private.cells_of(d.units) c
$$;

comment on function private.expected_day_cells(uuid) is 'The cells of a workspace by its unit-days.';

create or replace function private.expected_hours(tenant uuid, before bigint) returns setof private.hourly_calls
language sql stable
set search_path = ''
as $$
  select h.* from private.hours_of(0, before, tenant) h
  where h.hour at time zone 'UTC' >= (select w.kept_from from private.daily_watermark w)
$$;

comment on function private.expected_hours(uuid, bigint) is 'The hours of a workspace by its raw rows, from the first day whose rows are all there.';

create or replace function private.rebuild_days_at(tenant uuid, before bigint) returns void
language plpgsql
set search_path = ''
as $$
declare
  since constant date := (select w.kept_from from private.daily_watermark w);
begin
  delete from private.unit_days u where u.workspace_id = tenant and u.day >= since;
  delete from private.daily_cells c where c.workspace_id = tenant and c.day >= since;
  delete from private.hourly_calls h where h.workspace_id = tenant and h.hour at time zone 'UTC' >= since;
  insert into private.unit_days select e.* from private.expected_days(tenant, before) e;
  insert into private.daily_cells select c.* from private.expected_day_cells(tenant) c;
  insert into private.hourly_calls select h.* from private.expected_hours(tenant, before) h;
end
$$;

comment on function private.rebuild_days_at(uuid, bigint) is
'Makes a workspace''s days and hours anew, from the first day whose raw rows are all there. Earlier ones stay.';

create or replace function private.rebuild_days(workspace_id uuid) returns void
language plpgsql security definer
set search_path = ''
as $$
begin
  perform pg_advisory_xact_lock(private.daily_lock());
  perform private.rebuild_days_at(workspace_id, (select w.lo from private.daily_watermark w));
end
$$;

comment on function private.rebuild_days(uuid) is
E'Makes a workspace''s daily tier anew from the raw rows. Days whose raw rows were retired stay as they were counted.\nDefiner: nobody writes the tier by hand.';

create or replace function private.rebase_days(horizon bigint) returns void
language plpgsql
set search_path = ''
as $$
begin
  perform pg_advisory_xact_lock(private.daily_lock());
  delete from private.marked_days m where m.id is not null;
  perform private.rebuild_days_at(w.id, horizon) from public.workspaces w;
  update private.daily_watermark w set lo = horizon where w.one;
end
$$;

comment on function private.rebase_days(bigint) is 'Takes the daily tier up in another cluster: all of it anew, and on from the new transaction ids.';

create or replace function private.differing_days(tenant uuid, before bigint)
returns table (part text, stored jsonb, expected jsonb)
language sql stable
set search_path = ''
as $$
  with since as (select w.kept_from from private.daily_watermark w),
  days as (select u.* from private.unit_days u, since s where u.workspace_id = tenant and u.day >= s.kept_from),
  cells as (select c.* from private.daily_cells c, since s where c.workspace_id = tenant and c.day >= s.kept_from),
  hours as (
    select h.* from private.hourly_calls h, since s where h.workspace_id = tenant and h.hour at time zone 'UTC' >= s.kept_from),
  true_days as materialized (select e.* from private.expected_days(tenant, before) e),
  true_cells as materialized (select e.* from private.expected_day_cells(tenant) e),
  true_hours as materialized (select e.* from private.expected_hours(tenant, before) e)
  select 'unit_day', to_jsonb(x), null::jsonb from (select * from days except all select * from true_days) x
  union all
  select 'unit_day', null, to_jsonb(x) from (select * from true_days except all select * from days) x
  union all
  select 'cell', to_jsonb(x), null from (select * from cells except all select * from true_cells) x
  union all
  select 'cell', null, to_jsonb(x) from (select * from true_cells except all select * from cells) x
  union all
  select 'hour', to_jsonb(x), null from (select * from hours except all select * from true_hours) x
  union all
  select 'hour', null, to_jsonb(x) from (select * from true_hours except all select * from hours) x
$$;

comment on function private.differing_days(uuid, bigint) is 'Rows of the daily tier that a recomputation has not, or the other way round.';

create or replace function private.verify_days(workspace_id uuid)
returns table (part text, stored jsonb, expected jsonb)
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  mark private.daily_watermark;
  counted bigint;
begin
  -- Both stand still meanwhile, and the tier comes to where the compactor is.
  perform pg_advisory_xact_lock(private.compactor_lock());
  perform pg_advisory_xact_lock(private.daily_lock());
  counted := (select w.lo from private.watermark w);
  select w.* into mark from private.daily_watermark w;
  perform private.count_days(mark.lo, counted);
  update private.daily_watermark w set lo = counted where w.one;
  if mark.kept_from = '-infinity' then
    return query select d.what, d.kept, d.expected from private.differing_places(workspace_id, counted) d;
  else
    raise notice 'Days before % stand as they were counted: their raw rows are retired.', mark.kept_from;
  end if;
  return query select d.* from private.differing_days(workspace_id, counted) d;
  return query select d.* from private.differing_totals(workspace_id) d;
end
$$;

comment on function private.verify_days(uuid) is
E'What of a workspace''s daily tier is not as the raw rows have it: no rows, or something is wrong. Equality is exact.\nDays whose raw rows were retired cannot be held against anything, and a notice says so.\nDefiner: reads what is closed to callers; the server alone may ask.';

create or replace function private.redefined_metrics() returns setof private.daily_definitions
language plpgsql stable
set search_path = ''
as $$
begin
  return query
  select p.metric_id, p.workspace_id, string_agg(concat_ws(' ', p.slot, p.event_metric_id, p.source, p.fold, p.attribution_window),
    '; ' order by p.slot)
  from private.metric_parts p
  group by p.metric_id, p.workspace_id
  except
  select d.metric_id, d.workspace_id, d.definition from private.daily_definitions d;
end
$$;

comment on function private.redefined_metrics() is 'Metrics that are new or not what the daily tier holds.';

create or replace function private.follow_definitions(before bigint) returns void
language plpgsql
set search_path = ''
as $$
declare
  fresh constant private.daily_definitions[] := array(select r from private.redefined_metrics() r);
  stale uuid[];
begin
  with gone as (
    delete from private.daily_definitions d
    where not exists (select from public.outcome_metrics m where m.id = d.metric_id)
    returning d.workspace_id
  )
  select array_agg(distinct g.workspace_id) into stale from gone g;
  -- A new metric has no events yet, but one that is made of others or of calls has a past.
  perform private.rebuild_days_at(w.id, before) from (
    select distinct f.workspace_id as id from unnest(fresh) f
    left join private.daily_definitions d on d.metric_id = f.metric_id
    where d.metric_id is not null
      or exists (select from private.metric_parts p
        where p.metric_id = f.metric_id and (p.is_ratio or p.source <> 'outcomes'))
    union select unnest(stale)) w
  -- Looked up for those alone: there are none, nearly always, and unit-days are many.
  where (select true from private.unit_days u where u.workspace_id = w.id limit 1);
  insert into private.daily_definitions as stored select (f).* from unnest(fresh) f
  on conflict on constraint daily_definitions_pkey do update set definition = excluded.definition;
end
$$;

comment on function private.follow_definitions(bigint) is 'Computes the days of a workspace anew when one of its metrics is defined otherwise.';
