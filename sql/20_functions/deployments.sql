create or replace function private.scope_head(scope private.scope) returns private.deployment_heads
language plpgsql
set search_path = ''
as $$
declare
  head private.deployment_heads;
begin
  -- The lock, not the row, is the gate: a scope's first publish has no row yet.
  perform pg_advisory_xact_lock(hashtextextended('deployment:' || scope::text, 0));
  select h.* into head from private.deployment_heads h
  where h.environment_id = scope.environment_id
    and h.capability_id = scope.capability_id
    and h.action_id is not distinct from scope.action_id
    and h.intent_id is not distinct from scope.intent_id;
  return head;
end
$$;

comment on function private.scope_head(private.scope) is
'What is live at exactly this scope, with the scope locked until the transaction ends.';

create or replace function private.require_runnable(version_id uuid, scope private.scope) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  prompt public.prompts;
begin
  select p.* into prompt
  from public.prompt_versions v join public.prompts p on p.id = v.prompt_id
  where v.id = version_id and v.workspace_id = scope.workspace_id;
  if prompt.id is null then
    perform private.fail('unknown_version', jsonb_build_object('version_id', version_id));
  end if;
  if prompt.capability_id <> scope.capability_id or prompt.action_id <> scope.action_id
    or (prompt.action_id is not null and scope.action_id is null)
  then
    perform private.fail('wrong_prompt', jsonb_build_object('version_id', version_id, 'prompt_id', prompt.id));
  end if;
end
$$;

comment on function private.require_runnable(uuid, private.scope) is
'Raises unless the version is of this workspace and its prompt is one that the capability, or the action, runs.';

create or replace function private.move_pointer(
  scope private.scope, version_id uuid, head private.deployment_heads, kind text, reason text
) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  made public.deployments;
begin
  if head.prompt_version_id = version_id then
    perform private.fail('already_live', jsonb_build_object('version_id', version_id));
  end if;
  insert into public.deployments (
    workspace_id, environment_id, capability_id, action_id, intent_id,
    number, prompt_version_id, previous_version_id, kind, reason, created_by)
  values (
    scope.workspace_id, scope.environment_id, scope.capability_id, scope.action_id, scope.intent_id,
    coalesce(head.number, 0) + 1, version_id, head.prompt_version_id, kind, coalesce(reason, ''), auth.uid())
  returning * into made;
  return to_jsonb(made) || jsonb_build_object(
    'deployment_id', made.id,
    'version', (select private.version_card(v) from public.prompt_versions v where v.id = made.prompt_version_id),
    'summary', (select c.summary from public.changes c
      where c.workspace_id = made.workspace_id and c.deployment_id = made.id));
end
$$;

comment on function private.move_pointer(private.scope, uuid, private.deployment_heads, text, text) is
'Appends a deployment to a locked scope and says what it did.';

create or replace function private.require_live(head private.deployment_heads, expected_version uuid) returns void
language plpgsql
set search_path = ''
as $$
begin
  if head.prompt_version_id is distinct from expected_version then
    perform private.fail('stale_version', jsonb_build_object(
      'live_version_id', head.prompt_version_id, 'expected_version_id', expected_version));
  end if;
end
$$;

comment on function private.require_live(private.deployment_heads, uuid) is
'Raises stale_version unless the caller names the version that is live; null means that nothing is.';

create or replace function private.publish(
  environment text, capability text, version_id uuid, expected_version uuid,
  action text, intent text, reason text, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  tenant uuid := private.authorise(workspace_id, 'deployments.publish');
  scope private.scope := private.resolve_scope(tenant, environment, capability, action, intent);
  head private.deployment_heads := private.scope_head(scope);
begin
  perform private.require_runnable(version_id, scope);
  perform private.require_live(head, expected_version);
  return private.move_pointer(scope, version_id, head, 'publish', reason);
end
$$;

comment on function private.publish(text, text, uuid, uuid, text, text, text, uuid) is
E'Makes a version live at a scope by compare-and-swap.\nDefiner: deployments are append-only and numbered under a lock, so nobody may insert them by hand.';

create or replace function private.version_before(head private.deployment_heads) returns uuid
language sql stable
set search_path = ''
as $$
  -- What the live version replaced when it was published: rolling back twice goes two steps back, not to and fro.
  select d.previous_version_id
  from public.deployments d
  where d.environment_id = (head).environment_id
    and d.capability_id = (head).capability_id
    and d.action_id is not distinct from (head).action_id
    and d.intent_id is not distinct from (head).intent_id
    and d.prompt_version_id = (head).prompt_version_id
    and d.kind = 'publish'
  order by d.number desc
  limit 1
$$;

comment on function private.version_before(private.deployment_heads) is
'The version that a rollback without a target returns to; null when there is none.';

create or replace function private.rollback_target(
  scope private.scope, head private.deployment_heads, to_version uuid
) returns uuid
language plpgsql stable
set search_path = ''
as $$
declare
  target uuid := coalesce(to_version, private.version_before(head));
begin
  if target is null then
    perform private.fail('nothing_to_roll_back');
  end if;
  if not exists (
    select from public.deployments d
    where d.environment_id = scope.environment_id
      and d.capability_id = scope.capability_id
      and d.action_id is not distinct from scope.action_id
      and d.intent_id is not distinct from scope.intent_id
      and d.prompt_version_id = target
  ) then
    perform private.fail('never_live_here', jsonb_build_object('version_id', target));
  end if;
  return target;
end
$$;

comment on function private.rollback_target(private.scope, private.deployment_heads, uuid) is
'The version to return to; raises when there is none, or when the one named was never live here.';

create or replace function private.rollback(
  environment text, capability text, expected_version uuid, action text, intent text, to_version uuid,
  reason text, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  tenant uuid := private.authorise(workspace_id, 'deployments.rollback');
  scope private.scope := private.resolve_scope(tenant, environment, capability, action, intent);
  head private.deployment_heads := private.scope_head(scope);
begin
  if head.deployment_id is null then
    perform private.fail('nothing_deployed', jsonb_build_object('environment', environment));
  end if;
  perform private.require_live(head, expected_version);
  return private.move_pointer(scope, private.rollback_target(scope, head, to_version), head, 'rollback', reason);
end
$$;

comment on function private.rollback(text, text, uuid, text, text, uuid, text, uuid) is
E'Returns a scope to an earlier version by compare-and-swap.\nDefiner: as publish.';
