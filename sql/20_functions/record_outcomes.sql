-- As record_inferences.sql: row by row, what record_outcomes_clean.sql turned down.
create type private.outcome_row as (
  index integer, fault jsonb, claim uuid, environment_id uuid, metric_id uuid, value double precision,
  subject text, conversation text, inference_id uuid, key_type text, key_value text,
  occurred_at timestamptz, source text, source_event_id text
);

comment on type private.outcome_row is 'A row of a batch: its index, its first error, its claim on its event, and how it would land.';

create or replace function private.read_outcomes(tenant uuid, batch jsonb) returns setof private.outcome_row
language plpgsql stable
set search_path = ''
-- A batch has no statistics: without these, thousands of rows would be joined as if they were a few.
set enable_nestloop = off
set enable_mergejoin = off
as $$
begin
  return query
  with t as materialized (
    select (x.ordinality - 1)::integer as index, x.* from rows from (jsonb_to_recordset(private.plain_objects(batch)) as (
      metric text, environment text, value jsonb, subject text, conversation text, inference_id text, key jsonb, occurred_at text,
      source text, source_event_id text)) with ordinality as x
  ),
  wrong as materialized (select f.place as index, f.fault from private.row_faults('outcome', batch) f),
  places as materialized (
    select e.id, e.key, tenant || '|' || e.id || '|' as scope, e.id = any ((select private.key_environments())::uuid[]) as allowed
    from public.environments e where e.workspace_id = tenant
  ),
  metrics as materialized (
    select m.id, m.key, m.kind, m.kind = 'ratio' or m.source <> 'outcomes' as is_computed,
      case m.kind when 'ratio' then 'two others' else 'the inferences' end as computed_from
    from public.outcome_metrics m where m.workspace_id = tenant
  )
  select t.index, case
      when w.fault is not null then w.fault
      when p.id is null then private.fault('unknown_environment', batch -> t.index)
      when not p.allowed then private.fault('environment_denied', batch -> t.index)
      when m.id is null then private.fault('unknown_metric', batch -> t.index)
      when m.is_computed then private.fault('metric_is_computed', jsonb_build_object('metric', m.key, 'from', m.computed_from))
      when m.kind = 'proportion' and v.value not in (0, 1) then private.fault('bad_proportion', batch -> t.index)
      when num_nonnulls(t.subject, t.conversation, t.inference_id, nullif(t.key, 'null')) = 0 then private.fault('no_join_key')
    end,
    -- As private.event_claim.
    encode(substr(sha256(convert_to(
      p.scope || length(t.source) || '|' || t.source || '|' || t.source_event_id, 'UTF8')), 1, 16), 'hex')::uuid,
    -- What a key may not write is nothing to that environment's ledger either.
    case when p.allowed is not false then p.id end, m.id, v.value, t.subject, t.conversation, i.id, t.key ->> 'type', t.key ->> 'value', i.at, t.source,
    t.source_event_id
  from t
  left join wrong w on w.index = t.index
  left join places p on p.key = t.environment
  left join metrics m on m.key = t.metric
  cross join lateral (
    select case when w.index is null then
      case t.value when 'true' then 1 when 'false' then 0 else t.value::float8 end end) as v (value)
  cross join lateral (
    select case when w.index is null then t.inference_id::uuid end,
      case when w.index is null then t.occurred_at::timestamptz end) as i (id, at);
end
$$;

comment on function private.read_outcomes(uuid, jsonb) is
'The rows of a batch as they would land, each with its first error of type or reference.';

create type private.landing_report as (
  landed bigint, leftovers private.outcome_row[], counts private.batch_count[]
);

comment on type private.landing_report is
'What became of a batch: how many rows landed, the others, and for the ledger how many landed of what; counted only when not all is well.';

create or replace function private.land_outcomes(tenant uuid, batch jsonb) returns private.landing_report
language plpgsql
set search_path = ''
set enable_nestloop = off
set enable_mergejoin = off
as $$
declare
  report private.landing_report;
  -- An id of now: of a time-ordered uuid the time, then the event's own bits.
  prefix constant text := left(private.uuidv7()::text, 15);
