-- Nearly every batch is clean, and then this is all: read, look and land, as sets. It may turn a good batch down, which
-- record_inferences then reads row by row, and must never take a bad one (a test throws rows at both). What jsonb_to_recordset
-- makes a text of was another kind of JSON only if it begins like one; what cannot be cast raises, as all that is not clean does.
create or replace function private.clean_inferences(tenant uuid, batch jsonb) returns setof private.inference_row
language plpgsql stable
set search_path = ''
-- A batch has no statistics: without these, thousands of rows would be joined as if they were a few.
set enable_nestloop = off
set enable_mergejoin = off
as $$
declare
  d constant integer[] := private.doubtful_starts();
  shapes constant text[] := private.instant_shapes();
  -- All shapes are in UTC, so that their texts have the order of time.
  latest constant text := private.latest_text();
  clean bigint;
begin
  return query
  with t as materialized (
    select x.id::uuid as id, x.environment, x.subject, x.conversation, x.capability, x.action, x.intent, x.version_id,
      x.experiment_id, x.variant_id, x.provider, x.requested_model, x.resolved_model, x.started_at::timestamptz as started_at,
      x.latency_ms::float8 as latency_ms, x.input_tokens::integer as input_tokens, x.output_tokens::integer as output_tokens,
      x.cost_usd::float8 as cost_usd, x.status, x.error_code, x.finish_reason, x.output, x.keys,
      x.id like '________-____-____-____-____________' and x.status in ('ok', 'error')
        and translate(x.started_at, '123456789', '000000000') = any (shapes) and x.started_at collate "C" < latest
        and (x.input_tokens is null or scale(x.input_tokens::numeric) = 0)
        and (x.output_tokens is null or scale(x.output_tokens::numeric) = 0)
        and (x.keys is null or private.are_keys(x.keys))
        and x.subject <> '' and octet_length(x.subject) <= 512
        and (ascii(x.subject) <> all (d) or private.is_text_at(batch, x.ordinality, 'subject'))
        and x.provider <> '' and octet_length(x.provider) <= 512
        and (ascii(x.provider) <> all (d) or private.is_text_at(batch, x.ordinality, 'provider'))
        and x.requested_model <> '' and octet_length(x.requested_model) <= 512
        and (ascii(x.requested_model) <> all (d) or private.is_text_at(batch, x.ordinality, 'requested_model'))
        and (x.environment is null or ascii(x.environment) <> all (d) or private.is_text_at(batch, x.ordinality, 'environment'))
        and (x.capability is null or ascii(x.capability) <> all (d) or private.is_text_at(batch, x.ordinality, 'capability'))
        and (x.action is null or ascii(x.action) <> all (d) or private.is_text_at(batch, x.ordinality, 'action'))
        and (x.intent is null or ascii(x.intent) <> all (d) or private.is_text_at(batch, x.ordinality, 'intent'))
        and (x.output is null or ascii(x.output) <> all (d) or private.is_text_at(batch, x.ordinality, 'output'))
        and (x.conversation is null or x.conversation <> '' and octet_length(x.conversation) <= 512
          and (ascii(x.conversation) <> all (d) or private.is_text_at(batch, x.ordinality, 'conversation')))
        and (x.resolved_model is null or x.resolved_model <> '' and octet_length(x.resolved_model) <= 512
          and (ascii(x.resolved_model) <> all (d) or private.is_text_at(batch, x.ordinality, 'resolved_model')))
        and (x.error_code is null or x.error_code <> '' and octet_length(x.error_code) <= 512
          and (ascii(x.error_code) <> all (d) or private.is_text_at(batch, x.ordinality, 'error_code')))
        and (x.finish_reason is null or x.finish_reason <> '' and octet_length(x.finish_reason) <= 512
          and (ascii(x.finish_reason) <> all (d) or private.is_text_at(batch, x.ordinality, 'finish_reason'))) as is_good
    from rows from (jsonb_to_recordset(batch) as (
      id text, environment text, subject text, conversation text, capability text, action text, intent text, version_id text,
      experiment_id text, variant_id text, provider text, requested_model text, resolved_model text, started_at text,
      latency_ms jsonb, input_tokens jsonb, output_tokens jsonb, cost_usd jsonb, status text, error_code text,
      finish_reason text, output text, keys jsonb)) with ordinality as x
  ),
  arms as materialized (
    select e.id, e.id::text as said, e.environment_id, v.id as variant_id, coalesce(v.id::text, '') as variant_said
    from public.experiments e
    cross join lateral (select x.id from public.variants x where x.experiment_id = e.id union all select null) as v (id)
    where e.workspace_id = tenant and e.id = any (array(select distinct x.experiment_id::uuid from t x))
  )
  select null::integer, null::jsonb, t.id, e.id, t.subject, t.conversation, c.id, a.id, n.id, v.id, arm.id, arm.variant_id,
    t.provider, t.requested_model, t.resolved_model, t.started_at, t.latency_ms, t.input_tokens, t.output_tokens, t.cost_usd,
    t.status, t.error_code, t.finish_reason, t.output, t.keys
  from t
  join public.environments e on e.workspace_id = tenant and e.key = t.environment
    and (e.id = any ((select private.key_environments())::uuid[])) is not false
  join public.capabilities c on c.workspace_id = tenant and c.key = t.capability
  left join public.actions a on a.workspace_id = tenant and a.capability_id = c.id and a.key = t.action
  left join public.intents n on n.workspace_id = tenant and n.key = t.intent
  join public.prompt_versions v on v.workspace_id = tenant and v.id::text = t.version_id
    and v.id = any (array(select distinct x.version_id::uuid from t x))
  left join arms arm on arm.environment_id = e.id and arm.said = t.experiment_id and arm.variant_said = coalesce(t.variant_id, '')
  where t.is_good and num_nonnulls(t.action, t.intent, t.experiment_id, t.variant_id) = num_nonnulls(a.id, n.id, arm.id, arm.variant_id)
    and (t.latency_ms = 0 or t.latency_ms between 1e-59 and 1e59)
    and (t.cost_usd is null or t.cost_usd = 0 or t.cost_usd between 1e-59 and 1e59)
    and (t.input_tokens is null or t.input_tokens >= 0) and (t.output_tokens is null or t.output_tokens >= 0);
  get diagnostics clean = row_count;
  if clean < jsonb_array_length(batch) then
    raise data_exception;
  end if;
