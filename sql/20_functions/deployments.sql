create or replace function private.own_head(scope private.scope) returns private.deployment_heads
language plpgsql stable
set search_path = ''
as $$
declare
  head private.deployment_heads;
begin
  select h.* into head from private.deployment_heads h
  where h.environment_id = scope.environment_id
    and h.capability_id = scope.capability_id
    and h.action_id is not distinct from scope.action_id
    and h.intent_id is not distinct from scope.intent_id;
  return head;
end
$$;

comment on function private.own_head(private.scope) is 'The last move of exactly this scope; its version is null when the scope was given back.';

create or replace function private.wider_head(scope private.scope) returns private.deployment_heads
language plpgsql stable
set search_path = ''
as $$
declare
  head private.deployment_heads;
begin
  select h.* into head
  from private.deployment_heads h
  where h.environment_id = scope.environment_id
    and h.capability_id = scope.capability_id
    and (h.action_id is null or h.action_id = scope.action_id)
    and (h.intent_id is null or h.intent_id = scope.intent_id)
    and (h.action_id, h.intent_id) is distinct from (scope.action_id, scope.intent_id)
    and h.prompt_version_id is not null
  order by (h.action_id is not null) desc, (h.intent_id is not null) desc
  limit 1;
  return head;
end
$$;

comment on function private.wider_head(private.scope) is 'What would answer the calls of a scope if nothing were live at the scope itself.';

create or replace function private.capability_key(scope private.scope) returns bigint
language plpgsql immutable
set search_path = ''
as $$
begin
  return hashtextextended('capability:' || scope.environment_id || ':' || scope.capability_id, 0);
end
$$;

comment on function private.capability_key(private.scope) is
'The advisory lock of a capability in an environment: moves of a pointer share it, a ramp''s moves hold it alone.';

create or replace function private.scope_head(scope private.scope) returns private.deployment_heads
language plpgsql
set search_path = ''
as $$
begin
  -- The locks, not the row, are the gate: a scope's first publish has no row yet.
  perform pg_advisory_xact_lock_shared(private.capability_key(scope));
  perform pg_advisory_xact_lock(hashtextextended('deployment:' || scope::text, 0));
  return private.own_head(scope);
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
  scope private.scope, version_id uuid, head private.deployment_heads, kind text, reason text,
  restores_number integer default null
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
    number, prompt_version_id, previous_version_id, kind, reason, created_by, restores_number, created_at)
  values (
    scope.workspace_id, scope.environment_id, scope.capability_id, scope.action_id, scope.intent_id,
    coalesce(head.number, 0) + 1, version_id, head.prompt_version_id, kind, coalesce(reason, ''), auth.uid(),
    restores_number,
    -- A transaction that waited began before the one that it follows: time in a scope never runs backwards.
    greatest(private.now(), (select d.created_at from public.deployments d where d.id = head.deployment_id)))
  returning * into made;
  return private.move_answer(made, scope);
end
$$;

comment on function private.move_pointer(private.scope, uuid, private.deployment_heads, text, text, integer) is
'Appends a deployment to a locked scope and says what it did.';

create or replace function private.move_answer(made public.deployments, scope private.scope) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  applies uuid := coalesce(made.prompt_version_id, (private.wider_head(scope)).prompt_version_id);
begin
  return to_jsonb(made) || jsonb_build_object(
    'deployment_id', made.id,
    'version', (select private.version_card(v) from public.prompt_versions v where v.id = made.prompt_version_id),
    'applies', (select private.version_card(v) from public.prompt_versions v where v.id = applies),
    'summary', (select c.summary from public.changes c
      where c.workspace_id = made.workspace_id and c.deployment_id = made.id));
end
$$;

comment on function private.move_answer(public.deployments, private.scope) is
'The deployment with its version, the version that applies at the scope now, and a summary.';

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
  perform private.require_approval(tenant, 'deployments.publish', scope.environment_id, version_id,
    private.publication_hash(scope, version_id));
  return private.move_pointer(scope, version_id, head, 'publish', reason);
end
$$;

comment on function private.publish(text, text, uuid, uuid, text, text, text, uuid) is
E'Makes a version live at a scope by compare-and-swap.\nDefiner: deployments are append-only and numbered under a lock, so nobody may insert them by hand.';
