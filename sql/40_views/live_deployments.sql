create or replace view public.live_deployments with (security_invoker = true) as
select
  d.id as deployment_id, d.workspace_id,
  d.environment_id, e.key as environment, d.capability_id, c.key as capability,
  d.action_id, a.key as action, d.intent_id, i.key as intent,
  d.prompt_version_id, p.key as prompt, v.number as version_number, d.previous_version_id,
  d.kind, d.reason, d.created_by, d.created_at as live_since
from (
  select distinct on (m.environment_id, m.capability_id, m.action_id, m.intent_id) m.*
  from public.deployments m
  order by m.environment_id, m.capability_id, m.action_id, m.intent_id, m.number desc
) as d
join public.environments e on e.id = d.environment_id
join public.capabilities c on c.id = d.capability_id
left join public.actions a on a.id = d.action_id
left join public.intents i on i.id = d.intent_id
join public.prompt_versions v on v.id = d.prompt_version_id
join public.prompts p on p.id = v.prompt_id;

comment on view public.live_deployments is E'One row per scope (environment × capability × action? × intent?): what is live there now.\nFor a call, the most specific scope wins: action and intent, then action, then intent, then the capability.';
comment on column public.live_deployments.deployment_id is 'The deployment that made it live.';
comment on column public.live_deployments.workspace_id is 'The workspace.';
comment on column public.live_deployments.environment_id is 'Scope: the environment.';
comment on column public.live_deployments.environment is 'Its key.';
comment on column public.live_deployments.capability_id is 'Scope: the capability.';
comment on column public.live_deployments.capability is 'Its key.';
comment on column public.live_deployments.action_id is 'Scope: the action; null for the whole capability.';
comment on column public.live_deployments.action is 'Its key.';
comment on column public.live_deployments.intent_id is 'Scope: the intent; null for every intent.';
comment on column public.live_deployments.intent is 'Its key.';
comment on column public.live_deployments.prompt_version_id is 'The version that is live: name it as expected_version.';
comment on column public.live_deployments.prompt is 'The key of its prompt.';
comment on column public.live_deployments.version_number is 'Its number in the prompt.';
comment on column public.live_deployments.previous_version_id is 'What was live before.';
comment on column public.live_deployments.kind is 'publish or rollback; a withdrawn scope has no row.';
comment on column public.live_deployments.reason is 'Why, in the person''s words.';
comment on column public.live_deployments.created_by is 'The user who moved it; null for a server''s key.';
comment on column public.live_deployments.live_since is 'Since when.';
