-- From raw rows to spots: an event, the unit that it is counted for, and the action and model that it belongs to. A call
-- has its own. An outcome has those of the call that it names, else of the last call of its conversation until then,
-- else of its subject's last call until then, in the same environment: by the callers' clocks, so that the order of arrival
-- does not matter. Where units and outcomes are, the compactor keeps; what they were is in cube_unit_news and cube_place_news.
-- Plans are made while tables are empty, and kept: each look-up is a lateral that cannot be turned into a join, and what was
-- found is joined by hash.
create type private.cube_outcome as (
  outcome_id uuid, workspace_id uuid, environment_id uuid, metric_id uuid, value double precision, occurred_at timestamptz,
  subject text, conversation text, inference_id uuid, tx bigint
);

comment on type private.cube_outcome is 'An outcome where the evidence puts it.';

create type private.cube_pair as (outcome private.cube_outcome, unit private.experiment_units);

comment on type private.cube_pair is 'An outcome and a unit that it is counted for.';

create type private.cube_spot as (
  sign integer, unit private.experiment_units, event_metric_id uuid, at timestamptz, action text, model text,
  value double precision, latency_ms double precision, cost_usd double precision, input_tokens double precision,
  output_tokens double precision, errors double precision
);

comment on type private.cube_spot is 'An event of a unit, to be added (1) or taken away (-1). Calls stand under the empty metric, as in counted_metrics.';

create type private.cube_key as (workspace_id uuid, unit_kind text, unit_id text, since timestamptz);

comment on type private.cube_key is 'A subject or a conversation, and from when on its outcomes are asked for.';

create or replace view private.cube_units with (security_invoker = true) as
select k.workspace_id, k.experiment_id, k.unit_id,
  case when n.id is null then k else jsonb_populate_record(null::private.experiment_units, n.was) end as unit
from private.experiment_units k
left join lateral (
  select u.id, u.was from private.cube_unit_news u
  where u.experiment_id = k.experiment_id and u.unit_id = k.unit_id and u.id > (select w.news from private.cube_watermark w)
  order by u.id limit 1) n on true
where n.id is null or n.was is not null;

comment on view private.cube_units is 'One row per experiment × unit, as it was when the news was told that the cube has taken.';

create or replace view private.cube_outcomes with (security_invoker = true) as
select o.id as outcome_id, o.workspace_id, o.environment_id, o.metric_id, o.value, o.occurred_at,
  coalesce(o.subject, p.subject) as subject, coalesce(o.conversation, p.conversation) as conversation, o.inference_id, o.tx,
  o.subject as said_subject, o.conversation as said_conversation
from public.outcomes o
left join lateral (
  select w.subject, w.conversation from private.outcome_places w
  where w.outcome_id = o.id and (o.subject is null or o.conversation is null and num_nonnulls(o.inference_id, o.key_value) > 0)
  limit 1) p on true;

comment on view private.cube_outcomes is 'One row per outcome, where the compactor has put it.';

create or replace view private.cube_calls with (security_invoker = true) as
select i.id, i.workspace_id, i.environment_id, i.subject, i.conversation, i.tx, i.started_at, coalesce(i.action_id::text, '') as action,
  left(coalesce(i.resolved_model, i.requested_model), 200) as model, i.latency_ms, i.cost_usd,
  i.input_tokens::double precision as input_tokens, i.output_tokens::double precision as output_tokens,
  (i.status = 'error')::integer::double precision as errors
from public.inferences i;

comment on view private.cube_calls is 'One row per call: what slices say of it.';

