-- Row by row: a batch that record_inferences_clean.sql turned down. Every fault has its words here.
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
  return query
  with raw as materialized (
    select (x.ordinality - 1)::integer as index, x.* from rows from (jsonb_to_recordset(private.plain_objects(batch)) as (
      id text, environment text, subject text, conversation text, capability text, action text, intent text, version_id text,
      experiment_id text, variant_id text, provider text, requested_model text, resolved_model text, started_at text,
      latency_ms text, input_tokens text, output_tokens text, cost_usd text, status text, error_code text,
      finish_reason text, output text, keys jsonb)) with ordinality as x
  ),
  wrong as materialized (select f.place as index, f.fault from private.row_faults('inference', batch) f),
  -- What is wrong in its types is not looked at any further: no cast can fail below.
  t as materialized (select x.* from raw x where x.index not in (select w.index from wrong w)),
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
      when not private.keys_fit(t.keys, t.subject, t.conversation) then private.fault('bad_field', jsonb_build_object(
        'field', 'keys', 'expected', 'keys that fit into 2400 bytes, each with the subject and the conversation'))
    end,
    -- What a key may not write is nothing to that environment's ledger either.
    t.id::uuid, case when p.allowed is not false then p.id end, t.subject, t.conversation, c.id, a.id, i.id, t.version_id::uuid, t.experiment_id::uuid,
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
  with first_seen as (
    select k.key ->> 'type' as key_type, k.key ->> 'value' as key_value, s.subject,
      coalesce(s.conversation, '') as conversation, min(s.started_at) as seen_at
    from unnest(seen) s
    cross join lateral jsonb_array_elements(s.keys) as k (key)
    group by 1, 2, 3, 4
  )
  insert into public.outcome_keys (workspace_id, key_type, key_value, subject, conversation, seen_at)
  select tenant, f.*
  from first_seen f
  -- Only the first time counts, and calls arrive in any order: an earlier one is added to what is known.
  where not exists (
    select from public.outcome_keys o
    where o.workspace_id = tenant and o.key_type = f.key_type and o.key_value = f.key_value
      and o.subject = f.subject and o.conversation = f.conversation and o.seen_at <= f.seen_at)
  order by f.key_type, f.key_value, f.subject, f.conversation
  on conflict do nothing;
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
    select distinct on (s.id) s.* from seen s
    where s.fault is null and not exists (
      select from private.erased_inferences g where g.workspace_id = tenant and g.id = s.id)
    order by s.id, s.index
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
  landed bigint;
  report private.inference_report;
begin
  perform private.require_batch(inferences);
  perform private.join_ingest(tenant);
  landed := private.land_clean_inferences(tenant, inferences);
  if landed is not null then
    return private.batch_answer(landed, landed, null);
  end if;
  report := private.land_inferences(tenant, inferences);
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
