-- From raw rows to events: a call, or an outcome with the action and the model that it belongs to: those of the call that it
-- names, else of the last call of its conversation until then, else of its subject's last call until then, in the same
-- environment: by the callers' clocks, so that the order of arrival does not matter. Where outcomes are, the compactor keeps.
-- Plans are made while tables are empty, and kept: each look-up is a lateral that cannot be turned into a join, and what was
-- found is joined by hash.
create type private.cube_outcome as (
  outcome_id uuid, workspace_id uuid, environment_id uuid, metric_id uuid, value double precision, occurred_at timestamptz,
  subject text, conversation text, inference_id uuid
);

comment on type private.cube_outcome is 'An outcome where the evidence puts it.';

create type private.cube_event as (
  workspace_id uuid, environment_id uuid, subject text, conversation text, metric_id uuid, at timestamptz, action text, model text,
  value double precision, latency_ms double precision, cost_usd double precision, input_tokens double precision,
  output_tokens double precision, errors double precision
);

comment on type private.cube_event is 'A call or an outcome. Calls stand under the empty metric, as in counted_metrics.';

create type private.cube_key as (workspace_id uuid, unit_kind text, unit_id text, since timestamptz, until timestamptz);

comment on type private.cube_key is 'A subject or a conversation, and from when until when its events are asked for.';

create or replace view private.cube_outcomes with (security_invoker = true) as
select o.tx, o.occurred_at, o.workspace_id, o.subject as said_subject, o.conversation as said_conversation, o.inference_id,
  (o.id, o.workspace_id, o.environment_id, o.metric_id, o.value, o.occurred_at, coalesce(o.subject, p.subject),
    coalesce(o.conversation, p.conversation), o.inference_id)::private.cube_outcome as outcome
from public.outcomes o
left join lateral (
  select w.subject, w.conversation from private.outcome_places w
  where w.outcome_id = o.id and (o.subject is null or o.conversation is null and num_nonnulls(o.inference_id, o.key_value) > 0)
  limit 1) p on true;

comment on view private.cube_outcomes is 'One row per outcome, where the compactor has put it.';

create or replace view private.cube_places with (security_invoker = true) as
select p.*, (p.outcome_id, p.workspace_id, p.environment_id, p.metric_id, p.value, p.occurred_at, p.subject, p.conversation,
  p.inference_id)::private.cube_outcome as outcome
from private.outcome_places p;

comment on view private.cube_places is 'One row per outcome whose source did not say all of its place.';

create or replace view private.cube_calls with (security_invoker = true) as
select i.id, i.tx, i.workspace_id, i.environment_id, i.subject, i.conversation, i.started_at,
  coalesce(i.action_id::text, '') as action, left(coalesce(i.resolved_model, i.requested_model), 200) as model,
  (i.workspace_id, i.environment_id, i.subject, i.conversation, '00000000-0000-0000-0000-000000000000', i.started_at,
    coalesce(i.action_id::text, ''), left(coalesce(i.resolved_model, i.requested_model), 200), 1, i.latency_ms, i.cost_usd, i.input_tokens, i.output_tokens,
    (i.status = 'error')::integer)::private.cube_event as event
from public.inferences i;

comment on view private.cube_calls is 'One row per call: what slices say of it.';

create or replace function private.keyed_calls(keys private.cube_key[], before bigint) returns private.cube_event[]
language plpgsql stable
set search_path = ''
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
begin
  return array(
    -- One that is of two units is one.
    select d.event from (
      select distinct on (x.id) x.event from unnest(keys) k
      cross join lateral (
        select c.id, c.event from private.cube_calls c
        where k.unit_kind = 'subject' and c.workspace_id = k.workspace_id and c.subject = k.unit_id and c.tx + 0 < before
        union all
        select c.id, c.event from private.cube_calls c
        where k.unit_kind = 'conversation' and c.workspace_id = k.workspace_id and c.conversation = k.unit_id
          and c.tx + 0 < before offset 0) x
      order by x.id) d);
end
$$;

comment on function private.keyed_calls(private.cube_key[], bigint) is 'All calls of some units, as far as they were there before a watermark.';

