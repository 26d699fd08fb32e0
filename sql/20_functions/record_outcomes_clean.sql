-- As record_inferences_clean.sql.
do $make$
begin
  execute format($function$
create or replace function private.insert_clean_outcomes(tenant uuid, batch jsonb) returns void
language plpgsql
set search_path = ''
set enable_nestloop = off
set enable_mergejoin = off
set plan_cache_mode = 'force_generic_plan'
as $body$
declare
  latest constant text := private.latest_text();
  -- An id of now: of a time-ordered uuid the time, then the event's own bits.
  prefix constant text := left(private.uuidv7()::text, 15);
begin
  if batch @? %3$L then
    raise data_exception;
  end if;
  with t as materialized (
    select x.* from rows from (jsonb_to_recordset(batch) as (%1$s)) with ordinality as x
  ),
  places as materialized (
    select e.id, e.key, tenant || '|' || e.id || '|' as scope from public.environments e
    where e.workspace_id = tenant and (e.id = any ((select private.key_environments())::uuid[])) is not false
  ),
  -- Claimed in one order, so that two batches with the same rows never wait for each other.
  seen as materialized (
    -- As private.event_claim.
    select encode(substr(sha256(convert_to(
        e.scope || length(x.source) || '|' || x.source || '|' || x.source_event_id, 'UTF8')), 1, 16), 'hex')::uuid as claim,
      e.id as environment_id, m.id as metric_id, v.value, x.subject, x.conversation, x.inference_id::uuid,
      x.key ->> 'type' as key_type, x.key ->> 'value' as key_value, x.occurred_at::timestamptz, x.source, x.source_event_id
    from t x
    left join places e on e.key = x.environment
    left join public.outcome_metrics m on m.workspace_id = tenant and m.key = x.metric and m.kind <> 'ratio' and m.source = 'outcomes'
    cross join lateral (select case x.value when 'true' then 1 when 'false' then 0 else x.value::double precision end) as v (value)
    where (num_nulls(e.id, m.id) = 0 and num_nonnulls(x.subject, x.conversation, x.inference_id, x.key) > 0
      and case when m.kind = 'proportion' then v.value in (0, 1) else v.value = 0 or abs(v.value) between 1e-59 and 1e59 end
      and %2$s) is true or private.turn_down()
    order by 1
  ),
  claimed as (
    insert into private.outcome_claims (key, metric_id, received_on)
    select s.claim, s.metric_id, (now() at time zone 'UTC')::date from seen s returning 1
  )
  insert into public.outcomes (id, workspace_id, environment_id, metric_id, value, subject, conversation, inference_id,
    key_type, key_value, occurred_at, source, source_event_id)
  select overlay(s.claim::text placing prefix from 1)::uuid, tenant, s.environment_id, s.metric_id, s.value, s.subject,
    s.conversation, s.inference_id, s.key_type, s.key_value, s.occurred_at, s.source, s.source_event_id
  from seen s where (select count(*) from claimed) > 0;
end
$body$
$function$, private.clean_columns('outcome'), private.clean_tests('outcome'), private.clean_numbers('outcome'));
end
$make$;

comment on function private.insert_clean_outcomes(uuid, jsonb) is
'As insert_clean_inferences, for outcomes.';

create or replace function private.land_clean_outcomes(tenant uuid, batch jsonb) returns bigint
language plpgsql
set search_path = ''
as $$
begin
  perform private.insert_clean_outcomes(tenant, batch);
  return jsonb_array_length(batch);
exception
  when data_exception or unique_violation then
    return null;
end
$$;

comment on function private.land_clean_outcomes(uuid, jsonb) is
'Lands a batch that has no fault, no repeat and no clock that is ahead; null, and nothing landed, when it is none.';
