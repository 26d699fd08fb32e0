-- Nearly every batch is clean, and then this is all: read, look and land, in one statement. It may turn a good batch down, which
-- record_inferences then reads row by row, and must never take a bad one (a test throws rows at both).
do $make$
begin
  execute format($function$
create or replace function private.insert_clean_inferences(tenant uuid, batch jsonb) returns void
language plpgsql
set search_path = ''
-- A batch has no statistics: without these, thousands of rows would be joined as if they were a few.
set enable_nestloop = off
set enable_mergejoin = off
-- A connection plans it once, not five times.
set plan_cache_mode = 'force_generic_plan'
as $body$
declare
  latest constant text := private.latest_text();
begin
  if batch @? %3$L then
    raise data_exception;
  end if;
  with t as materialized (
    select x.* from rows from (jsonb_to_recordset(batch) as (%1$s)) with ordinality as x
  ),
  versions as materialized (
    select v.id, v.id::text as said from public.prompt_versions v
    where v.workspace_id = tenant and v.id = any (array(select distinct x.version_id::uuid from t x))
  ),
  arms as materialized (
    select e.id, e.id::text as said, e.environment_id, v.id as variant_id, coalesce(v.id::text, '') as variant_said
    from public.experiments e
    cross join lateral (select x.id from public.variants x where x.experiment_id = e.id union all select null) as v (id)
    where e.workspace_id = tenant and e.id = any (array(select distinct x.experiment_id::uuid from t x))
  )
  insert into public.inferences (id, workspace_id, environment_id, subject, conversation, capability_id, action_id, intent_id,
    prompt_version_id, experiment_id, variant_id, provider, requested_model, resolved_model, started_at, latency_ms,
    input_tokens, output_tokens, cost_usd, status, error_code, finish_reason, output)
  select x.id::uuid as id, tenant, e.id, x.subject, x.conversation, c.id, a.id, n.id, v.id, arm.id, arm.variant_id,
    x.provider, x.requested_model, x.resolved_model, x.started_at::timestamptz, x.latency_ms,
    x.input_tokens, x.output_tokens, x.cost_usd, x.status, x.error_code, x.finish_reason, x.output
  from t x
  left join public.environments e on e.workspace_id = tenant and e.key = x.environment
    and (e.id = any ((select private.key_environments())::uuid[])) is not false
  left join public.capabilities c on c.workspace_id = tenant and c.key = x.capability
  left join public.actions a on a.workspace_id = tenant and a.capability_id = c.id and a.key = x.action
  left join public.intents n on n.workspace_id = tenant and n.key = x.intent
  left join versions v on v.said = x.version_id
  left join arms arm on arm.environment_id = e.id and arm.said = x.experiment_id and arm.variant_said = coalesce(x.variant_id, '')
  where (num_nulls(e.id, c.id, v.id) = 0
    and num_nonnulls(x.action, x.intent, x.experiment_id, x.variant_id) = num_nonnulls(a.id, n.id, arm.id, arm.variant_id)
    and %2$s) is true or private.turn_down()
  -- In the order of their ids, so that two batches with the same rows never wait for each other.
  order by 1;
end
$body$
$function$, private.clean_columns('inference'), private.clean_tests('inference'), private.clean_numbers('inference'));
end
$make$;

comment on function private.insert_clean_inferences(uuid, jsonb) is
'Lands a batch of which every row is clean; raises a data exception, and has written nothing, when one of them is not at first sight.';

create or replace function private.land_clean_inferences(tenant uuid, batch jsonb) returns bigint
language plpgsql
set search_path = ''
as $$
begin
  perform private.insert_clean_inferences(tenant, batch);
  if private.names_erased(tenant, batch) then
    raise data_exception;
  end if;
  if batch @? '$[*].keys[*]' then
    perform private.land_keys(tenant, array(
      select r from jsonb_populate_recordset(null::private.inference_row, batch) r where r.keys is not null));
  end if;
  return jsonb_array_length(batch);
exception
  when data_exception or unique_violation then
    return null;
end
$$;

comment on function private.land_clean_inferences(uuid, jsonb) is
'Lands a batch that has no fault, no repeat and no clock that is ahead; null, and nothing landed, when it is none.';
