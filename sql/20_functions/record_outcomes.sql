create type private.outcome_row as (index integer, fault jsonb, claim uuid, landing public.outcomes);

comment on type private.outcome_row is 'A row of a batch: its index, its first error, its claim on its event, and how it would land.';

create or replace function private.read_outcomes(tenant uuid, batch jsonb) returns setof private.outcome_row
language sql stable
set search_path = ''
as $$
  with opened as materialized (
    select o.index, o.fault, case when o.fault is null then o.r end as r
    from private.open_batch('outcome', batch) o
  ),
  found as (
    select o.index, o.fault, o.r, e.id as environment_id, m.id as metric_id, m.kind, m.source as computed_from,
      case o.r -> 'value' when 'true' then 1 when 'false' then 0 else (o.r ->> 'value')::float8 end as value
    from opened o
    left join public.environments e on e.workspace_id = tenant and e.key = o.r ->> 'environment'
    left join public.outcome_metrics m on m.workspace_id = tenant and m.key = o.r ->> 'metric'
  )
  select f.index,
    coalesce(f.fault, case
      when f.environment_id is null then private.fault('unknown_environment', f.r)
      when not (f.environment_id = any ((select private.key_environments())::uuid[]))
        then private.fault('environment_denied', f.r)
      when f.metric_id is null then private.fault('unknown_metric', f.r)
      when f.kind = 'ratio' or f.computed_from <> 'outcomes' then private.fault('metric_is_computed', jsonb_build_object(
        'metric', f.r ->> 'metric', 'from', case f.kind when 'ratio' then 'two others' else 'the inferences' end))
      when f.kind = 'proportion' and f.value not in (0, 1) then private.fault('bad_proportion', f.r)
      when num_nonnulls(f.r ->> 'subject', f.r ->> 'conversation', f.r ->> 'inference_id', f.r ->> 'key') = 0
        then private.fault('no_join_key')
    end),
    private.event_claim(tenant || '|' || f.environment_id, f.r ->> 'source', f.r ->> 'source_event_id'),
    (
      private.uuidv7(), tenant, f.environment_id, f.metric_id, f.value,
      f.r ->> 'subject', f.r ->> 'conversation', (f.r ->> 'inference_id')::uuid,
      f.r #>> '{key,type}', f.r #>> '{key,value}',
      (f.r ->> 'occurred_at')::timestamptz, f.r ->> 'source', f.r ->> 'source_event_id',
      now(), pg_current_xact_id()::text::bigint
    )::public.outcomes
  from found f
$$;

comment on function private.read_outcomes(uuid, jsonb) is
'The rows of a batch as they would land, each with its first error of type or reference.';

create or replace function private.record_outcomes(outcomes jsonb, workspace_id uuid) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  tenant uuid := private.authorise(workspace_id, 'events.write');
  seen private.outcome_row[] := array(select s from private.read_outcomes(tenant, outcomes) s);
  landed bigint;
begin
  -- Claimed in one order, so that two batches with the same rows never wait for each other.
  with mine as (
    select distinct on (s.claim) s.claim, s.landing from unnest(seen) s where s.fault is null order by s.claim, s.index
  ),
  claimed as (
    insert into private.outcome_claims (key, metric_id, received_on)
    select m.claim, (m.landing).metric_id, (now() at time zone 'UTC')::date from mine m order by m.claim
    on conflict on constraint outcome_claims_pkey do nothing
    returning key
  )
  insert into public.outcomes
  select (m.landing).* from mine m join claimed c on c.key = m.claim;
  get diagnostics landed = row_count;
  -- Looked up after the insert: an event id that stands for another metric is a mistake, not a repeat.
  return (
    select private.batch_answer(
      count(*) filter (where f.fault is null), landed,
      jsonb_agg(jsonb_build_object('index', s.index) || f.fault order by s.index) filter (where f.fault is not null))
    from unnest(seen) s
    left join private.outcome_claims o on s.fault is null and o.key = s.claim and o.metric_id <> (s.landing).metric_id
    cross join lateral (
      select case when o.key is null then s.fault else private.fault('event_id_reused', to_jsonb(s.landing)) end) as f (fault));
end
$$;

comment on function private.record_outcomes(jsonb, uuid) is
E'Lands the good rows of a batch once, and says what is wrong with the others.\nDefiner: as record_inferences.';
