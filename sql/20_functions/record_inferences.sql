-- As record_outcomes: one pass that may suspect a good row, and wrong_fields for what it suspects.
create type private.inference_texts as (
  index integer, is_good boolean, id text, environment text, subject text, conversation text, capability text, action text,
  intent text, version_id text, experiment_id text, variant_id text, provider text, requested_model text, resolved_model text,
  started_at text, latency_ms text, input_tokens text, output_tokens text, cost_usd text, status text, error_code text,
  finish_reason text, output text, keys jsonb
);

comment on type private.inference_texts is 'A row of a batch as it was sent, and whether its fields are of their types at first sight.';

create or replace function private.inference_texts(batch jsonb) returns setof private.inference_texts
language plpgsql stable
set search_path = ''
as $$
declare
  shapes constant text[] := private.instant_shapes();
  doubtful constant text := private.doubtful_starts();
  plain constant jsonb := private.plain_objects(batch);
begin
  return query
  select (t.n - 1)::integer, coalesce(
      num_nulls(t.id, t.environment, t.subject, t.capability, t.version_id, t.provider, t.requested_model) = 0
      and (t.environment is null or length(t.environment) between 1 and 512
        and (strpos(doubtful, left(t.environment, 1)) = 0 or jsonb_typeof(batch -> (t.n - 1)::integer -> 'environment') = 'string'))
      and (t.subject is null or length(t.subject) between 1 and 512
        and (strpos(doubtful, left(t.subject, 1)) = 0 or jsonb_typeof(batch -> (t.n - 1)::integer -> 'subject') = 'string'))
      and (t.capability is null or length(t.capability) between 1 and 512
        and (strpos(doubtful, left(t.capability, 1)) = 0 or jsonb_typeof(batch -> (t.n - 1)::integer -> 'capability') = 'string'))
      and (t.provider is null or length(t.provider) between 1 and 512
        and (strpos(doubtful, left(t.provider, 1)) = 0 or jsonb_typeof(batch -> (t.n - 1)::integer -> 'provider') = 'string'))
      and (t.requested_model is null or length(t.requested_model) between 1 and 512
        and (strpos(doubtful, left(t.requested_model, 1)) = 0 or jsonb_typeof(batch -> (t.n - 1)::integer -> 'requested_model') = 'string'))
      and (t.conversation is null or length(t.conversation) between 1 and 512
        and (strpos(doubtful, left(t.conversation, 1)) = 0 or jsonb_typeof(batch -> (t.n - 1)::integer -> 'conversation') = 'string'))
      and (t.action is null or length(t.action) between 1 and 512
        and (strpos(doubtful, left(t.action, 1)) = 0 or jsonb_typeof(batch -> (t.n - 1)::integer -> 'action') = 'string'))
      and (t.intent is null or length(t.intent) between 1 and 512
        and (strpos(doubtful, left(t.intent, 1)) = 0 or jsonb_typeof(batch -> (t.n - 1)::integer -> 'intent') = 'string'))
      and (t.resolved_model is null or length(t.resolved_model) between 1 and 512
        and (strpos(doubtful, left(t.resolved_model, 1)) = 0 or jsonb_typeof(batch -> (t.n - 1)::integer -> 'resolved_model') = 'string'))
      and (t.error_code is null or length(t.error_code) between 1 and 512
        and (strpos(doubtful, left(t.error_code, 1)) = 0 or jsonb_typeof(batch -> (t.n - 1)::integer -> 'error_code') = 'string'))
      and (t.finish_reason is null or length(t.finish_reason) between 1 and 512
        and (strpos(doubtful, left(t.finish_reason, 1)) = 0 or jsonb_typeof(batch -> (t.n - 1)::integer -> 'finish_reason') = 'string'))
      and (t.output is null or t.output = '' or strpos(doubtful, left(t.output, 1)) = 0
        or jsonb_typeof(batch -> (t.n - 1)::integer -> 'output') = 'string')
      and (t.id is null or t.id like '________-____-____-____-____________' and pg_input_is_valid(t.id, 'uuid'))
      and (t.version_id is null or t.version_id like '________-____-____-____-____________' and pg_input_is_valid(t.version_id, 'uuid'))
      and (t.experiment_id is null or t.experiment_id like '________-____-____-____-____________' and pg_input_is_valid(t.experiment_id, 'uuid'))
      and (t.variant_id is null or t.variant_id like '________-____-____-____-____________' and pg_input_is_valid(t.variant_id, 'uuid'))
      -- In the order of jsonb, numbers lie between texts and booleans.
      and (t.latency_ms = '0' or t.latency_ms between '1e-60' and '1e60')
      and (t.cost_usd is null or t.cost_usd in ('0', 'null') or t.cost_usd between '1e-60' and '1e60')
      and (t.input_tokens is null or t.input_tokens between '0' and '2147483647')
      and (t.output_tokens is null or t.output_tokens between '0' and '2147483647')
      and translate(concat(t.input_tokens::text, t.output_tokens::text), '0123456789', '') = ''
      and t.status in ('ok', 'error') and (t.keys is null or t.keys = 'null' or private.are_keys(t.keys))
      and translate(t.started_at, '123456789', '000000000') = any (shapes)
      and pg_input_is_valid(t.started_at, 'timestamptz'), false),
    t.id, t.environment, t.subject, t.conversation, t.capability, t.action, t.intent, t.version_id,
    t.experiment_id, t.variant_id, t.provider, t.requested_model, t.resolved_model, t.started_at,
    t.latency_ms #>> '{}', t.input_tokens #>> '{}', t.output_tokens #>> '{}', t.cost_usd #>> '{}', t.status,
    t.error_code, t.finish_reason, t.output, t.keys
  from rows from (jsonb_to_recordset(plain) as (
    id text, environment text, subject text, conversation text, capability text, action text, intent text,
    version_id text, experiment_id text, variant_id text, provider text, requested_model text, resolved_model text,
    started_at text, latency_ms jsonb, input_tokens jsonb, output_tokens jsonb, cost_usd jsonb, status text,
    error_code text, finish_reason text, output text, keys jsonb)) with ordinality as t (
    id, environment, subject, conversation, capability, action, intent, version_id, experiment_id, variant_id,
    provider, requested_model, resolved_model, started_at, latency_ms, input_tokens, output_tokens, cost_usd,
    status, error_code, finish_reason, output, keys, n);