create or replace function private.outcomes_since(keys private.cube_key[], before bigint) returns setof private.cube_outcome
language plpgsql stable
set search_path = ''
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
begin
  return query
  select x.outcome_id, x.workspace_id, x.environment_id, x.metric_id, x.value, x.occurred_at, x.subject, x.conversation,
    x.inference_id, x.tx
  from unnest(keys) k
  cross join lateral (
    select o.* from private.cube_outcomes o
    where k.unit_kind = 'subject' and o.workspace_id = k.workspace_id and o.said_subject = k.unit_id
      and o.occurred_at >= k.since and o.tx + 0 < before
    union all
    select o.* from private.cube_outcomes o
    where k.unit_kind = 'conversation' and o.workspace_id = k.workspace_id and o.said_conversation = k.unit_id
      and o.occurred_at >= k.since and o.tx + 0 < before offset 0) x
  union
  select p.outcome_id, p.workspace_id, p.environment_id, p.metric_id, p.value, p.occurred_at, p.subject, p.conversation,
    p.inference_id, p.tx
  from unnest(keys) k
  cross join lateral (
    select w.* from private.outcome_places w
    where k.unit_kind = 'subject' and w.said_subject is null and w.workspace_id = k.workspace_id and w.subject = k.unit_id
      and w.occurred_at >= k.since and w.tx + 0 < before
    union all
    select w.* from private.outcome_places w
    where k.unit_kind = 'conversation' and w.said_conversation is null and w.workspace_id = k.workspace_id
      and w.conversation = k.unit_id and w.occurred_at >= k.since and w.tx + 0 < before offset 0) p;
end
$$;

comment on function private.outcomes_since(private.cube_key[], bigint) is
'The outcomes that are placed with some units, each from a moment on.';

create or replace function private.unit_keys(units private.experiment_units[]) returns private.cube_key[]
language sql stable
set search_path = ''
return array(
  select (u.workspace_id, case e.unit when 'conversation' then 'conversation' else 'subject' end, u.unit_id, '-infinity')::private.cube_key
  from unnest(units) u join public.experiments e on e.id = u.experiment_id);

comment on function private.unit_keys(private.experiment_units[]) is 'Units as keys of all of their outcomes.';

create or replace function private.new_outcomes(from_tx bigint, to_tx bigint) returns setof private.cube_outcome
language plpgsql stable
set search_path = ''
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
begin
  return query
  select o.outcome_id, o.workspace_id, o.environment_id, o.metric_id, o.value, o.occurred_at, o.subject, o.conversation,
    o.inference_id, o.tx
  from private.cube_outcomes o where o.tx >= from_tx and o.tx < to_tx;
end
$$;

comment on function private.new_outcomes(bigint, bigint) is 'The outcomes of a range of transactions.';

create or replace function private.moved_outcomes(
  replaced private.cube_place_news[], changes private.unit_change[], from_tx bigint, to_tx bigint
) returns setof private.cube_outcome
language plpgsql stable
set search_path = ''
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
begin
  return query
  select o.* from private.outcomes_since(array(
    select (i.workspace_id, 'subject', i.subject, min(i.started_at))::private.cube_key
    from public.inferences i where i.tx >= from_tx and i.tx < to_tx group by i.workspace_id, i.subject
  ) || private.unit_keys(array(select c.now from unnest(changes) c)), from_tx) o
  union
  select p.outcome_id, p.workspace_id, p.environment_id, p.metric_id, p.value, p.occurred_at, p.subject, p.conversation,
    p.inference_id, p.tx
  from unnest(replaced) r
  cross join lateral (select w.* from private.outcome_places w where w.outcome_id = r.outcome_id offset 0) p
  where p.tx < from_tx
  union
  -- A call that is named may be of any time, and the news that it was found may have been taken before the call itself.
  select n.outcome_id, n.workspace_id, n.environment_id, n.metric_id, n.value, n.occurred_at, n.subject, n.conversation,
    n.inference_id, n.tx
  from public.inferences i
  cross join lateral (
    select x.* from private.cube_outcomes x
    where x.workspace_id = i.workspace_id and x.inference_id = i.id and x.said_subject is not null
      and x.said_conversation is not null and x.tx + 0 < from_tx offset 0) n
  where i.tx >= from_tx and i.tx < to_tx
  union
  select f.outcome_id, f.workspace_id, f.environment_id, f.metric_id, f.value, f.occurred_at, f.subject, f.conversation,
    f.inference_id, f.tx
  from public.inferences i
  cross join lateral (
    select w.* from private.outcome_places w
    where w.workspace_id = i.workspace_id and w.inference_id = i.id and w.inference_found and w.tx + 0 < from_tx offset 0) f
  where i.tx >= from_tx and i.tx < to_tx;
