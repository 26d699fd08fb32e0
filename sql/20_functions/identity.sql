create or replace function private.caller_is_server() returns boolean
language plpgsql stable parallel safe
set search_path = ''
as $$
begin
  return current_setting('role') = 'service_role'
    or (current_setting('role') = 'none' and session_user in ('postgres', 'supabase_admin'));
end
$$;

comment on function private.caller_is_server() is
'True for a secret key and for a direct connection of the owner: callers that RLS does not bind either.';

create or replace function private.actor_kind() returns text
language sql stable
set search_path = ''
return case
  when current_setting('role') = 'service_role' then 'service'
  when private.caller_is_server() then 'system'
  else 'user'
end;

comment on function private.actor_kind() is 'Who acts: user, service (a server''s key) or system.';

create or replace function private.may_enter(workspace_id uuid) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
  if private.caller_is_server() then
    return exists (select from public.workspaces w where w.id = may_enter.workspace_id);
  elsif auth.uid() is null then
    perform private.fail('sign_in_required');
  end if;
  return exists (select from private.my_workspaces() w where w = may_enter.workspace_id);
end
$$;

comment on function private.may_enter(uuid) is
'True when the workspace exists for the caller: any for a server, the memberships for a user.';

create or replace function private.only_workspace() returns uuid
language plpgsql stable
set search_path = ''
as $$
declare
  choice uuid[];
begin
  if private.caller_is_server() then
    choice := array(select w.id from public.workspaces w limit 2);
  elsif auth.uid() is null then
    perform private.fail('sign_in_required');
  else
    choice := array(select w from private.my_workspaces() w limit 2);
  end if;
  if cardinality(choice) <> 1 then
    perform private.fail(case cardinality(choice) when 0 then 'no_workspace' else 'workspace_ambiguous' end);
  end if;
  return choice[1];
end
$$;

comment on function private.only_workspace() is
'The one workspace that the caller can reach; raises when there is none, or more than one.';

create or replace function private.require_permission(workspace_id uuid, permission text) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if private.caller_is_server() then
    return;
  end if;
  if not exists (select from private.my_workspaces_with(permission) w where w = require_permission.workspace_id) then
    perform private.fail('permission_denied', jsonb_build_object('permission', permission));
  end if;
end
$$;

comment on function private.require_permission(uuid, text) is
'Raises permission_denied unless the caller holds the permission in the workspace.';

create or replace function private.authorise(requested uuid, permission text) returns uuid
language plpgsql stable
set search_path = ''
as $$
declare
  chosen constant uuid := coalesce(requested, private.only_workspace());
begin
  if not private.may_enter(chosen) then
    perform private.fail('workspace_not_found', jsonb_build_object('workspace_id', requested));
  end if;
  perform private.require_permission(chosen, permission);
  return chosen;
end
$$;

comment on function private.authorise(uuid, text) is
'The workspace that a verb works in: the one named, or the caller''s only one; raises unless the caller holds the permission there.';

create or replace function private.authorise_row(
  owner uuid, requested uuid, permission text, code text, context jsonb
) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  -- A row of a workspace that the caller cannot see does not exist for them: same code, same words.
  if owner is null or owner <> coalesce(requested, owner) or not private.may_enter(owner) then
    perform private.fail(code, context);
  end if;
  perform private.require_permission(owner, permission);
end
$$;

comment on function private.authorise_row(uuid, uuid, text, text, jsonb) is
'Raises the given code unless the row''s workspace is the caller''s, and permission_denied unless they may act there.';
