-- Everything that touched one customer, in order: what was decided, what ran, what came of it, what changed meanwhile.
create type private.traced as (workspace_id uuid, subject text, conversation text);

comment on type private.traced is 'Whom a trace is of: a conversation with its subject, or a subject as a whole.';

create or replace function private.was_seen_in(tenant uuid, places uuid[], subject text, conversation text) returns boolean
language sql stable
set search_path = ''
as $$
  select exists (
    select from public.inferences i
    where i.workspace_id = tenant and i.subject = was_seen_in.subject and i.environment_id = any (places)
      and coalesce(i.conversation, '') = coalesce(was_seen_in.conversation, '')
    union all
    select from private.unit_exposures x join public.experiments e on e.id = x.experiment_id
    where x.workspace_id = tenant and e.workspace_id = tenant and e.environment_id = any (places)
      and x.conversation = was_seen_in.conversation and x.subject = was_seen_in.subject)
$$;

comment on function private.was_seen_in(uuid, uuid[], text, text) is
'Whether a subject was seen in a conversation, or in none, in one of some environments: what others tell is nothing to a key for these.';

create or replace function private.find_traced(tenant uuid, conversation text, subject text, key_type text, key_value text)
returns private.traced
language plpgsql stable
set search_path = ''
as $$
declare
  seen constant uuid[] := private.key_environments();
  answer private.traced := row(tenant, subject, conversation);
begin
  if num_nonnulls(conversation, subject, key_value) <> 1 or num_nulls(key_type, key_value) = 1 then
    perform private.fail('bad_argument', '{"argument": "conversation, subject, key", "expected": "one of them; key_type and key_value together"}');
  elsif key_value is not null then
    select tenant, k.subject, nullif(k.conversation, '') into answer
    from public.outcome_keys k
    where k.workspace_id = tenant and k.key_type = find_traced.key_type and k.key_value = find_traced.key_value
      and (seen is null or private.was_seen_in(tenant, seen, k.subject, k.conversation))
    order by k.seen_at, k.subject, k.conversation
    limit 1;
  elsif conversation is not null then
    answer.subject := (
      select s.subject from private.sightings s
      where s.workspace_id = tenant and s.conversation = find_traced.conversation
        and (seen is null or private.was_seen_in(tenant, seen, s.subject, s.conversation))
      order by s.seen_at, s.subject limit 1);
  end if;
  return answer;
end
$$;

comment on function private.find_traced(uuid, text, text, text, text) is
'Whom a conversation, a subject or a business key stands for, ties going to the earliest; raises unless exactly one is given.';

create type private.trace_row as (
  at timestamptz, kind text, environment_id uuid, subject text, conversation text, capability_id uuid, action_id uuid,
  intent_id uuid, experiment_id uuid, variant_id uuid, prompt_version_id uuid, inference_id uuid, outcome_id uuid,
  metric_id uuid, value double precision, change_id uuid, summary text, detail jsonb
);

comment on type private.trace_row is 'One thing that touched a customer.';

create or replace function private.traced_calls(who private.traced) returns setof public.inferences
language sql stable
set search_path = ''
as $$
  select i.* from public.inferences i
  where i.workspace_id = (who).workspace_id and i.conversation = (who).conversation
  union all
  select i.* from public.inferences i
  where (who).conversation is null and i.workspace_id = (who).workspace_id and i.subject = (who).subject
$$;

comment on function private.traced_calls(private.traced) is 'The calls of a conversation, or of a subject.';

create or replace function private.traced_exposures(who private.traced) returns setof private.unit_exposures
language sql stable
set search_path = ''
as $$
  select x.* from private.unit_exposures x
  join public.experiments e on e.id = x.experiment_id
  where e.workspace_id = (who).workspace_id and x.workspace_id = (who).workspace_id
    and x.unit_id in ((who).subject, (who).conversation)
$$;

comment on function private.traced_exposures(private.traced) is
'The arms of a conversation or a subject: those that were drawn here, and those that another system reported.';

