create type private.scope as (
  workspace_id uuid, environment_id uuid, capability_id uuid, action_id uuid, intent_id uuid
);

comment on type private.scope is 'Where something is live or decided: environment and capability, then perhaps action and intent.';

create or replace function private.place(
  workspace_id uuid, environment text, capability text, action text, intent text
) returns private.scope
language plpgsql stable
set search_path = ''
as $$
declare
  scope private.scope;
  missing text;
begin
  select place.workspace_id, e.id, c.id, a.id, i.id into scope
  from (values (1)) as here
  left join public.environments e on e.workspace_id = place.workspace_id and e.key = environment
  left join public.capabilities c on c.workspace_id = place.workspace_id and c.key = capability
  left join public.actions a on a.capability_id = c.id and a.key = action
  left join public.intents i on i.workspace_id = place.workspace_id and i.key = intent;
  missing := case
    when environment is not null and scope.environment_id is null then 'environment'
    when capability is not null and scope.capability_id is null then 'capability'
    when action is not null and scope.action_id is null then 'action'
    when intent is not null and scope.intent_id is null then 'intent'
  end;
  if missing is not null then
    perform private.fail('unknown_' || missing, jsonb_build_object(
      'environment', environment, 'capability', capability, 'action', action, 'intent', intent));
  end if;
  perform private.require_environment(scope.environment_id);
  return scope;
end
$$;

comment on function private.place(uuid, text, text, text, text) is
'Turns those keys that are given into ids; raises unknown_… for a key that the workspace does not have, and environment_denied for an API key that is not for the environment.';

create or replace function private.resolve_scope(
  workspace_id uuid, environment text, capability text, action text, intent text
) returns private.scope
language plpgsql stable
set search_path = ''
as $$
begin
  if environment is null or capability is null then
    perform private.fail('unknown_' || case when environment is null then 'environment' else 'capability' end,
      jsonb_build_object('environment', environment, 'capability', capability, 'action', action, 'intent', intent));
  end if;
  return private.place(workspace_id, environment, capability, action, intent);
end
$$;

comment on function private.resolve_scope(uuid, text, text, text, text) is
'As place, where something is live or decided: that always has an environment and a capability.';

create or replace function private.live_head(scope private.scope) returns private.deployment_heads
language plpgsql stable
set search_path = ''
as $$
declare
  head private.deployment_heads;
begin
  -- Action before intent: a call for an action must not get the prompt of the whole capability.
  select h.* into head
  from private.deployment_heads h
  where h.environment_id = scope.environment_id
    and h.capability_id = scope.capability_id
    and (h.action_id is null or h.action_id = scope.action_id)
    and (h.intent_id is null or h.intent_id = scope.intent_id)
    -- A scope that was given back answers nothing: the wider one does.
    and h.prompt_version_id is not null
  order by (h.action_id is not null) desc, (h.intent_id is not null) desc
  limit 1;
  return head;
end
$$;

comment on function private.live_head(private.scope) is
E'What is live for a call: the most specific scope wins.\nAction and intent, then action, then intent, then the capability.';

create or replace function private.environment_id(workspace_id uuid, environment text) returns uuid
language plpgsql stable
set search_path = ''
as $$
declare
  found_one uuid := (select e.id from public.environments e
    where e.workspace_id = environment_id.workspace_id and e.key = environment);
begin
  if found_one is null then
    perform private.fail('unknown_environment', jsonb_build_object('environment', environment));
  end if;
  perform private.require_environment(found_one);
  return found_one;
end
$$;

comment on function private.environment_id(uuid, text) is
'The environment with a key; raises unknown_environment when the workspace has none, and environment_denied for an API key that is not for it.';
