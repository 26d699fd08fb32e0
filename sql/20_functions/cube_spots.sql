-- From raw rows to spots: an event, the unit that it is counted for, and the action and model that it belongs to. A call
-- has its own. An outcome has those of the call that it names, else of the last call of its conversation until then,
-- else of its subject's last call until then, in the same environment: by the callers' clocks, so that the order of arrival
-- does not matter. All of it is stable: one snapshot shows the watermark and what the compactor kept by it.
create type private.cube_outcome as (
  outcome_id uuid, workspace_id uuid, environment_id uuid, metric_id uuid, value double precision, occurred_at timestamptz,
  subject text, conversation text, inference_id uuid, tx bigint
);

comment on type private.cube_outcome is 'An outcome where the evidence puts it.';

create type private.cube_spot as (
  sign integer, unit private.experiment_units, event_metric_id uuid, at timestamptz, action text, model text,
  value double precision, latency_ms double precision, cost_usd double precision, input_tokens double precision,
  output_tokens double precision, errors double precision
);

comment on type private.cube_spot is 'An event of a unit, to be added (1) or taken away (-1). Calls stand under the empty metric, as in counted_metrics.';

create or replace function private.unit_at(experiment public.experiments, unit_id text, before bigint) returns private.experiment_units
language plpgsql stable
set search_path = ''
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
declare
  seen constant private.unit_exposures[] := array(
    -- Not by equality of the experiment, as in seen_units.
    select u from private.unit_exposures u
    where experiment.assigned_by = 'upshot' and u.workspace_id = experiment.workspace_id and u.unit_id = unit_at.unit_id
      and u.experiment_id is not distinct from experiment.id and u.tx + 0 < before
    union all
    select u from private.unit_exposures u
    where experiment.assigned_by = 'external' and u.workspace_id = experiment.workspace_id and u.unit_id = unit_at.unit_id
      and u.experiment_id = experiment.id and u.tx + 0 < before);
begin
  return (
    select row(experiment.workspace_id, experiment.id, unit_at.unit_id, f.phase_id, f.variant_id, f.exposed_at,
      private.utc_day(f.exposed_at), coalesce(c.counts_until, 'infinity'), f.intent_id,
      private.segments_of(experiment.segments, f.attributes, private.known_segments(experiment.id)),
      case
        when (select bool_or(x.attributes -> 'bot' = 'true'::jsonb) from unnest(seen) x) then 'bot'
        when (select count(distinct x.variant_id) > 1 from unnest(seen) x)
          or private.strayed_before(experiment, unit_at.unit_id, f.variant_id, before) then 'switcher'
        else 'counted' end)::private.experiment_units
    from (select x.* from unnest(seen) x order by x.exposed_at, x.exposure_key limit 1) f
    left join private.phase_cuts c on c.phase_id = f.phase_id and c.variant_id = f.variant_id);
end
$$;

comment on function private.unit_at(public.experiments, text, bigint) is
'What a unit was by the transactions before a watermark; null when nobody had seen it.';

create or replace function private.strayed_before(experiment public.experiments, unit_id text, variant_id uuid, before bigint) returns boolean
language plpgsql stable
set search_path = ''
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
begin
  if experiment.unit = 'conversation' then
    return exists (
      select from public.inferences i
      where i.workspace_id = experiment.workspace_id and i.conversation = strayed_before.unit_id
        and i.experiment_id = experiment.id and i.variant_id <> strayed_before.variant_id and i.tx + 0 < before);
  end if;
  return exists (
    select from public.inferences i
    where i.workspace_id = experiment.workspace_id and i.subject = strayed_before.unit_id
      and i.experiment_id = experiment.id and i.variant_id <> strayed_before.variant_id and i.tx + 0 < before);
end
$$;

comment on function private.strayed_before(public.experiments, text, uuid, bigint) is
'Whether a unit had been called with another arm of the experiment than its own.';