create or replace function private.keyed_outcomes(keys private.cube_key[], before bigint) returns private.cube_outcome[]
language plpgsql stable
set search_path = ''
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
begin
  return array(
    select x.outcome from unnest(keys) k
    cross join lateral (
      select o.outcome from private.cube_outcomes o
      where k.unit_kind = 'subject' and o.workspace_id = k.workspace_id and o.said_subject = k.unit_id
        and o.occurred_at >= k.since and o.occurred_at < k.until and o.tx + 0 < before
      union all
      select o.outcome from private.cube_outcomes o
      where k.unit_kind = 'conversation' and o.workspace_id = k.workspace_id and o.said_conversation = k.unit_id
        and o.occurred_at >= k.since and o.occurred_at < k.until and o.tx + 0 < before
      union all
      select p.outcome from private.cube_places p
      where k.unit_kind = 'subject' and p.said_subject is null and p.workspace_id = k.workspace_id and p.subject = k.unit_id
        and p.occurred_at >= k.since and p.occurred_at < k.until and p.tx + 0 < before
      union all
      select p.outcome from private.cube_places p
      where k.unit_kind = 'conversation' and p.said_conversation is null and p.workspace_id = k.workspace_id
        and p.conversation = k.unit_id and p.occurred_at >= k.since and p.occurred_at < k.until and p.tx + 0 < before offset 0) x);
end
$$;

comment on function private.keyed_outcomes(private.cube_key[], bigint) is
'The outcomes of earlier transactions that are placed with some units, each from one moment until another.';

create or replace function private.late_keys(from_tx bigint, to_tx bigint) returns private.cube_key[]
language plpgsql stable
set search_path = ''
set enable_seqscan = off
set enable_nestloop = off
set plan_cache_mode = force_generic_plan
as $$
begin
  return array(
    with firsts as materialized (
      select i.workspace_id, i.subject, min(i.started_at) as since
      from public.inferences i where i.tx >= from_tx and i.tx < to_tx group by i.workspace_id, i.subject
    ),
    late as materialized (
      select f.workspace_id, f.subject from firsts f
      where coalesce((
        select true from public.outcomes o where o.workspace_id = f.workspace_id and o.subject = f.subject
          and o.occurred_at >= f.since and o.tx + 0 < from_tx limit 1), (
        select true from private.outcome_places p where p.said_subject is null and p.workspace_id = f.workspace_id
          and p.subject = f.subject and p.occurred_at >= f.since and p.tx + 0 < from_tx limit 1), false)
    ),
    calls as materialized (
      select i.* from late l
      join public.inferences i on i.tx >= from_tx and i.tx < to_tx and i.workspace_id = l.workspace_id and i.subject = l.subject
    )
    select (c.workspace_id, 'subject', c.subject, c.started_at, coalesce((
      select min(n.started_at) from public.inferences n
      where n.workspace_id = c.workspace_id and n.subject = c.subject and n.started_at > c.started_at
        and n.environment_id = c.environment_id and n.tx + 0 < from_tx), 'infinity'))::private.cube_key
    from calls c
    union all
    select (c.workspace_id, 'conversation', c.conversation, c.started_at, coalesce((
      select min(n.started_at) from public.inferences n
      where n.workspace_id = c.workspace_id and n.conversation = c.conversation and n.started_at > c.started_at
        and n.subject || '' = c.subject and n.environment_id = c.environment_id and n.tx + 0 < from_tx), 'infinity'))::private.cube_key
    from calls c where c.conversation is not null);
end
$$;

comment on function private.late_keys(bigint, bigint) is
E'Where a call of a range of transactions may be the last one now that was until an outcome of an earlier transaction.\nFrom the call until the next one that was there: of its subject, and of its conversation.';

create or replace function private.named_outcomes(from_tx bigint, to_tx bigint) returns private.cube_outcome[]
language plpgsql stable
set search_path = ''
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
begin
  return array(
    select n.outcome from public.inferences i
    cross join lateral (
      select x.outcome from private.cube_outcomes x
      where x.workspace_id = i.workspace_id and x.inference_id = i.id and x.said_subject is not null
        and x.said_conversation is not null and x.tx + 0 < from_tx
      union all
      select w.outcome from private.cube_places w
      where w.workspace_id = i.workspace_id and w.inference_id = i.id and w.inference_found and w.tx + 0 < from_tx offset 0) n
    where i.tx >= from_tx and i.tx < to_tx);
end
$$;

comment on function private.named_outcomes(bigint, bigint) is
'The outcomes of earlier transactions that name a call of a range: it may be of any time.';