create or replace function private.traced_outcomes(who private.traced) returns table (
  outcome public.outcomes, subject text, conversation text, placed_by text
)
language sql stable
set search_path = ''
as $$
  with said as (
    select o, o.subject, o.conversation,
      case when o.subject is not null then 'subject' else 'conversation' end as placed_by
    from public.outcomes o
    where o.workspace_id = (who).workspace_id and (o.subject = (who).subject or o.conversation = (who).conversation)
    union
    select o, p.subject, p.conversation, case when p.said_subject is not null then 'subject'
      when p.inference_id is not null then 'inference' when p.said_conversation is not null then 'conversation' else 'key' end
    from private.outcome_places p
    join public.outcomes o on o.id = p.outcome_id
    where p.workspace_id = (who).workspace_id and (p.subject = (who).subject or p.conversation = (who).conversation)
  ),
  best as (
    select distinct on ((s.o).id) s.* from said s order by (s.o).id, (s.subject is null)::integer + (s.conversation is null)::integer
  )
  select b.o, coalesce(b.subject, (who).subject), b.conversation, b.placed_by
  from best b
  where (who).conversation is null or b.conversation = (who).conversation
    -- What only names the customer may have come of this conversation as of any other.
    or b.conversation is null and b.subject = (who).subject and (b.o).occurred_at >= (
      select min(i.started_at) from private.traced_calls(who) i)
$$;

comment on function private.traced_outcomes(private.traced) is
'The outcomes of a conversation or a subject, and how each was placed.';

create or replace function private.counted_in(outcome public.outcomes, subject text, conversation text) returns table (
  experiment_id uuid, variant_id uuid, is_counted boolean, reason_code text
)
language sql stable
set search_path = ''
as $$
  select u.experiment_id, u.variant_id, r.reason_code is null, r.reason_code
  from private.experiment_units u
  join public.experiments e on e.id = u.experiment_id and e.environment_id = (outcome).environment_id
  join public.experiment_metrics em on em.experiment_id = e.id
  join public.outcome_metrics m on m.id = em.metric_id
    and (outcome).metric_id in (m.id, (to_jsonb(m) ->> 'numerator_metric_id')::uuid, (to_jsonb(m) ->> 'denominator_metric_id')::uuid)
  cross join lateral (select case
    when u.standing <> 'counted' then u.standing
    else case private.span_of((outcome).occurred_at, u.entered_at, u.counts_until, private.seconds_of(m.attribution_window))
      when 'used' then null when 'after' then 'after_window' else 'before_first_exposure' end end as reason_code) r
  where u.workspace_id = (outcome).workspace_id
    and u.unit_id = case e.unit when 'conversation' then conversation else subject end
$$;

comment on function private.counted_in(public.outcomes, text, text) is
'The experiments of the customer that count the outcome''s metric, and why one does not count the outcome.';

create or replace function private.counted_words(outcome public.outcomes, subject text, conversation text) returns jsonb
language sql stable
set search_path = ''
return (
  select coalesce(jsonb_agg(jsonb_build_object('experiment_id', c.experiment_id, 'experiment', e.key, 'variant', v.key,
    'is_counted', c.is_counted, 'reason_code', c.reason_code) order by e.key), '[]')
  from private.counted_in(outcome, subject, conversation) c
  join public.experiments e on e.id = c.experiment_id
  join public.variants v on v.id = c.variant_id
);

comment on function private.counted_words(public.outcomes, text, text) is 'Where an outcome counts, and why not: a list of experiments.';