create or replace function private.cube_changes(experiments uuid[], from_tx bigint, to_tx bigint) returns setof private.unit_change
language plpgsql stable
set search_path = ''
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
set enable_nestloop = off
as $$
begin
  return query
  with seen as (
    select x.experiment_id, x.unit_id from private.unit_exposures x
    where x.tx >= from_tx and x.tx < to_tx and x.experiment_id = any (experiments)
    union
    select i.experiment_id, u.unit_id
    from public.inferences i
    join public.experiments e on e.id = i.experiment_id
    cross join lateral (
      select k.unit_id from private.experiment_units k
      where k.experiment_id = i.experiment_id and k.variant_id <> i.variant_id
        and k.unit_id = case e.unit when 'conversation' then i.conversation else i.subject end
      limit 1) u
    where i.tx >= from_tx and i.tx < to_tx and i.variant_id is not null and i.experiment_id = any (experiments)
  ),
  pairs as (
    select private.unit_at(e, s.unit_id, from_tx) as was, k as now
    from seen s
    join public.experiments e on e.id = s.experiment_id
    cross join lateral (
      select u from private.experiment_units u where u.experiment_id = s.experiment_id and u.unit_id = s.unit_id limit 1) o (k)
  )
  select p.was, p.now from pairs p where p.was is distinct from p.now;
end
$$;

comment on function private.cube_changes(uuid[], bigint, bigint) is
'The units that a range of transactions made something else: before it by the raw rows, and as the compactor keeps them.';

create or replace function private.cube_calls(experiments uuid[], changes private.unit_change[], from_tx bigint, to_tx bigint)
returns setof private.cube_spot
language plpgsql stable
set search_path = ''
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
set enable_nestloop = off
as $$
begin
  return query
  with found as (
    select 1 as sign, u.k as unit, i as call
    from public.inferences i
    join public.experiments e on e.workspace_id = i.workspace_id and e.environment_id = i.environment_id
    cross join lateral (
      select k from private.experiment_units k
      where k.experiment_id = e.id and k.unit_id = case e.unit when 'conversation' then i.conversation else i.subject end
      limit 1) u (k)
    where i.tx >= from_tx and i.tx < to_tx and e.id = any (experiments)
    union all
    select s.sign, s.unit, c.call
    from unnest(changes) x
    join public.experiments e on e.id = (x.now).experiment_id
    cross join lateral (
      select i from public.inferences i
      where e.unit <> 'conversation' and i.workspace_id = e.workspace_id and i.subject = (x.now).unit_id
        and i.environment_id = e.environment_id and i.tx + 0 < from_tx
      union all
      select i from public.inferences i
      where e.unit = 'conversation' and i.workspace_id = e.workspace_id and i.conversation = (x.now).unit_id
        and i.environment_id = e.environment_id and i.tx + 0 < from_tx offset 0) c (call)
    cross join lateral (values (-1, x.was), (1, x.now)) as s (sign, unit)
  )
  select f.sign, f.unit, '00000000-0000-0000-0000-000000000000'::uuid, (f.call).started_at, coalesce((f.call).action_id::text, ''),
    left(coalesce((f.call).resolved_model, (f.call).requested_model), 200), 1::double precision, (f.call).latency_ms,
    (f.call).cost_usd, (f.call).input_tokens::double precision, (f.call).output_tokens::double precision,
    ((f.call).status = 'error')::integer::double precision
  from found f
  where (f.call).started_at >= (f.unit).entered_at and (f.call).started_at < (f.unit).counts_until;
end
$$;

comment on function private.cube_calls(uuid[], private.unit_change[], bigint, bigint) is
'The calls of a range of transactions, and the earlier ones of units that changed: taken from what they were, given to what they are.';

