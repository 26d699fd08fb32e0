-- Each scope is a stack: publish and withdraw put a state on it, rollback takes one off. A rollback's row names the
-- move whose state it restored, so the next one goes on from there: further back, never to and fro.
create or replace function private.moves_of(scope private.scope) returns setof public.deployments
language plpgsql stable rows 20
set search_path = ''
as $$
begin
  return query select d.* from public.deployments d
  where d.environment_id = scope.environment_id
    and d.capability_id = scope.capability_id
    and d.action_id is not distinct from scope.action_id
    and d.intent_id is not distinct from scope.intent_id;
end
$$;

comment on function private.moves_of(private.scope) is 'What was ever made live at exactly this scope.';

create or replace function private.scope_move(scope private.scope, number integer) returns public.deployments
language plpgsql stable
set search_path = ''
as $$
declare
  move public.deployments;
begin
  select d.* into move from private.moves_of(scope) d
  where d.number = scope_move.number;
  return move;
end
$$;

comment on function private.scope_move(private.scope, integer) is 'A scope''s move by its number.';

create or replace function private.standing(move public.deployments) returns integer
language plpgsql immutable
set search_path = ''
as $$
begin
  return coalesce(move.restores_number, move.number, 0);
end
$$;

comment on function private.standing(public.deployments) is
'The number of the publish or withdraw whose state a move left standing; 0 is the time before the first.';

create or replace function private.number_before(scope private.scope, head private.deployment_heads) returns integer
language plpgsql stable
set search_path = ''
as $$
declare
  now_standing constant integer := private.standing(private.scope_move(scope, head.number));
begin
  if now_standing = 0 then
    perform private.fail('nothing_to_roll_back');
  end if;
  return private.standing(private.scope_move(scope, now_standing - 1));
end
$$;

comment on function private.number_before(private.scope, private.deployment_heads) is
'The state that a rollback without a target restores: what the live one replaced.';

create or replace function private.number_of_version(scope private.scope, version_id uuid) returns integer
language plpgsql stable
set search_path = ''
as $$
declare
  move public.deployments;
begin
  select d.* into move from private.moves_of(scope) d
  where d.prompt_version_id = version_id
  order by d.number desc
  limit 1;
  if move.id is null then
    perform private.fail('never_live_here', jsonb_build_object('version_id', version_id));
  end if;
  return private.standing(move);
end
$$;

comment on function private.number_of_version(private.scope, uuid) is
'The state that a rollback to a version restores: the last in which it was live here.';

create or replace function private.number_at(scope private.scope, moment timestamptz) returns integer
language plpgsql stable
set search_path = ''
as $$
declare
  move public.deployments;
begin
  if moment > private.now() then
    perform private.fail('bad_argument', '{"argument": "to_time", "expected": "a moment in the past"}');
  end if;
  select d.* into move from private.moves_of(scope) d
  where d.created_at <= moment
  order by d.number desc
  limit 1;
  if move.prompt_version_id is null then
    perform private.fail('nothing_live_then', jsonb_build_object('to_time', moment));
  end if;
  return private.standing(move);
end
$$;

comment on function private.number_at(private.scope, timestamptz) is
'The state that a rollback to a moment restores: what was live here then.';

create or replace function private.rollback_number(
  scope private.scope, head private.deployment_heads, to_version uuid, to_time timestamptz
) returns integer
language plpgsql stable
set search_path = ''
as $$
begin
  if head.deployment_id is null then
    perform private.fail('nothing_to_roll_back');
  elsif to_version is not null and to_time is not null then
    perform private.fail('bad_argument', '{"argument": "to_time", "expected": "left out when to_version is given"}');
  end if;
  return case
    when to_version is not null then private.number_of_version(scope, to_version)
    when to_time is not null then private.number_at(scope, to_time)
    else private.number_before(scope, head)
  end;
end
$$;

comment on function private.rollback_number(private.scope, private.deployment_heads, uuid, timestamptz) is
'The number of the move whose state a rollback restores; raises when there is none, or when what was named was never live here.';

create or replace function private.restored_version(
  scope private.scope, head private.deployment_heads, number integer
) returns uuid
language plpgsql stable
set search_path = ''
as $$
declare
  target constant uuid := (private.scope_move(scope, number)).prompt_version_id;
begin
  if target is not null and target = head.prompt_version_id then
    perform private.fail('already_live', jsonb_build_object('version_id', target));
  elsif target is null and scope.action_id is null and scope.intent_id is null then
    perform private.fail('nothing_to_roll_back');
  elsif target is null then
    perform private.require_wider(scope);
  end if;
  return target;
end
$$;

comment on function private.restored_version(private.scope, private.deployment_heads, integer) is
'The version of a state; null gives the scope back to the wider one. Raises when that changes nothing, or leaves nothing.';

create or replace function private.require_wider(scope private.scope) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if (private.wider_head(scope)).deployment_id is null then
    perform private.fail('nothing_wider');
  end if;
end
$$;

comment on function private.require_wider(private.scope) is 'Raises unless a wider scope would answer instead of this one.';

create or replace function private.rollback(
  environment text, capability text, expected_version uuid, action text, intent text, to_version uuid,
  reason text, to_time timestamptz, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  tenant uuid := private.authorise(workspace_id, 'deployments.rollback');
  scope private.scope := private.resolve_scope(tenant, environment, capability, action, intent);
  head private.deployment_heads := private.scope_head(scope);
  number integer;
begin
  perform private.require_live(head, expected_version);
  number := private.rollback_number(scope, head, to_version, to_time);
  return private.move_pointer(
    scope, private.restored_version(scope, head, number), head, 'rollback', reason, number);
end
$$;

comment on function private.rollback(text, text, uuid, text, text, uuid, text, timestamptz, uuid) is
E'Returns a scope to an earlier state by compare-and-swap.\nDefiner: as publish.';

create or replace function private.withdraw(
  environment text, capability text, expected_version uuid, action text, intent text, reason text, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  tenant uuid := private.authorise(workspace_id, 'deployments.rollback');
  scope private.scope := private.resolve_scope(tenant, environment, capability, action, intent);
  head private.deployment_heads := private.scope_head(scope);
begin
  perform private.require_live(head, expected_version);
  if head.prompt_version_id is null then
    perform private.fail('nothing_here');
  end if;
  perform private.require_wider(scope);
  return private.move_pointer(scope, null, head, 'withdraw', reason);
end
$$;

comment on function private.withdraw(text, text, uuid, text, text, text, uuid) is
E'Ends the override of a scope by compare-and-swap: the wider one applies.\nDefiner: as publish.';
