create type private.exposure_row as (
  index integer, fault jsonb, r jsonb, experiment public.experiments, phase_id uuid, variant_id uuid, unit_id text,
  bucket integer, intent_id uuid, is_right boolean, exposed_at timestamptz, is_timely boolean, claim uuid
);

comment on type private.exposure_row is
'A row of a batch: its index, its first error, and what was found for it; right when its bucket draws the arm it names.';

create or replace function private.was_in_traffic(experiment public.experiments, unit_id text) returns boolean
language plpgsql stable
set search_path = ''
as $$
declare
  bucket integer;
begin
  if experiment.state = 'active' and experiment.traffic = 10000 then
    return true;
  end if;
  bucket := private.bucket(experiment.salt, 'traffic', unit_id);
  -- Who decides by themselves may report what was drawn before the traffic was cut: the widest share that ever ran.
  return experiment.state = 'active' and bucket < experiment.traffic or exists (
    select from public.experiment_revisions r
    where r.experiment_id = experiment.id and r.state = 'active' and (r.document ->> 'traffic')::integer > bucket);
end
$$;

comment on function private.was_in_traffic(public.experiments, text) is
'Whether the experiment ever ran for a share of traffic that holds the unit: nobody widens it by reporting exposures.';

create or replace function private.phase_at(experiment_id uuid, moment timestamptz) returns uuid
language plpgsql stable
set search_path = ''
as $$
begin
  -- The last that had begun; what came before the first, say from a file, is of the first.
  return (
    select p.id from public.experiment_phases p
    where p.experiment_id = phase_at.experiment_id
    order by p.started_at <= moment desc, case when p.started_at <= moment then p.number end desc, p.number
    limit 1);
end
$$;

comment on function private.phase_at(uuid, timestamptz) is 'The phase that a moment falls into; null when the experiment never started.';

create or replace function private.exposure_references(tenant uuid, batch jsonb) returns setof private.exposure_row
language plpgsql stable
set search_path = ''
-- Planned once a connection, perhaps before there is anything to be found: each look-up goes by its index.
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
begin
  return query
  with opened as materialized (
    select o.index, o.fault, case when o.fault is null then o.r end as r
    from private.open_batch('exposure', batch) o
  )
  select o.index, o.fault, o.r, e, case when own.ours then p.id else private.phase_at(e.id, at.moment) end, v.id,
    unit.id, drawn.bucket, i.id,
    drawn.bucket >= arm.bucket_from and drawn.bucket < arm.bucket_to and private.was_in_traffic(e, unit.id),
    at.moment, at.moment between p.started_at and private.now() + interval '5 minutes',
    case when not own.ours then private.event_claim(e.id::text, o.r ->> 'source', o.r ->> 'source_event_id') end
  from opened o
  left join public.experiments e on e.workspace_id = tenant and e.id = (o.r ->> 'experiment_id')::uuid
  cross join lateral (select e.assigned_by = 'upshot') as own (ours)
  left join public.intents i on i.workspace_id = tenant and i.key = o.r ->> 'intent'
  left join public.variants v on v.experiment_id = e.id
    and (v.id = (o.r ->> 'variant_id')::uuid or o.r ->> 'variant_id' is null and v.key = o.r ->> 'variant')
  left join public.experiment_phases p on own.ours and p.experiment_id = e.id and p.id = (o.r ->> 'phase_id')::uuid
  left join public.experiment_phase_arms arm on arm.phase_id = p.id and arm.variant_id = v.id
  cross join lateral (
    select case when e.unit = 'conversation' then o.r ->> 'conversation' else o.r ->> 'subject' end) as unit (id)
  cross join lateral (select case when own.ours then private.bucket(e.salt, 'variant', unit.id) end) as drawn (bucket)
  cross join lateral (select coalesce((o.r ->> 'exposed_at')::timestamptz, private.now())) as at (moment);
end
$$;

comment on function private.exposure_references(uuid, jsonb) is
'The rows of a batch with the experiments of the workspace that they name, and whether the arm is the one the hash gives.';