create or replace function private.outcomes_with(units private.unit_key[], before bigint) returns setof private.cube_outcome
language plpgsql stable
set search_path = ''
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
set enable_nestloop = off
as $$
begin
  return query
  select o.id, o.workspace_id, o.environment_id, o.metric_id, o.value, o.occurred_at, o.subject,
    coalesce(o.conversation, p.conversation), o.inference_id, o.tx
  from unnest(units) u
  cross join lateral (
    select x.* from public.outcomes x
    where u.unit_kind = 'subject' and x.workspace_id = u.workspace_id and x.subject = u.unit_id and x.tx + 0 < before offset 0) o
  left join lateral (select w.conversation from private.outcome_places w where w.outcome_id = o.id and o.conversation is null limit 1) p on true
  union
  select o.id, o.workspace_id, o.environment_id, o.metric_id, o.value, o.occurred_at, coalesce(o.subject, p.subject),
    o.conversation, o.inference_id, o.tx
  from unnest(units) u
  cross join lateral (
    select x.* from public.outcomes x
    where u.unit_kind = 'conversation' and x.workspace_id = u.workspace_id and x.conversation = u.unit_id and x.tx + 0 < before offset 0) o
  left join lateral (select w.subject from private.outcome_places w where w.outcome_id = o.id and o.subject is null limit 1) p on true
  union
  select p.outcome_id, p.workspace_id, p.environment_id, p.metric_id, p.value, p.occurred_at, p.subject, p.conversation,
    p.inference_id, p.tx
  from unnest(units) u
  cross join lateral (
    select x.* from private.outcome_places x
    where u.unit_kind = 'subject' and x.said_subject is null and x.workspace_id = u.workspace_id and x.subject = u.unit_id
      and x.tx + 0 < before offset 0) p
  union
  select p.outcome_id, p.workspace_id, p.environment_id, p.metric_id, p.value, p.occurred_at, p.subject, p.conversation,
    p.inference_id, p.tx
  from unnest(units) u
  cross join lateral (
    select x.* from private.outcome_places x
    where u.unit_kind = 'conversation' and x.said_conversation is null and x.workspace_id = u.workspace_id
      and x.conversation = u.unit_id and x.tx + 0 < before offset 0) p;
end
$$;

comment on function private.outcomes_with(private.unit_key[], bigint) is 'The outcomes that are placed with some units.';

create or replace function private.new_outcomes(from_tx bigint, to_tx bigint) returns setof private.cube_outcome
language plpgsql stable
set search_path = ''
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
begin
  return query
  select o.id, o.workspace_id, o.environment_id, o.metric_id, o.value, o.occurred_at, coalesce(o.subject, p.subject),
    coalesce(o.conversation, p.conversation), o.inference_id, o.tx
  from public.outcomes o
  left join lateral (
    select w.subject, w.conversation from private.outcome_places w
    where w.outcome_id = o.id and (o.subject is null or o.conversation is null and num_nonnulls(o.inference_id, o.key_value) > 0)
    limit 1) p on true
  where o.tx >= from_tx and o.tx < to_tx;
end
$$;

comment on function private.new_outcomes(bigint, bigint) is 'The outcomes of a range of transactions.';

create or replace function private.moved_outcomes(from_tx bigint, to_tx bigint) returns setof private.cube_outcome
language plpgsql stable
set search_path = ''
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
set enable_nestloop = off
as $$
begin
  return query
  with calls as materialized (
    select i.workspace_id, i.subject, min(i.started_at) as since, array_agg(i.id) as ids
    from public.inferences i where i.tx >= from_tx and i.tx < to_tx
    group by 1, 2
  )
  select p.outcome_id, p.workspace_id, p.environment_id, p.metric_id, p.value, p.occurred_at, p.subject, p.conversation,
    p.inference_id, p.tx
  from (
    -- Not waiting_for: the compactor has found and moved these by now.
    select w.* from (
      select distinct f.workspace_id, f.conversation from private.sightings f where f.tx >= from_tx and f.tx < to_tx) g
    cross join lateral (
      select p.* from private.outcome_places p
      where p.workspace_id = g.workspace_id and p.said_conversation = g.conversation and p.said_subject is null
        and not p.inference_found offset 0) w
    union
    select w.* from public.outcome_keys k
    cross join lateral (
      select p.* from private.outcome_places p
      where p.workspace_id = k.workspace_id and p.key_type = k.key_type and p.key_value = k.key_value offset 0) w
    where k.tx >= from_tx and k.tx < to_tx
    union
    select n.* from public.inferences i
    cross join lateral (
      select w.* from private.outcome_places w
      where w.workspace_id = i.workspace_id and w.inference_id = i.id and w.said_subject is null
      union all
      select w.* from private.outcome_places w
      where w.workspace_id = i.workspace_id and w.inference_id = i.id and w.said_subject is not null offset 0) n
    where i.tx >= from_tx and i.tx < to_tx) p
  where p.tx < from_tx
  union
  select o.*
  from calls c
  join private.outcomes_with(array(select (n.workspace_id, 'subject', n.subject)::private.unit_key from calls n), from_tx) o
    on o.workspace_id = c.workspace_id and o.subject = c.subject
  where o.occurred_at >= c.since or o.inference_id = any (c.ids);