end
$$;

comment on function private.inference_texts(jsonb) is 'The rows of a batch of inferences, taken apart.';

create type private.inference_row as (
  index integer, fault jsonb, id uuid, environment_id uuid, subject text, conversation text, capability_id uuid,
  action_id uuid, intent_id uuid, version_id uuid, experiment_id uuid, variant_id uuid, provider text, requested_model text,
  resolved_model text, started_at timestamptz, latency_ms double precision, input_tokens integer, output_tokens integer,
  cost_usd double precision, status text, error_code text, finish_reason text, output text, keys jsonb
);

comment on type private.inference_row is 'A row of a batch: its index, its first error, and how it would land.';

create or replace function private.read_inferences(tenant uuid, batch jsonb) returns setof private.inference_row
language plpgsql stable
set search_path = ''
-- A batch has no statistics: without these, thousands of rows would be joined as if they were a few.
set enable_nestloop = off
set enable_mergejoin = off
as $$
begin
  perform private.require_batch(batch);
  return query
  with raw as materialized (select x.* from private.inference_texts(batch) x),
  wrong as materialized (
    select f.* from private.doubted_faults('inference', batch, array(select x.index from raw x where not x.is_good)) f
  ),
  -- What is wrong in its types is not looked at any further: no cast can fail below.
  t as materialized (select x.* from raw x where x.is_good or x.index not in (select w.index from wrong w)),
  places as materialized (
    select e.id, e.key, e.id = any ((select private.key_environments())::uuid[]) as allowed
    from public.environments e where e.workspace_id = tenant
  ),
  versions as materialized (
    select v.id::text as said from public.prompt_versions v
    where v.workspace_id = tenant and v.id in (select distinct x.version_id::uuid from t x)
  ),
  arms as materialized (
    select e.id::text as experiment, e.environment_id, a.id::text as variant
    from public.experiments e left join public.variants a on a.experiment_id = e.id
    where e.workspace_id = tenant and e.id in (select distinct x.experiment_id::uuid from t x)
  )
  select t.index, case
      when p.id is null then private.fault('unknown_environment', batch -> t.index)
      when not p.allowed then private.fault('environment_denied', batch -> t.index)
      when c.id is null then private.fault('unknown_capability', batch -> t.index)
      when a.id is null and t.action is not null then private.fault('unknown_action', batch -> t.index)
      when i.id is null and t.intent is not null then private.fault('unknown_intent', batch -> t.index)
      when v.said is null then private.fault('unknown_version', batch -> t.index)
      when t.experiment_id is not null and not exists (
        select from arms x where x.experiment = lower(t.experiment_id) and x.environment_id = p.id)
        then private.fault('unknown_experiment', batch -> t.index)
      when t.variant_id is not null and arm.variant is null
        then private.fault('unknown_variant', jsonb_build_object('variant', t.variant_id))
    end,
    t.id::uuid, p.id, t.subject, t.conversation, c.id, a.id, i.id, t.version_id::uuid, t.experiment_id::uuid,
    t.variant_id::uuid, t.provider, t.requested_model, t.resolved_model, t.started_at::timestamptz, t.latency_ms::float8,
    t.input_tokens::integer, t.output_tokens::integer, t.cost_usd::float8, t.status, t.error_code, t.finish_reason,
    t.output, t.keys
  from t
  left join places p on p.key = t.environment
  left join public.capabilities c on c.workspace_id = tenant and c.key = t.capability
  left join public.actions a on a.workspace_id = tenant and a.capability_id = c.id and a.key = t.action
  left join public.intents i on i.workspace_id = tenant and i.key = t.intent
  left join versions v on v.said = lower(t.version_id)
  left join arms arm on arm.experiment = lower(t.experiment_id) and arm.environment_id = p.id and arm.variant = lower(t.variant_id)
  union all
  select w.index, w.fault, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null
  from wrong w;
