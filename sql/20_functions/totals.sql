-- Totals of the daily tier: what cells gained is added, what they lost is taken away. Their writers hold private.daily_lock.
create or replace function private.day_totals_of(gained private.daily_cells[], lost private.daily_cells[])
returns setof private.day_totals
language plpgsql immutable
set search_path = ''
set enable_sort = off
set work_mem = '64MB'
as $$
begin
  return query
  select c.workspace_id, c.environment_id, coalesce(c.metric_id, '00000000-0000-0000-0000-000000000000'),
    case when grouping(c.action_id) = 0 then 'action' when grouping(c.intent_id) = 0 then 'intent'
      when grouping(c.model) = 0 then 'model' else 'all' end as dimension,
    coalesce(c.action_id::text, c.intent_id::text, c.model, '') as segment, c.day, c.capability_id, sum(c.n)::bigint, sum(c.y), sum(c.d)
  from (
    select g.workspace_id, g.environment_id, g.metric_id, g.action_id, g.intent_id, g.model, g.day, g.capability_id, g.n, g.y, g.d
    from unnest(gained) g
    union all
    select l.workspace_id, l.environment_id, l.metric_id, l.action_id, l.intent_id, l.model, l.day, l.capability_id, -l.n, -l.y, -l.d
    from unnest(lost) l) c
  group by c.workspace_id, c.environment_id, c.metric_id, c.day, c.capability_id,
    grouping sets ((), (c.action_id), (c.intent_id), (c.model))
  having num_nonnulls(c.action_id, c.intent_id, c.model) = 1 or grouping(c.action_id, c.intent_id, c.model) = 7;
end
$$;

comment on function private.day_totals_of(private.daily_cells[], private.daily_cells[]) is
'What totals gain when cells are gained and lost.';

create or replace function private.add_day_totals(gained private.daily_cells[], lost private.daily_cells[]) returns void
language plpgsql
set search_path = ''
as $$
declare
  emptied private.day_totals[];
begin
  with moved as (
    insert into private.day_totals as stored select t.* from private.day_totals_of(gained, lost) t
    on conflict on constraint day_totals_pkey do update
      set n = stored.n + excluded.n, y = stored.y + excluded.y, d = stored.d + excluded.d
    returning stored.*
  )
  select array_agg(m::private.day_totals) into emptied from moved m where m.n = 0;
  delete from private.day_totals t using unnest(emptied) e
  where t.workspace_id = e.workspace_id and t.environment_id = e.environment_id and t.metric_id = e.metric_id
    and t.dimension = e.dimension and t.segment = e.segment and t.day = e.day and t.capability_id = e.capability_id;
end
$$;

comment on function private.add_day_totals(private.daily_cells[], private.daily_cells[]) is
'Adds to the totals what cells gained, and takes away what they lost; a total that is empty again goes.';

create or replace function private.hour_totals_of(gained private.hourly_calls[], lost private.hourly_calls[])
returns setof private.hour_totals
language plpgsql immutable
set search_path = ''
set enable_sort = off
set work_mem = '64MB'
as $$
begin
  return query
  select c.workspace_id, c.environment_id,
    case when grouping(c.action_id) = 0 then 'action' when grouping(c.intent_id) = 0 then 'intent'
      when grouping(c.model) = 0 then 'model' else 'all' end as dimension,
    coalesce(c.action_id::text, c.intent_id::text, c.model, '') as segment, c.hour, c.capability_id, sum(c.calls)::bigint, sum(c.errors)::bigint,
    sum(c.latency_ms), sum(c.priced_calls)::bigint, sum(c.cost_usd), sum(c.metered_calls)::bigint, sum(c.input_tokens), sum(c.output_tokens)
  from (
    select g.workspace_id, g.environment_id, g.action_id, g.intent_id, g.model, g.hour, g.capability_id, g.calls, g.errors,
      g.latency_ms, g.priced_calls, g.cost_usd, g.metered_calls, g.input_tokens, g.output_tokens
    from unnest(gained) g
    union all
    select l.workspace_id, l.environment_id, l.action_id, l.intent_id, l.model, l.hour, l.capability_id, -l.calls, -l.errors,
      -l.latency_ms, -l.priced_calls, -l.cost_usd, -l.metered_calls, -l.input_tokens, -l.output_tokens
    from unnest(lost) l) c
  group by c.workspace_id, c.environment_id, c.hour, c.capability_id, grouping sets ((), (c.action_id), (c.intent_id), (c.model))
  having num_nonnulls(c.action_id, c.intent_id, c.model) = 1 or grouping(c.action_id, c.intent_id, c.model) = 7;