end
$$;

comment on function private.moved_outcomes(bigint, bigint) is
'The outcomes of earlier transactions that the evidence of a range may move to another unit, or that its calls may be the calls of.';

create or replace function private.outcomes_before(outcomes private.cube_outcome[], before bigint) returns setof private.cube_outcome
language sql stable
set search_path = ''
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
set enable_nestloop = off
as $$
  select o.outcome_id, o.workspace_id, o.environment_id, o.metric_id, o.value, o.occurred_at,
    case when f.outcome_id is null then o.subject else f.subject end,
    case when f.outcome_id is null then o.conversation else f.conversation end, o.inference_id, o.tx
  from unnest(outcomes) o
  left join private.find_places(array(
    select p.place from unnest(outcomes) n
    cross join lateral (select x as place from private.outcome_places x where x.outcome_id = n.outcome_id offset 0) p
    where n.tx < before), before) f on f.outcome_id = o.outcome_id
  where o.tx < before
$$;

comment on function private.outcomes_before(private.cube_outcome[], bigint) is
'Where some outcomes were by the transactions before a watermark.';

create or replace function private.call_of(outcome private.cube_outcome, before bigint, out action text, out model text)
language plpgsql stable
set search_path = ''
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
declare
  call public.inferences;
begin
  if outcome.inference_id is not null then
    select i.* into call from public.inferences i
    where i.workspace_id = outcome.workspace_id and i.id = outcome.inference_id and i.subject = outcome.subject
      and i.environment_id = outcome.environment_id and i.tx + 0 < before;
  end if;
  if call.id is null and outcome.conversation is not null then
    select i.* into call from public.inferences i
    where i.workspace_id = outcome.workspace_id and i.subject = outcome.subject and i.started_at <= outcome.occurred_at
      and i.conversation || '' = outcome.conversation and i.environment_id = outcome.environment_id and i.tx + 0 < before
    order by i.started_at desc, i.id desc limit 1;
  end if;
  if call.id is null then
    select i.* into call from public.inferences i
    where i.workspace_id = outcome.workspace_id and i.subject = outcome.subject and i.started_at <= outcome.occurred_at
      and i.environment_id = outcome.environment_id and i.tx + 0 < before
    order by i.started_at desc, i.id desc limit 1;
  end if;
  action := coalesce(call.action_id::text, '');
  model := left(coalesce(call.resolved_model, call.requested_model, ''), 200);
end
$$;

comment on function private.call_of(private.cube_outcome, bigint) is
E'The action and model of the call that an outcome belongs to; empty where there is none.\nThe call that it names, else the last one of its conversation until then, else the last one of its subject until then.';

create or replace function private.outcome_spots(
  experiments uuid[], outcomes private.cube_outcome[], changes private.unit_change[], sign integer, before bigint
) returns setof private.cube_spot
language plpgsql stable
set search_path = ''
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
set enable_nestloop = off
as $$
begin
  return query
  with counted as materialized (
    select o, e.id as experiment_id, case e.unit when 'conversation' then o.conversation else o.subject end as unit_id
    from unnest(outcomes) o
    join public.experiments e on e.workspace_id = o.workspace_id and e.environment_id = o.environment_id and e.id = any (experiments)
  ),
  placed as materialized (
    select c.o, case when sign < 0 and (x.now).unit_id is not null then x.was else k end as unit
    from counted c
    cross join lateral (
      select u from private.experiment_units u where u.experiment_id = c.experiment_id and u.unit_id = c.unit_id limit 1) u (k)
    left join unnest(changes) x on (x.now).experiment_id = c.experiment_id and (x.now).unit_id = c.unit_id
  )
  select sign, p.unit, (p.o).metric_id, (p.o).occurred_at, c.action, c.model, (p.o).value, null::double precision,
    null::double precision, null::double precision, null::double precision, null::double precision
  from placed p
  cross join lateral private.call_of(p.o, before) c
  where (p.o).occurred_at >= (p.unit).entered_at and (p.o).occurred_at < (p.unit).counts_until;
end
$$;

comment on function private.outcome_spots(uuid[], private.cube_outcome[], private.unit_change[], integer, bigint) is
'Outcomes as spots: given to their units as they are (1), or taken from what these were before a watermark (-1).';
