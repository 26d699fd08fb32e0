create type private.exposure_row as (
  index integer, fault jsonb, r jsonb, experiment public.experiments, unit_id text, bucket integer, intent_id uuid,
  is_right boolean, exposed_at timestamptz, is_timely boolean
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

create or replace function private.exposure_references(tenant uuid, batch jsonb) returns setof private.exposure_row
language sql stable
set search_path = ''
as $$
  with opened as materialized (
    select o.index, o.fault, case when o.fault is null then o.r end as r
    from private.open_batch('exposure', batch) o
  )
  select o.index, o.fault, o.r, e, unit.id, drawn.bucket, i.id,
    drawn.bucket >= arm.bucket_from and drawn.bucket < arm.bucket_to and private.was_in_traffic(e, unit.id),
    at.moment, at.moment between p.started_at and private.now() + interval '5 minutes'
  from opened o
  left join public.experiments e on e.workspace_id = tenant and e.id = (o.r ->> 'experiment_id')::uuid
  left join public.intents i on i.workspace_id = tenant and i.key = o.r ->> 'intent'
  left join public.experiment_phases p on p.experiment_id = e.id and p.id = (o.r ->> 'phase_id')::uuid
  left join public.experiment_phase_arms arm on arm.phase_id = p.id and arm.variant_id = (o.r ->> 'variant_id')::uuid
  cross join lateral (
    select case when e.unit = 'conversation' then o.r ->> 'conversation' else o.r ->> 'subject' end) as unit (id)
  cross join lateral (select private.bucket(e.salt, 'variant', unit.id)) as drawn (bucket)
  cross join lateral (select coalesce((o.r ->> 'exposed_at')::timestamptz, private.now())) as at (moment)
$$;

comment on function private.exposure_references(uuid, jsonb) is
'The rows of a batch with the experiments of the workspace that they name, and whether the arm is the one the hash gives.';

create or replace function private.read_exposures(tenant uuid, batch jsonb) returns setof private.exposure_row
language sql stable
set search_path = ''
as $$
  select f.index,
    coalesce(f.fault, case
      when (f.experiment).id is null then private.fault('unknown_experiment', f.r)
      when not ((f.experiment).environment_id = any ((select private.key_environments())::uuid[]))
        then private.fault('environment_denied', f.r)
      when f.intent_id is null and f.r ->> 'intent' is not null then private.fault('unknown_intent', f.r)
      when f.unit_id is null then private.fault('missing_field', '{"field": "conversation", "expected": "a text: the experiment assigns conversations"}')
      when f.is_right is not true then private.fault('wrong_arm', f.r)
      when not f.is_timely then private.fault('bad_field', '{"field": "exposed_at", "expected": "after the phase began, and not in the future"}')
    end),
    f.r, f.experiment, f.unit_id, f.bucket, f.intent_id, f.is_right, f.exposed_at, f.is_timely
  from private.exposure_references(tenant, batch) f
$$;

comment on function private.read_exposures(uuid, jsonb) is
'The rows of a batch with what they name, each with its first error of type, reference or arm.';

create or replace function private.land_exposures(seen private.exposure_row[]) returns bigint
language plpgsql
set search_path = ''
as $$
declare
  landed bigint;
begin
  -- In the order of the units, so that two batches with the same rows never wait for each other.
  insert into public.assignments (workspace_id, experiment_id, phase_id, variant_id, unit_id, subject, conversation,
    intent_id, bucket, attributes, assigned_at)
  select (s.experiment).workspace_id, (s.experiment).id, (s.r ->> 'phase_id')::uuid, (s.r ->> 'variant_id')::uuid,
    s.unit_id, s.r ->> 'subject', s.r ->> 'conversation', s.intent_id, s.bucket,
    coalesce(nullif(s.r -> 'attributes', 'null'), '{}'), s.exposed_at
  from unnest(seen) s
  where s.fault is null
  order by s.unit_id, (s.experiment).id, s.exposed_at, s.index
  on conflict on constraint assignments_sticky do nothing;
  get diagnostics landed = row_count;
  return landed;
end
$$;

comment on function private.land_exposures(private.exposure_row[]) is
'Logs the first exposures of units that have no arm yet; how many they were.';

create or replace function private.record_exposures(exposures jsonb, workspace_id uuid) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  tenant constant uuid := private.authorise(workspace_id, 'decisions.make');
  seen constant private.exposure_row[] := array(select s from private.read_exposures(tenant, exposures) s);
  landed constant bigint := private.land_exposures(seen);
begin
  return (
    select private.batch_answer(
      count(*) filter (where said.fault is null), landed,
      jsonb_agg(jsonb_build_object('index', said.index) || said.fault order by said.index)
        filter (where said.fault is not null))
    from (
      select s.index, coalesce(s.fault, case when a.variant_id <> (s.r ->> 'variant_id')::uuid
        then private.fault('other_arm', jsonb_build_object('variant', v.key)) end) as fault
      from unnest(seen) s
      left join public.assignments a on s.fault is null and a.workspace_id = tenant
        and a.unit_id = s.unit_id and a.experiment_id = (s.experiment).id
      left join public.variants v on v.id = a.variant_id) as said);
end
$$;

comment on function private.record_exposures(jsonb, uuid) is
E'Logs what was decided locally, once a unit, if the hash agrees.\nDefiner: assignments are append-only and checked here, so nobody may insert them by hand.';