create or replace function private.trace_events(who private.traced) returns setof private.trace_row
language sql stable
set search_path = ''
as $$
  select i.started_at, 'inference', i.environment_id, i.subject, i.conversation, i.capability_id, i.action_id, i.intent_id,
    i.experiment_id, i.variant_id, i.prompt_version_id, i.id, null::uuid, null::uuid, null::double precision, null::uuid,
    format('%s ran on %s: %s', private.version_words(i.prompt_version_id), coalesce(i.resolved_model, i.requested_model), i.status),
    jsonb_build_object('latency_ms', i.latency_ms, 'cost_usd', i.cost_usd, 'provider', i.provider,
      'requested_model', i.requested_model, 'resolved_model', i.resolved_model, 'error_code', i.error_code,
      'deployment', private.deployment_behind(i))
  from private.traced_calls(who) i
  union all
  select a.exposed_at, 'exposure', e.environment_id, a.subject, a.conversation, e.capability_id, null, a.intent_id,
    a.experiment_id, a.variant_id, null, null, null, null, null, null,
    format(case e.assigned_by when 'upshot' then 'Drawn into %s of the experiment %s' else 'Shown %s of the experiment %s' end, v.key, e.key), jsonb_build_object('unit_id', a.unit_id, 'attributes', a.attributes)
  from private.traced_exposures(who) a
  join public.experiments e on e.id = a.experiment_id
  join public.variants v on v.id = a.variant_id
  union all
  select (o.outcome).occurred_at, 'outcome', (o.outcome).environment_id, o.subject, o.conversation, null, null, null,
    null, null, null, (o.outcome).inference_id, (o.outcome).id, (o.outcome).metric_id, (o.outcome).value, null,
    format('%s: %s', m.name, (o.outcome).value), jsonb_build_object('source', (o.outcome).source,
      'received_at', (o.outcome).received_at, 'placed_by', o.placed_by,
      'counted_in', private.counted_words(o.outcome, o.subject, o.conversation))
  from private.traced_outcomes(who) o
  join public.outcome_metrics m on m.id = (o.outcome).metric_id
$$;

comment on function private.trace_events(private.traced) is 'What happened to a customer: exposures, calls, outcomes.';

create or replace function private.trace_of(conversation text, subject text, key_type text, key_value text, workspace_id uuid)
returns setof private.trace_row
language plpgsql stable security definer
set search_path = ''
as $$
declare
  tenant constant uuid := private.authorise(workspace_id, 'workspace.read');
  seen constant uuid[] := private.key_environments();
  events constant private.trace_row[] := array(
    select e from private.trace_events(private.find_traced(tenant, conversation, subject, key_type, key_value)) e
    where coalesce((e).environment_id = any (seen), true));
begin
  return query
  with span as (select min((e).at) as first_at, max((e).at) as last_at from unnest(events) e),
  scopes as (select distinct (e).environment_id, (e).capability_id from unnest(events) e where (e).capability_id is not null)
  select (e).* from unnest(events) e
  union all
  select c.occurred_at, 'change', c.environment_id, null, null, c.capability_id, c.action_id, c.intent_id, c.experiment_id,
    c.variant_id, (c.detail ->> 'version_id')::uuid, null, null, null, null, c.id, c.summary, jsonb_build_object('kind', c.kind)
  from public.timeline c cross join span s
  where c.workspace_id = tenant and c.occurred_at between s.first_at and s.last_at and exists (
    select from scopes x where coalesce(c.environment_id = x.environment_id, true)
      and coalesce(c.capability_id = x.capability_id, true))
  order by 1, 2;
end
$$;

comment on function private.trace_of(text, text, text, text, uuid) is
E'Everything that touched a customer, in order.\nDefiner: it reads the compactor''s tables, which nobody else does.';

create or replace function private.outcome_of(conversation text, subject text, key_type text, key_value text, workspace_id uuid)
returns table (
  outcome_id uuid, environment_id uuid, metric_id uuid, metric_key text, value double precision, occurred_at timestamptz,
  received_at timestamptz, source text, placed_subject text, placed_conversation text, placed_by text, counted_in jsonb
)
language plpgsql stable security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  tenant constant uuid := private.authorise(outcome_of.workspace_id, 'workspace.read');
  who constant private.traced := private.find_traced(tenant, outcome_of.conversation, outcome_of.subject, outcome_of.key_type, outcome_of.key_value);
begin
  return query
  select (o.outcome).id, (o.outcome).environment_id, m.id, m.key, (o.outcome).value, (o.outcome).occurred_at,
    (o.outcome).received_at, (o.outcome).source, o.subject, o.conversation, o.placed_by,
    private.counted_words(o.outcome, o.subject, o.conversation)
  from private.traced_outcomes(who) o
  join public.outcome_metrics m on m.id = (o.outcome).metric_id
  where coalesce((o.outcome).environment_id = any (private.key_environments()), true)
  order by (o.outcome).occurred_at, (o.outcome).id;
end
$$;

comment on function private.outcome_of(text, text, text, text, uuid) is
E'The outcomes of a customer.\nDefiner: as trace_of.';