end
$$;

comment on function private.clean_inferences(uuid, jsonb) is
'The rows of a batch as they would land; raises a data exception when one of them is not clean at first sight.';

create or replace function private.land_clean_inferences(tenant uuid, batch jsonb) returns bigint
language plpgsql
set search_path = ''
as $$
declare
  landed bigint;
begin
  -- In the order of their ids, so that two batches with the same rows never wait for each other.
  insert into public.inferences (id, workspace_id, environment_id, subject, conversation, capability_id, action_id, intent_id,
    prompt_version_id, experiment_id, variant_id, provider, requested_model, resolved_model, started_at, latency_ms,
    input_tokens, output_tokens, cost_usd, status, error_code, finish_reason, output)
  select s.id, tenant, s.environment_id, s.subject, s.conversation, s.capability_id, s.action_id, s.intent_id,
    s.version_id, s.experiment_id, s.variant_id, s.provider, s.requested_model, s.resolved_model, s.started_at, s.latency_ms,
    s.input_tokens, s.output_tokens, s.cost_usd, s.status, s.error_code, s.finish_reason, s.output
  from private.clean_inferences(tenant, batch) s order by s.id;
  get diagnostics landed = row_count;
  if private.names_erased(tenant, batch) then
    raise data_exception;
  end if;
  if batch @? '$[*].keys[*]' then
    perform private.land_keys(tenant, array(
      select r from jsonb_populate_recordset(null::private.inference_row, batch) r where r.keys is not null));
  end if;
  return landed;
exception
  when data_exception or unique_violation then
    return null;
end
$$;

comment on function private.land_clean_inferences(uuid, jsonb) is
'Lands a batch that has no fault, no repeat and no clock that is ahead; null, and nothing landed, when it is none.';