end
$$;

comment on function private.hour_totals_of(private.hourly_calls[], private.hourly_calls[]) is
'What totals gain when hours are gained and lost.';

create or replace function private.add_hour_totals(gained private.hourly_calls[], lost private.hourly_calls[]) returns void
language plpgsql
set search_path = ''
as $$
declare
  emptied private.hour_totals[];
begin
  with moved as (
    insert into private.hour_totals as stored select t.* from private.hour_totals_of(gained, lost) t
    on conflict on constraint hour_totals_pkey do update set
      calls = stored.calls + excluded.calls, errors = stored.errors + excluded.errors,
      latency_ms = stored.latency_ms + excluded.latency_ms, priced_calls = stored.priced_calls + excluded.priced_calls,
      cost_usd = stored.cost_usd + excluded.cost_usd, metered_calls = stored.metered_calls + excluded.metered_calls,
      input_tokens = stored.input_tokens + excluded.input_tokens, output_tokens = stored.output_tokens + excluded.output_tokens
    returning stored.*
  )
  select array_agg(m::private.hour_totals) into emptied from moved m where m.calls = 0;
  delete from private.hour_totals t using unnest(emptied) e
  where t.workspace_id = e.workspace_id and t.environment_id = e.environment_id and t.dimension = e.dimension
    and t.segment = e.segment and t.hour = e.hour and t.capability_id = e.capability_id;
end
$$;

comment on function private.add_hour_totals(private.hourly_calls[], private.hourly_calls[]) is
'Adds to the totals what hours gained, and takes away what they lost; a total that is empty again goes.';

create or replace function private.differing_totals(tenant uuid) returns table (part text, stored jsonb, expected jsonb)
language sql stable
set search_path = ''
as $$
  with days as (select t.* from private.day_totals t where t.workspace_id = tenant),
  hours as (select t.* from private.hour_totals t where t.workspace_id = tenant),
  true_days as materialized (
    select t.* from private.day_totals_of(array(select c from private.daily_cells c where c.workspace_id = tenant), null) t),
  true_hours as materialized (
    select t.* from private.hour_totals_of(array(select h from private.hourly_calls h where h.workspace_id = tenant), null) t)
  select 'day_total', to_jsonb(x), null::jsonb from (select * from days except all select * from true_days) x
  union all
  select 'day_total', null, to_jsonb(x) from (select * from true_days except all select * from days) x
  union all
  select 'hour_total', to_jsonb(x), null from (select * from hours except all select * from true_hours) x
  union all
  select 'hour_total', null, to_jsonb(x) from (select * from true_hours except all select * from hours) x
$$;

comment on function private.differing_totals(uuid) is 'Totals of a workspace that are not the sums of its cells, or the other way round.';

create or replace function private.rebuild_totals(tenant uuid) returns void
language plpgsql
set search_path = ''
as $$
begin
  perform pg_advisory_xact_lock(private.daily_lock());
  delete from private.day_totals t where t.workspace_id = tenant;
  delete from private.hour_totals t where t.workspace_id = tenant;
  perform private.add_day_totals(array(select c from private.daily_cells c where c.workspace_id = tenant), null);
  perform private.add_hour_totals(array(select h from private.hourly_calls h where h.workspace_id = tenant), null);
end
$$;

comment on function private.rebuild_totals(uuid) is 'Sums a workspace''s cells anew: for whoever wrote them without triggers.';