create or replace function private.missing_in_exposure(seen private.exposure_row) returns text
language plpgsql immutable
set search_path = ''
as $$
begin
  return case when (seen.experiment).assigned_by = 'upshot' then
    case when seen.r ->> 'phase_id' is null then 'phase_id' when seen.r ->> 'variant_id' is null then 'variant_id' end
  else
    case when coalesce(seen.r ->> 'variant_id', seen.r ->> 'variant') is null then 'variant'
      when seen.r ->> 'source' is null then 'source' when seen.r ->> 'source_event_id' is null then 'source_event_id' end
  end;
end
$$;

comment on function private.missing_in_exposure(private.exposure_row) is
'The first field that an exposure lacks for the kind of experiment that it names: ours need the phase and the arm, external ones the arm and the event.';

create or replace function private.read_exposures(tenant uuid, batch jsonb) returns setof private.exposure_row
language plpgsql stable
set search_path = ''
as $$
begin
  return query
  select f.index,
    coalesce(f.fault, case
      when (f.experiment).id is null then private.fault('unknown_experiment', f.r)
      when not ((f.experiment).environment_id = any ((select private.key_environments())::uuid[]))
        then private.fault('environment_denied', f.r)
      when f.intent_id is null and f.r ->> 'intent' is not null then private.fault('unknown_intent', f.r)
      when f.unit_id is null then private.fault('missing_field', '{"field": "conversation", "expected": "a text: the experiment assigns conversations"}')
      when lacks.field is not null then private.field_fault(lacks.field, case when lacks.field ~ '_id$' and lacks.field <> 'source_event_id' then 'uuid' else 'name' end, null)
      when (f.experiment).assigned_by = 'external' then case
        when f.variant_id is null
          then private.fault('unknown_variant', jsonb_build_object('variant', coalesce(f.r ->> 'variant_id', f.r ->> 'variant')))
        when f.phase_id is null
          then private.fault('move_not_allowed', jsonb_build_object('state', (f.experiment).state, 'verb', 'take exposures'))
      end
      when f.is_right is not true then private.fault('wrong_arm', f.r)
      when not f.is_timely then private.fault('bad_field', '{"field": "exposed_at", "expected": "after the phase began, and not in the future"}')
    end),
    f.r, f.experiment, f.phase_id, f.variant_id, f.unit_id, f.bucket, f.intent_id, f.is_right, f.exposed_at, f.is_timely, f.claim
  from private.exposure_references(tenant, batch) f
  cross join lateral (select private.missing_in_exposure(f)) as lacks (field);
end
$$;

comment on function private.read_exposures(uuid, jsonb) is
'The rows of a batch with what they name, each with its first error of type, reference or arm.';

create or replace function private.land_exposures(seen private.exposure_row[]) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  tally jsonb;
begin
  -- In the order of the units, so that two batches with the same rows never wait for each other.
  with landed as (
    insert into public.assignments (workspace_id, experiment_id, phase_id, variant_id, unit_id, subject, conversation,
      intent_id, bucket, attributes, assigned_at)
    select (s.experiment).workspace_id, (s.experiment).id, s.phase_id, s.variant_id,
      s.unit_id, s.r ->> 'subject', s.r ->> 'conversation', s.intent_id, s.bucket,
      coalesce(nullif(s.r -> 'attributes', 'null'), '{}'), s.exposed_at
    from unnest(seen) s
    where s.fault is null and s.claim is null
    order by s.unit_id, (s.experiment).id, s.exposed_at, s.index
    on conflict on constraint assignments_sticky do nothing
    returning experiment_id
  )
  select jsonb_object_agg(t.experiment_id, t.rows) into tally
  from (select l.experiment_id, count(*) as rows from landed l group by l.experiment_id) t;
  return coalesce(tally, '{}');
end
$$;

comment on function private.land_exposures(private.exposure_row[]) is
'Logs the first exposures of units that have no arm yet; how many they were, by experiment.';