begin
  with seen as materialized (select r.* from private.read_outcomes(tenant, batch) r),
  mine as materialized (
    -- Claimed in one order, so that two batches with the same rows never wait for each other.
    select distinct on (s.claim) s.* from seen s where s.fault is null order by s.claim, s.index
  ),
  claimed as (
    insert into private.outcome_claims (key, metric_id, received_on)
    select m.claim, m.metric_id, (now() at time zone 'UTC')::date from mine m order by m.claim
    on conflict on constraint outcome_claims_pkey do nothing
    returning key
  ),
  landed as (
    insert into public.outcomes (id, workspace_id, environment_id, metric_id, value, subject, conversation, inference_id,
      key_type, key_value, occurred_at, source, source_event_id)
    select overlay(m.claim::text placing prefix from 1)::uuid, tenant, m.environment_id, m.metric_id, m.value, m.subject,
      m.conversation, m.inference_id, m.key_type, m.key_value, m.occurred_at, m.source, m.source_event_id
    from mine m join claimed c on c.key = m.claim
    returning environment_id, metric_id, occurred_at > now() + interval '5 minutes' as is_ahead
  ),
  tally as materialized (
    select l.environment_id, l.metric_id, l.is_ahead, count(*) as rows from landed l group by 1, 2, 3
  ),
  rest as materialized (
    select s::private.outcome_row as s from seen s
    left join (claimed c join mine m on m.claim = c.key) on m.claim = s.claim and m.index = s.index
    where c.key is null
  )
  select (select coalesce(sum(t.rows), 0) from tally t), (select array_agg(r.s) from rest r),
    case when exists (select from rest) or exists (select from tally t where t.is_ahead) then (
      select array_agg((t.environment_id, t.metric_id, null, case when t.is_ahead then 'clock_ahead' end, true, t.rows)::private.batch_count)
      from tally t) end
  into report;
  return report;
end
$$;

comment on function private.land_outcomes(uuid, jsonb) is 'Lands the good rows of a batch, each event once.';

create or replace function private.reused_events(leftovers private.outcome_row[]) returns setof private.outcome_row
language sql stable
set search_path = ''
as $$
  select s.index, coalesce(s.fault, case when c.key is not null then private.fault('event_id_reused', to_jsonb(s)) end),
    s.claim, s.environment_id, s.metric_id, s.value, s.subject, s.conversation, s.inference_id, s.key_type, s.key_value,
    s.occurred_at, s.source, s.source_event_id
  from unnest(leftovers) s
  left join private.outcome_claims c on s.fault is null and c.key = s.claim and c.metric_id <> s.metric_id
$$;

comment on function private.reused_events(private.outcome_row[]) is
'Rows that did not land, looked at after the others did: an event id that stands for another metric is a mistake, not a repeat.';

create or replace function private.outcome_fates(leftovers private.outcome_row[])
returns table (environment_id uuid, metric_id uuid, code text)
language sql immutable
set search_path = ''
as $$
  select s.environment_id, s.metric_id, case
      -- A wrong row that the batch tells again is a repeat like any other: the ledger counts an event's fault once.
      when s.claim is not null and s.fault ->> 'code' <> 'event_id_reused'
        and row_number() over (partition by s.claim order by s.index) > 1 then 'duplicate'
      else coalesce(s.fault ->> 'code', 'duplicate')
    end
  from unnest(leftovers) s
$$;

comment on function private.outcome_fates(private.outcome_row[]) is
'Why each row of a batch did not land, for the ledger: known already, or the code of what is wrong with it.';

create or replace function private.record_outcomes(outcomes jsonb, workspace_id uuid) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  tenant constant uuid := private.authorise(workspace_id, 'events.write');
  landed bigint;
  report private.landing_report;
begin
  perform private.require_batch(outcomes);
  perform private.join_ingest(tenant);
  landed := private.land_clean_outcomes(tenant, outcomes);
  if landed is not null then
    return private.batch_answer(landed, landed, null);
  end if;
  report := private.land_outcomes(tenant, outcomes);
  if report.leftovers is not null then
    report.leftovers := array(select s from private.reused_events(report.leftovers) s);
    report.counts := report.counts || array(
      select (f.environment_id, f.metric_id, null, f.code, false, count(*))::private.batch_count
      from private.outcome_fates(report.leftovers) f group by f.environment_id, f.metric_id, f.code);
  end if;
  if report.counts is not null then
    perform private.log_batch(tenant, 'record_outcomes', report.counts);
  end if;
  return (
    select private.batch_answer(
      report.landed + count(*) filter (where s.fault is null), report.landed,
      jsonb_agg(jsonb_build_object('index', s.index) || s.fault order by s.index) filter (where s.fault is not null))
    from unnest(report.leftovers) s);
end
$$;

comment on function private.record_outcomes(jsonb, uuid) is
E'Lands the good rows of a batch once, and says what is wrong with the others.\nDefiner: as record_inferences.';
