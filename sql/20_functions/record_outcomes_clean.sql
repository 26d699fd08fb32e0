-- As record_inferences_clean.sql.
create or replace function private.clean_outcomes(tenant uuid, batch jsonb) returns setof private.outcome_row
language plpgsql stable
set search_path = ''
set enable_nestloop = off
set enable_mergejoin = off
as $$
declare
  d constant integer[] := private.doubtful_starts();
  shapes constant text[] := private.instant_shapes();
  latest constant text := private.latest_text();
  clean bigint;
begin
  return query
  with places as materialized (
    select e.id, e.key, tenant || '|' || e.id || '|' as scope from public.environments e
    where e.workspace_id = tenant and (e.id = any ((select private.key_environments())::uuid[])) is not false
  )
  select null::integer, null::jsonb,
    -- As private.event_claim.
    encode(substr(sha256(convert_to(
      e.scope || length(t.source) || '|' || t.source || '|' || t.source_event_id, 'UTF8')), 1, 16), 'hex')::uuid,
    e.id, m.id, v.value, t.subject, t.conversation, t.inference_id::uuid, t.key ->> 'type', t.key ->> 'value',
    t.occurred_at::timestamptz, t.source, t.source_event_id
  from rows from (jsonb_to_recordset(batch) as (
    metric text, environment text, value jsonb, subject text, conversation text, inference_id text, key jsonb, occurred_at text,
    source text, source_event_id text)) with ordinality as t
  join places e on e.key = t.environment
  join public.outcome_metrics m on m.workspace_id = tenant and m.key = t.metric and m.kind <> 'ratio' and m.source = 'outcomes'
  cross join lateral (
    select case when jsonb_typeof(t.value) = 'boolean' then (t.value::boolean)::integer else t.value::float8 end) as v (value)
  where translate(t.occurred_at, '123456789', '000000000') = any (shapes) and t.occurred_at collate "C" < latest
    and case when m.kind = 'proportion' then v.value in (0, 1) else v.value = 0 or abs(v.value) between 1e-59 and 1e59 end
    and num_nonnulls(t.subject, t.conversation, t.inference_id, t.key) > 0
    and (t.inference_id like '________-____-____-____-____________') is not false
    and (t.key is null or private.is_key(t.key))
    and (ascii(t.metric) <> all (d) or private.is_text_at(batch, t.ordinality, 'metric'))
    and (ascii(t.environment) <> all (d) or private.is_text_at(batch, t.ordinality, 'environment'))
    and t.source <> '' and octet_length(t.source) <= 512 and t.source not like 'import:%'
    and (ascii(t.source) <> all (d) or private.is_text_at(batch, t.ordinality, 'source'))
    and t.source_event_id <> '' and octet_length(t.source_event_id) <= 512
    and (ascii(t.source_event_id) <> all (d) or private.is_text_at(batch, t.ordinality, 'source_event_id'))
    and (t.subject is null or t.subject <> '' and octet_length(t.subject) <= 512
      and (ascii(t.subject) <> all (d) or private.is_text_at(batch, t.ordinality, 'subject')))
    and (t.conversation is null or t.conversation <> '' and octet_length(t.conversation) <= 512
      and (ascii(t.conversation) <> all (d) or private.is_text_at(batch, t.ordinality, 'conversation')));
  get diagnostics clean = row_count;
  if clean < jsonb_array_length(batch) then
    raise data_exception;
  end if;
end
$$;

comment on function private.clean_outcomes(uuid, jsonb) is
'The rows of a batch as they would land; raises a data exception when one of them is not clean at first sight.';

create or replace function private.land_clean_outcomes(tenant uuid, batch jsonb) returns bigint
language plpgsql
set search_path = ''
as $$
declare
  -- An id of now: of a time-ordered uuid the time, then the event's own bits.
  prefix constant text := left(private.uuidv7()::text, 15);
  landed bigint;
begin
  -- Claimed in one order, so that two batches with the same rows never wait for each other.
  with seen as materialized (select s.* from private.clean_outcomes(tenant, batch) s order by s.claim),
  claimed as (
    insert into private.outcome_claims (key, metric_id, received_on)
    select s.claim, s.metric_id, (now() at time zone 'UTC')::date from seen s returning 1
  )
  insert into public.outcomes (id, workspace_id, environment_id, metric_id, value, subject, conversation, inference_id,
    key_type, key_value, occurred_at, source, source_event_id)
  select overlay(s.claim::text placing prefix from 1)::uuid, tenant, s.environment_id, s.metric_id, s.value, s.subject,
    s.conversation, s.inference_id, s.key_type, s.key_value, s.occurred_at, s.source, s.source_event_id
  from seen s where (select count(*) from claimed) > 0;
  get diagnostics landed = row_count;
  return landed;
exception
  when data_exception or unique_violation then
    return null;
end
$$;

comment on function private.land_clean_outcomes(uuid, jsonb) is
'Lands a batch that has no fault, no repeat and no clock that is ahead; null, and nothing landed, when it is none.';