create or replace function private.moved_outcomes(replaced private.cube_place_news[], keys private.cube_key[], from_tx bigint, to_tx bigint)
returns private.cube_outcome[]
language plpgsql stable
set search_path = ''
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
begin
  return array(
    select distinct on (m.outcome_id) m
    from unnest(
      private.keyed_outcomes(private.late_keys(from_tx, to_tx) || keys, from_tx) || private.named_outcomes(from_tx, to_tx)
      || array(
        select p.outcome from unnest(replaced) r cross join lateral (
          select w.outcome from private.cube_places w where w.outcome_id = r.outcome_id and w.tx < from_tx offset 0) p)) m
    order by m.outcome_id);
end
$$;

comment on function private.moved_outcomes(private.cube_place_news[], private.cube_key[], bigint, bigint) is
'The outcomes of earlier transactions that were put elsewhere, whose unit changed, or whose call may be one that came in a range.';

create or replace function private.outcomes_before(outcomes private.cube_outcome[], replaced private.cube_place_news[])
returns private.cube_outcome[]
language sql stable
set search_path = ''
set enable_nestloop = off
return array(
  select (o.outcome_id, o.workspace_id, o.environment_id, o.metric_id, o.value, o.occurred_at,
    case when f.id is null then o.subject else f.subject end, case when f.id is null then o.conversation else f.conversation end,
    o.inference_id)::private.cube_outcome
  from unnest(outcomes) o
  left join (
    select distinct on (r.outcome_id) r.* from unnest(replaced) r order by r.outcome_id, r.id) f on f.outcome_id = o.outcome_id);

comment on function private.outcomes_before(private.cube_outcome[], private.cube_place_news[]) is
'Where outcomes were before they were put elsewhere.';

create or replace function private.outcome_events(outcomes private.cube_outcome[], from_tx bigint, to_tx bigint)
returns setof private.cube_event
language plpgsql stable rows 10000
set search_path = ''
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
begin
  return query
  select o.workspace_id, o.environment_id, o.subject, o.conversation, o.metric_id, o.occurred_at,
    coalesce(n.action, t.action, s.action, ''), coalesce(n.model, t.model, s.model, ''), o.value, null::double precision,
    null::double precision, null::double precision, null::double precision, null::double precision
  from (
    select (c.outcome).* from private.cube_outcomes c where c.tx >= from_tx and c.tx < to_tx
    union all
    select * from unnest(outcomes)) o
  left join lateral (
    select c.action, c.model from private.cube_calls c
    where c.id = o.inference_id and c.workspace_id = o.workspace_id and c.subject || '' = o.subject
      and c.environment_id = o.environment_id and c.tx + 0 < to_tx limit 1) n on true
  left join lateral (
    select c.action, c.model from private.cube_calls c
    where n.model is null and c.workspace_id = o.workspace_id and c.conversation = o.conversation
      and c.started_at <= o.occurred_at and c.subject || '' = o.subject and c.environment_id = o.environment_id
      and c.tx + 0 < to_tx
    order by c.started_at desc, c.id desc limit 1) t on true
  left join lateral (
    select c.action, c.model from private.cube_calls c
    where n.model is null and t.model is null and c.workspace_id = o.workspace_id and c.subject = o.subject
      and c.started_at <= o.occurred_at and c.environment_id = o.environment_id and c.tx + 0 < to_tx
    order by c.started_at desc, c.id desc limit 1) s on true
  -- Nobody asks for the calls of outcomes that are in no experiment. Not by exists: that may read all units at once.
  where coalesce(
    (select true from private.experiment_units u where u.workspace_id = o.workspace_id and u.unit_id = o.subject limit 1),
    (select true from private.experiment_units u where u.workspace_id = o.workspace_id and u.unit_id = o.conversation limit 1), false);
end
$$;

comment on function private.outcome_events(private.cube_outcome[], bigint, bigint) is
E'Outcomes, and all those of a range of transactions, as events.\nEach with the action and the model of its call, as far as calls were there before the range''s end.';

create or replace function private.cube_events(
  outcomes private.cube_outcome[], calls private.cube_event[], from_tx bigint, to_tx bigint
) returns setof private.cube_event
language plpgsql stable rows 10000
set search_path = ''
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
begin
  return query select (c.event).* from private.cube_calls c where c.tx >= from_tx and c.tx < to_tx;
  return query select * from unnest(calls);
  return query select * from private.outcome_events(outcomes, from_tx, to_tx);
end
$$;

comment on function private.cube_events(private.cube_outcome[], private.cube_event[], bigint, bigint) is
'What a range of transactions wrote, and some outcomes and calls of earlier ones, as it was at the range''s end.';
