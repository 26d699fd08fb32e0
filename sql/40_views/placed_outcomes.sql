create or replace view private.placed_outcomes with (security_invoker = true) as
select o.workspace_id, o.environment_id, o.metric_id, o.value, o.occurred_at,
  coalesce(o.subject, by_inference.subject, by_conversation.subject, by_key.subject) as subject,
  coalesce(o.conversation, by_inference.conversation, nullif(by_key.conversation, '')) as conversation,
  o.received_at, o.subject as said_subject, o.conversation as said_conversation,
  o.inference_id is not null or o.key_type is not null as names_evidence
from public.outcomes o
left join public.inferences by_inference
  on by_inference.workspace_id = o.workspace_id and by_inference.id = o.inference_id
left join lateral (
  select k.subject, k.conversation
  from public.outcome_keys k
  where k.workspace_id = o.workspace_id and k.key_type = o.key_type and k.key_value = o.key_value
  order by k.seen_at, k.subject, k.conversation
  limit 1
) as by_key on true
left join lateral (
  select seen.subject
  from (
    select i.subject, i.started_at as seen_at from public.inferences i
    where i.workspace_id = o.workspace_id and i.conversation = o.conversation
    union all
    select a.subject, a.assigned_at from public.assignments a
    where a.workspace_id = o.workspace_id and a.conversation = o.conversation
    union all
    select e.subject, e.exposed_at from public.exposures e
    where e.workspace_id = o.workspace_id and e.conversation = o.conversation
  ) as seen
  where o.subject is null
  order by seen.seen_at, seen.subject
  limit 1
) as by_conversation on true;

comment on view private.placed_outcomes is E'One row per outcome, with the subject and the conversation that it belongs to, as far as they are known by now.\nWhat the source said comes first, then the inference, the conversation and the business key that it named. Ties go to the earliest by the callers'' clocks, so the order of arrival does not matter.';

create or replace view private.unit_outcomes with (security_invoker = true) as
select o.workspace_id, o.environment_id, o.metric_id, o.value, o.occurred_at, unit.kind as unit_kind, unit.id as unit_id
from private.placed_outcomes o
cross join lateral (values ('subject', o.subject), ('conversation', o.conversation)) as unit (kind, id)
where unit.id is not null;

comment on view private.unit_outcomes is 'One row per outcome × unit that it can be counted for: its subject, its conversation.';