end
$$;

comment on function private.read_inferences(uuid, jsonb) is
'The rows of a batch as they would land, each with its first error of type or reference.';

create or replace function private.land_keys(tenant uuid, seen private.inference_row[]) returns void
language sql
set search_path = ''
begin atomic
  insert into public.outcome_keys (workspace_id, key_type, key_value, subject, conversation, seen_at)
  select tenant, k.key ->> 'type', k.key ->> 'value', s.subject, coalesce(s.conversation, ''), min(s.started_at)
  from unnest(seen) s
  cross join lateral jsonb_array_elements(s.keys) as k (key)
  group by 1, 2, 3, 4, 5
  order by 1, 2, 3, 4, 5
  on conflict (workspace_id, key_type, key_value, subject, conversation) do nothing;
end;

comment on function private.land_keys(uuid, private.inference_row[]) is
'Keeps the business keys that came with the inferences that landed.';

create type private.inference_report as (
  landed bigint, leftovers private.inference_row[], keyed private.inference_row[], counts private.batch_count[]
);

comment on type private.inference_report is
'What became of a batch: how many rows landed, the others, those with keys, and for the ledger how many landed where; counted only when not all is well.';

create or replace function private.land_inferences(tenant uuid, batch jsonb) returns private.inference_report
language plpgsql
set search_path = ''
set enable_nestloop = off
set enable_mergejoin = off
as $$
declare
  report private.inference_report;
begin
  with seen as materialized (select r.* from private.read_inferences(tenant, batch) r),
  mine as materialized (
    -- In the order of their ids, so that two batches with the same rows never wait for each other.
    select distinct on (s.id) s.* from seen s where s.fault is null order by s.id, s.index
  ),
  landed as (
    insert into public.inferences (id, workspace_id, environment_id, subject, conversation, capability_id, action_id, intent_id,
      prompt_version_id, experiment_id, variant_id, provider, requested_model, resolved_model, started_at, latency_ms,
      input_tokens, output_tokens, cost_usd, status, error_code, finish_reason, output)
    select m.id, tenant, m.environment_id, m.subject, m.conversation, m.capability_id, m.action_id, m.intent_id,
      m.version_id, m.experiment_id, m.variant_id, m.provider, m.requested_model, m.resolved_model, m.started_at, m.latency_ms,
      m.input_tokens, m.output_tokens, m.cost_usd, m.status, m.error_code, m.finish_reason, m.output
    from mine m order by m.id
    on conflict on constraint inferences_pkey do nothing
    returning id, environment_id, started_at > now() + interval '5 minutes' as is_ahead
  ),
  tally as materialized (select l.environment_id, l.is_ahead, count(*) as rows from landed l group by 1, 2),
  rest as materialized (
    select s::private.inference_row as s from seen s left join (landed l join mine m on m.id = l.id) on m.id = s.id and m.index = s.index
    where l.id is null
  )
  select (select coalesce(sum(t.rows), 0) from tally t), (select array_agg(r.s) from rest r),
    (select array_agg(m::private.inference_row) from mine m join landed l on l.id = m.id where jsonb_typeof(m.keys) = 'array'),
    case when exists (select from rest) or exists (select from tally t where t.is_ahead) then (
      select array_agg((t.environment_id, null, null, case when t.is_ahead then 'clock_ahead' end, true, t.rows)::private.batch_count)
      from tally t) end
  into report;
  return report;
end
$$;

comment on function private.land_inferences(uuid, jsonb) is 'Lands the good rows of a batch, each id once.';

create or replace function private.record_inferences(inferences jsonb, workspace_id uuid) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  tenant constant uuid := private.authorise(workspace_id, 'events.write');
  report private.inference_report := private.land_inferences(tenant, inferences);
begin
  if report.keyed is not null then
    perform private.land_keys(tenant, report.keyed);
  end if;
  if report.leftovers is not null then
    report.counts := report.counts || array(
      select (s.environment_id, null, s.experiment_id, coalesce(s.fault ->> 'code', 'duplicate'), false, count(*))::private.batch_count
      from unnest(report.leftovers) s group by s.environment_id, s.experiment_id, s.fault ->> 'code');
  end if;
  if report.counts is not null then
    perform private.log_batch(tenant, 'record_inferences', report.counts);
  end if;
  return (
    select private.batch_answer(
      report.landed + count(*) filter (where s.fault is null), report.landed,
      jsonb_agg(jsonb_build_object('index', s.index) || s.fault order by s.index) filter (where s.fault is not null))
    from unnest(report.leftovers) s);
end
$$;

comment on function private.record_inferences(jsonb, uuid) is
E'Lands the good rows of a batch once, and says what is wrong with the others.\nDefiner: events are append-only and checked here, so nobody may insert them by hand.';