create or replace function private.land_external_exposures(seen private.exposure_row[]) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  tally jsonb;
begin
  -- Claimed in one order, for the same reason.
  with mine as (
    select distinct on (s.claim) s.* from unnest(seen) s
    where s.fault is null and s.claim is not null order by s.claim, s.index
  ),
  claimed as (
    insert into private.exposure_claims (key, received_on)
    select m.claim, (now() at time zone 'UTC')::date from mine m order by m.claim
    on conflict on constraint exposure_claims_pkey do nothing
    returning key
  ),
  landed as (
    insert into public.exposures (workspace_id, experiment_id, phase_id, variant_id, unit_id, subject, conversation,
      intent_id, attributes, exposed_at, source, source_event_id)
    select (m.experiment).workspace_id, (m.experiment).id, m.phase_id, m.variant_id, m.unit_id, m.r ->> 'subject',
      m.r ->> 'conversation', m.intent_id, coalesce(nullif(m.r -> 'attributes', 'null'), '{}'), m.exposed_at,
      m.r ->> 'source', m.r ->> 'source_event_id'
    from mine m join claimed c on c.key = m.claim
    returning experiment_id
  )
  select jsonb_object_agg(t.experiment_id, t.rows) into tally
  from (select l.experiment_id, count(*) as rows from landed l group by l.experiment_id) t;
  return coalesce(tally, '{}');
end
$$;

comment on function private.land_external_exposures(private.exposure_row[]) is
'Keeps the exposures that another system reports, each event once, whatever arms they name; how many, by experiment.';

create or replace function private.other_arms(seen private.exposure_row[]) returns setof private.exposure_row
language sql stable
set search_path = ''
as $$
  select s.index, coalesce(s.fault, case when a.variant_id <> s.variant_id
      then private.fault('other_arm', jsonb_build_object('variant', v.key)) end),
    s.r, s.experiment, s.phase_id, s.variant_id, s.unit_id, s.bucket, s.intent_id, s.is_right, s.exposed_at, s.is_timely,
    s.claim
  from unnest(seen) s
  left join public.assignments a on s.fault is null and s.claim is null and a.workspace_id = (s.experiment).workspace_id
    and a.unit_id = s.unit_id and a.experiment_id = (s.experiment).id
  left join public.variants v on v.id = a.variant_id
$$;

comment on function private.other_arms(private.exposure_row[]) is
'The rows of a batch after it landed: a unit that had another arm than the one it names keeps it.';

create or replace function private.exposure_counts(seen private.exposure_row[], landed jsonb) returns private.batch_count[]
language sql stable
set search_path = ''
as $$
  with fates as (
    -- What a key may not write is nothing to that environment's ledger.
    select case when k.allowed then (s.experiment).environment_id end as environment_id,
      case when k.allowed then (s.experiment).id end as experiment_id, s.fault ->> 'code' as code, count(*) as rows
    from unnest(seen) s
    cross join lateral (select coalesce(s.fault ->> 'code', '') <> 'environment_denied') as k (allowed)
    group by 1, 2, 3
  )
  select array_agg((f.environment_id, null, f.experiment_id, n.code, n.landed, n.rows)::private.batch_count)
  from fates f
  cross join lateral (
    select case when f.code is null then coalesce((landed ->> f.experiment_id::text)::bigint, 0) else 0 end) as l (rows)
  cross join lateral (values
    (null, true, l.rows), (coalesce(f.code, 'duplicate'), false, f.rows - l.rows)) as n (code, landed, rows)
  where n.rows > 0
$$;

comment on function private.exposure_counts(private.exposure_row[], jsonb) is
'How many rows of a batch of exposures had which fate, by experiment.';

create or replace function private.record_exposures(exposures jsonb, workspace_id uuid) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  tenant constant uuid := private.authorise(workspace_id, 'decisions.make');
  seen private.exposure_row[] := array(select s from private.read_exposures(tenant, exposures) s);
  landed jsonb;
  total bigint;
begin
  perform private.join_ingest(tenant);
  landed := private.land_exposures(seen) || private.land_external_exposures(seen);
  total := (select coalesce(sum(l.value::bigint), 0) from jsonb_each_text(landed) l);
  if total < cardinality(seen) then
    seen := array(select s from private.other_arms(seen) s);
    perform private.log_batch(tenant, 'record_exposures', private.exposure_counts(seen, landed));
  end if;
  return (
    select private.batch_answer(count(*) filter (where s.fault is null), total,
      jsonb_agg(jsonb_build_object('index', s.index) || s.fault order by s.index) filter (where s.fault is not null))
    from unnest(seen) s);
end
$$;

comment on function private.record_exposures(jsonb, uuid) is
E'Logs what was decided locally, once a unit, if the hash agrees; and the arms that another system drew, as it says.\nDefiner: assignments and exposures are append-only and checked here, so nobody may insert them by hand.';
