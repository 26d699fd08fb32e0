create or replace view public.conversation_timeline with (security_invoker = true) as
select i.workspace_id, i.environment_id, i.conversation, i.started_at as at, 'inference'::text as kind, i.subject,
  i.capability_id, i.action_id, i.intent_id, i.experiment_id, i.variant_id, i.prompt_version_id,
  coalesce(i.resolved_model, i.requested_model) as model, i.id as inference_id, null::uuid as outcome_id,
  null::uuid as metric_id, null::double precision as value, i.status
from public.inferences i
where i.conversation is not null
union all
select a.workspace_id, e.environment_id, a.conversation, a.assigned_at, 'exposure', a.subject, e.capability_id, null,
  a.intent_id, a.experiment_id, a.variant_id, null, null, null, null, null, null, null
from public.assignments a
join public.experiments e on e.id = a.experiment_id
where a.conversation is not null
union all
select o.workspace_id, o.environment_id, o.conversation, o.occurred_at, 'outcome', o.subject, null, null, null, null, null,
  null, null, o.inference_id, o.id, o.metric_id, o.value, null
from public.outcomes o
where o.conversation is not null;

comment on view public.conversation_timeline is E'One row per inference, exposure or outcome × conversation that it says: filter by conversation, order by at.\ntrace_of tells more of one conversation: outcomes that were placed by other evidence, where they count, and what changed meanwhile.';
comment on column public.conversation_timeline.workspace_id is 'The workspace.';
comment on column public.conversation_timeline.environment_id is 'Where.';
comment on column public.conversation_timeline.conversation is 'The conversation.';
comment on column public.conversation_timeline.at is 'When, by the caller''s or the source''s clock.';
comment on column public.conversation_timeline.kind is 'inference, exposure or outcome.';
comment on column public.conversation_timeline.subject is 'For whom, as far as it says.';
comment on column public.conversation_timeline.capability_id is 'The capability.';
comment on column public.conversation_timeline.action_id is 'The action.';
comment on column public.conversation_timeline.intent_id is 'The intent.';
comment on column public.conversation_timeline.experiment_id is 'The experiment.';
comment on column public.conversation_timeline.variant_id is 'The arm.';
comment on column public.conversation_timeline.prompt_version_id is 'The version that ran.';
comment on column public.conversation_timeline.model is 'The model that ran.';
comment on column public.conversation_timeline.inference_id is 'The inference.';
comment on column public.conversation_timeline.outcome_id is 'The outcome.';
comment on column public.conversation_timeline.metric_id is 'What it measures.';
comment on column public.conversation_timeline.value is 'How much.';
comment on column public.conversation_timeline.status is 'Of an inference: ok or error.';