end
$$;

comment on function private.moved_outcomes(private.cube_place_news[], private.unit_change[], bigint, bigint) is
'The outcomes of earlier transactions that were put elsewhere, whose unit changed, or whose call may be one that came in a range.';

create or replace function private.outcomes_before(outcomes private.cube_outcome[], replaced private.cube_place_news[])
returns private.cube_outcome[]
language sql stable
set search_path = ''
set enable_nestloop = off
return array(
  select (o.outcome_id, o.workspace_id, o.environment_id, o.metric_id, o.value, o.occurred_at,
    case when f.id is null then o.subject else f.subject end, case when f.id is null then o.conversation else f.conversation end,
    o.inference_id, o.tx)::private.cube_outcome
  from unnest(outcomes) o
  left join (
    select distinct on (r.outcome_id) r.* from unnest(replaced) r order by r.outcome_id, r.id) f on f.outcome_id = o.outcome_id);

comment on function private.outcomes_before(private.cube_outcome[], private.cube_place_news[]) is
'Where outcomes were before they were put elsewhere.';

create or replace function private.counts_conversations() returns boolean
language sql stable
set search_path = ''
return exists (
  select from private.cube_experiments x join public.experiments e on e.id = x.experiment_id and e.unit = 'conversation');

comment on function private.counts_conversations() is 'Whether any unit is a conversation.';

create or replace function private.counted_pairs(outcomes private.cube_outcome[], changes private.unit_change[], sign integer)
returns private.cube_pair[]
language plpgsql stable
set search_path = ''
set enable_nestloop = off
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
declare
  by_conversation constant boolean := private.counts_conversations();
begin
  return array(
    with found as materialized (
      select o, u.kind, u.unit as k
      from unnest(outcomes) o
      cross join lateral (
        select 'subject' as kind, k.unit from private.cube_units k where k.workspace_id = o.workspace_id and k.unit_id = o.subject
        union all
        select 'conversation', k.unit from private.cube_units k
        where by_conversation and k.workspace_id = o.workspace_id and k.unit_id = o.conversation offset 0) u
    )
    select row(f.o, case when sign < 0 and (c.now).unit_id is not null then c.was else f.k end)::private.cube_pair
    from found f
    join private.cube_experiments x on x.experiment_id = (f.k).experiment_id and (x.counted_to is null or (f.k).unit_id <= x.counted_to)
    join public.experiments e on e.id = (f.k).experiment_id and e.environment_id = (f.o).environment_id
      and f.kind = case e.unit when 'conversation' then 'conversation' else 'subject' end
    left join unnest(changes) c on (c.now).experiment_id = (f.k).experiment_id and (c.now).unit_id = (f.k).unit_id);
end
$$;

comment on function private.counted_pairs(private.cube_outcome[], private.unit_change[], integer) is
'Outcomes with the units that they are counted for, as these are (1), or as they were before some changes (-1).';

create or replace function private.outcome_spots(pairs private.cube_pair[], sign integer, before bigint) returns setof private.cube_spot
language plpgsql stable
set search_path = ''
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
begin
  return query
  select sign, p.unit, (p.outcome).metric_id, (p.outcome).occurred_at, coalesce(n.action, t.action, s.action, ''),
    coalesce(n.model, t.model, s.model, ''), (p.outcome).value, null::double precision, null::double precision,
    null::double precision, null::double precision, null::double precision
  from unnest(pairs) p
  left join lateral (
    select c.action, c.model from private.cube_calls c
    where c.id = (p.outcome).inference_id and c.workspace_id = (p.outcome).workspace_id and c.subject || '' = (p.outcome).subject
      and c.environment_id = (p.outcome).environment_id and c.tx + 0 < before limit 1) n on true
  left join lateral (
    select c.action, c.model from private.cube_calls c
    where n.model is null and c.workspace_id = (p.outcome).workspace_id and c.conversation = (p.outcome).conversation
      and c.started_at <= (p.outcome).occurred_at and c.subject || '' = (p.outcome).subject
      and c.environment_id = (p.outcome).environment_id and c.tx + 0 < before
    order by c.started_at desc, c.id desc limit 1) t on true
  left join lateral (
    select c.action, c.model from private.cube_calls c
    where n.model is null and t.model is null and c.workspace_id = (p.outcome).workspace_id and c.subject = (p.outcome).subject
      and c.started_at <= (p.outcome).occurred_at and c.environment_id = (p.outcome).environment_id and c.tx + 0 < before
    order by c.started_at desc, c.id desc limit 1) s on true
  where (p.outcome).occurred_at >= (p.unit).entered_at and (p.outcome).occurred_at < (p.unit).counts_until;
