-- What each hour's calls cost. Sums over calls: a call is added once, and taken away when it is erased.
create or replace function private.hours_of(from_tx bigint, to_tx bigint, tenant uuid default null, who text default null)
returns setof private.hourly_calls
language plpgsql stable rows 1000
set search_path = ''
-- A null stands for everybody: each way has a plan of its own.
set plan_cache_mode = force_custom_plan
set enable_seqscan = off
set enable_sort = off
set work_mem = '64MB'
set extra_float_digits = 1
as $$
begin
  return query
  with sums as (
    select i.workspace_id, i.environment_id, i.capability_id, date_trunc('hour', i.started_at, 'UTC') as hour, i.action_id,
      i.intent_id, i.prompt_version_id, i.provider, i.requested_model, coalesce(i.resolved_model, i.requested_model) as model,
      count(*) as calls, count(*) filter (where i.status = 'error') as errors,
      sum(x.latency) as latency, sum(x.latency * x.latency) as squares,
      count(i.cost_usd) as priced, coalesce(sum(i.cost_usd::text::numeric), 0) as cost,
      count(*) filter (where num_nonnulls(i.input_tokens, i.output_tokens) > 0) as metered,
      coalesce(sum(i.input_tokens), 0)::numeric as tokens_in, coalesce(sum(i.output_tokens), 0)::numeric as tokens_out
    from public.inferences i
    cross join lateral (select i.latency_ms::text::numeric as latency offset 0) as x
    where i.tx >= from_tx and i.tx < to_tx and (tenant is null or i.workspace_id = tenant) and (who is null or i.subject = who)
    group by i.workspace_id, i.environment_id, i.capability_id, date_trunc('hour', i.started_at, 'UTC'), i.action_id, i.intent_id,
      i.prompt_version_id, i.provider, i.requested_model, coalesce(i.resolved_model, i.requested_model)
  )
  select private.cell_id(jsonb_build_array(s.environment_id, s.capability_id, s.hour at time zone 'UTC', s.action_id, s.intent_id,
    s.prompt_version_id, s.provider, s.requested_model, s.model)), s.* from sums s;
end
$$;

comment on function private.hours_of(bigint, bigint, uuid, text) is
'The hours that the calls of a range of transactions make, perhaps of one workspace, or of one subject of it.';

create or replace function private.add_hours(hours private.hourly_calls[], sign integer) returns void
language plpgsql
set search_path = ''
as $$
declare
  emptied uuid[];
begin
  with moved as (
    insert into private.hourly_calls as stored
    select h.id, h.workspace_id, h.environment_id, h.capability_id, h.hour, h.action_id, h.intent_id, h.prompt_version_id,
      h.provider, h.requested_model, h.model, sign * h.calls, sign * h.errors, sign * h.latency_ms, sign * h.latency_squares,
      sign * h.priced_calls, sign * h.cost_usd, sign * h.metered_calls, sign * h.input_tokens, sign * h.output_tokens
    from unnest(hours) h
    on conflict on constraint hourly_calls_pkey do update set
      calls = stored.calls + excluded.calls, errors = stored.errors + excluded.errors,
      latency_ms = stored.latency_ms + excluded.latency_ms,
      latency_squares = stored.latency_squares + excluded.latency_squares,
      priced_calls = stored.priced_calls + excluded.priced_calls, cost_usd = stored.cost_usd + excluded.cost_usd,
      metered_calls = stored.metered_calls + excluded.metered_calls,
      input_tokens = stored.input_tokens + excluded.input_tokens,
      output_tokens = stored.output_tokens + excluded.output_tokens
    returning stored.id, stored.calls
  )
  select array_agg(m.id) into emptied from moved m where m.calls = 0;
  delete from private.hourly_calls h where h.id = any (emptied);
end
$$;

comment on function private.add_hours(private.hourly_calls[], integer) is 'Adds hours to those that are there, or takes them away with sign -1.';
