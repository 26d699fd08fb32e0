create or replace function private.inference_references(tenant uuid, batch jsonb) returns table (
  index integer, fault jsonb, r jsonb, environment_id uuid, capability_id uuid, action_id uuid, intent_id uuid,
  version_id uuid, experiment_id uuid, variant_id uuid
)
language sql stable
set search_path = ''
as $$
  with opened as materialized (
    select o.index, o.fault, case when o.fault is null then o.r end as r
    from private.open_batch('inference', batch) o
  )
  select o.index, o.fault, o.r, e.id, c.id, a.id, i.id, v.id, x.id, arm.id
  from opened o
  left join public.environments e on e.workspace_id = tenant and e.key = o.r ->> 'environment'
  left join public.capabilities c on c.workspace_id = tenant and c.key = o.r ->> 'capability'
  left join public.actions a on a.capability_id = c.id and a.key = o.r ->> 'action'
  left join public.intents i on i.workspace_id = tenant and i.key = o.r ->> 'intent'
  left join public.prompt_versions v on v.workspace_id = tenant and v.id = (o.r ->> 'version_id')::uuid
  left join public.experiments x on x.workspace_id = tenant and x.environment_id = e.id
    and x.id = (o.r ->> 'experiment_id')::uuid
  left join public.variants arm on arm.workspace_id = tenant and arm.id = (o.r ->> 'variant_id')::uuid
    and arm.experiment_id = x.id
$$;

comment on function private.inference_references(uuid, jsonb) is
'The rows of a batch with the ids of what they name in the workspace; null where there is no such thing.';

create type private.inference_row as (index integer, fault jsonb, r jsonb, landing public.inferences);

comment on type private.inference_row is 'A row of a batch: its index, its first error, itself, and how it would land.';

create or replace function private.read_inferences(tenant uuid, batch jsonb) returns setof private.inference_row
language sql stable
set search_path = ''
as $$
  select f.index,
    coalesce(f.fault, case
      when f.environment_id is null then private.fault('unknown_environment', f.r)
      when not (f.environment_id = any ((select private.key_environments())::uuid[]))
        then private.fault('environment_denied', f.r)
      when f.capability_id is null then private.fault('unknown_capability', f.r)
      when f.action_id is null and f.r ->> 'action' is not null then private.fault('unknown_action', f.r)
      when f.intent_id is null and f.r ->> 'intent' is not null then private.fault('unknown_intent', f.r)
      when f.version_id is null then private.fault('unknown_version', f.r)
      when f.experiment_id is null and f.r ->> 'experiment_id' is not null then private.fault('unknown_experiment', f.r)
      when f.variant_id is null and f.r ->> 'variant_id' is not null
        then private.fault('unknown_variant', jsonb_build_object('variant', f.r ->> 'variant_id'))
    end),
    f.r,
    (
      (f.r ->> 'id')::uuid, tenant, f.environment_id, f.r ->> 'subject', f.r ->> 'conversation',
      f.capability_id, f.action_id, f.intent_id, f.version_id, f.experiment_id, f.variant_id,
      f.r ->> 'provider', f.r ->> 'requested_model', f.r ->> 'resolved_model',
      (f.r ->> 'started_at')::timestamptz, (f.r ->> 'latency_ms')::float8,
      (f.r ->> 'input_tokens')::integer, (f.r ->> 'output_tokens')::integer, (f.r ->> 'cost_usd')::float8,
      f.r ->> 'status', f.r ->> 'error_code', f.r ->> 'finish_reason', f.r ->> 'output',
      now(), pg_current_xact_id()::text::bigint
    )::public.inferences
  from private.inference_references(tenant, batch) f
$$;

comment on function private.read_inferences(uuid, jsonb) is
'The rows of a batch as they would land, each with its first error of type or reference.';

create or replace function private.land_keys(seen private.inference_row[], fresh uuid[]) returns void
language sql
set search_path = ''
begin atomic
  insert into public.outcome_keys (workspace_id, key_type, key_value, subject, conversation, seen_at)
  select (s.landing).workspace_id, k.key ->> 'type', k.key ->> 'value',
    (s.landing).subject, coalesce((s.landing).conversation, ''), min((s.landing).started_at)
  from unnest(seen) s
  cross join lateral jsonb_array_elements(coalesce(nullif(s.r -> 'keys', 'null'), '[]')) as k (key)
  where s.fault is null and (s.landing).id = any (fresh)
  group by 1, 2, 3, 4, 5
  order by 1, 2, 3, 4, 5
  on conflict (workspace_id, key_type, key_value, subject, conversation) do nothing;
end;

comment on function private.land_keys(private.inference_row[], uuid[]) is
'Keeps the business keys that came with the inferences that landed.';

create or replace function private.record_inferences(inferences jsonb, workspace_id uuid) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  tenant uuid := private.authorise(workspace_id, 'events.write');
  seen private.inference_row[] := array(select s from private.read_inferences(tenant, inferences) s);
  fresh uuid[];
begin
  -- In the order of their ids, so that two batches with the same rows never wait for each other.
  with landed as (
    insert into public.inferences
    select (s.landing).* from unnest(seen) s where s.fault is null order by (s.landing).id, s.index
    on conflict on constraint inferences_pkey do nothing
    returning id
  )
  select array_agg(l.id) into fresh from landed l;
  perform private.land_keys(seen, fresh);
  return (
    select private.batch_answer(
      count(*) filter (where s.fault is null), coalesce(cardinality(fresh), 0),
      jsonb_agg(jsonb_build_object('index', s.index) || s.fault order by s.index) filter (where s.fault is not null))
    from unnest(seen) s);
end
$$;

comment on function private.record_inferences(jsonb, uuid) is
E'Lands the good rows of a batch once, and says what is wrong with the others.\nDefiner: events are append-only and checked here, so nobody may insert them by hand.';