end
$$;

comment on function private.outcome_spots(private.cube_pair[], integer, bigint) is
'Outcomes as spots, each with the action and the model of its call, as far as calls were there before a watermark.';

create or replace function private.call_spots(from_tx bigint, to_tx bigint) returns setof private.cube_spot
language plpgsql stable
set search_path = ''
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
declare
  by_conversation constant boolean := private.counts_conversations();
begin
  return query
  with found as materialized (
    select c.environment_id, u.kind, u.unit as k, c.started_at, c.action, c.model, c.latency_ms, c.cost_usd, c.input_tokens, c.output_tokens, c.errors
    from private.cube_calls c
    cross join lateral (
      select 'subject' as kind, k.unit from private.cube_units k where k.workspace_id = c.workspace_id and k.unit_id = c.subject
      union all
      select 'conversation', k.unit from private.cube_units k
      where by_conversation and k.workspace_id = c.workspace_id and k.unit_id = c.conversation offset 0) u
    where c.tx >= from_tx and c.tx < to_tx and c.started_at >= (u.unit).entered_at and c.started_at < (u.unit).counts_until
  )
  select 1, f.k, '00000000-0000-0000-0000-000000000000'::uuid, f.started_at, f.action, f.model, 1::double precision, f.latency_ms,
    f.cost_usd, f.input_tokens, f.output_tokens, f.errors
  from found f
  join private.cube_experiments x on x.experiment_id = (f.k).experiment_id and (x.counted_to is null or (f.k).unit_id <= x.counted_to)
  join public.experiments e on e.id = (f.k).experiment_id and e.environment_id = f.environment_id
    and f.kind = case e.unit when 'conversation' then 'conversation' else 'subject' end;
end
$$;

comment on function private.call_spots(bigint, bigint) is 'The calls of a range of transactions, given to their units.';

create or replace function private.moved_calls(changes private.unit_change[], before bigint) returns setof private.cube_spot
language plpgsql stable
set search_path = ''
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
begin
  return query
  select s.sign, s.unit, '00000000-0000-0000-0000-000000000000'::uuid, c.started_at, c.action, c.model, 1::double precision,
    c.latency_ms, c.cost_usd, c.input_tokens, c.output_tokens, c.errors
  from unnest(changes) x
  join public.experiments e on e.id = (x.now).experiment_id
  cross join lateral (
    select i.* from private.cube_calls i
    where e.unit <> 'conversation' and i.workspace_id = e.workspace_id and i.subject = (x.now).unit_id
      and i.environment_id = e.environment_id and i.tx + 0 < before
    union all
    select i.* from private.cube_calls i
    where e.unit = 'conversation' and i.workspace_id = e.workspace_id and i.conversation = (x.now).unit_id
      and i.environment_id = e.environment_id and i.tx + 0 < before offset 0) c
  cross join lateral (values (-1, x.was), (1, x.now)) as s (sign, unit)
  where c.started_at >= (s.unit).entered_at and c.started_at < (s.unit).counts_until;
end
$$;

comment on function private.moved_calls(private.unit_change[], bigint) is
'The earlier calls of units that changed: taken from what they were, given to what they are.';
