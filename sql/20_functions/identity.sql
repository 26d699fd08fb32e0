create or replace function private.caller_is_server() returns boolean
language sql stable parallel safe
set search_path = ''
return current_setting('role') = 'service_role'
  or (current_setting('role') = 'none' and session_user in ('postgres', 'supabase_admin'));

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

create or replace function private.reachable_workspaces() returns setof uuid
language plpgsql stable
set search_path = ''
as $$
begin
  if private.caller_is_server() then
    return query select w.id from public.workspaces w;
  elsif auth.uid() is null then
    perform private.fail('sign_in_required');
  else
    return query select private.my_workspaces();
  end if;
end
$$;

comment on function private.reachable_workspaces() is
'The workspaces that the caller may enter: all for a server, the memberships for a user.';

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
  reachable uuid[];
begin
  if requested is null then
    reachable := array(select w from private.reachable_workspaces() w limit 2);
    if cardinality(reachable) <> 1 then
      perform private.fail(case cardinality(reachable) when 0 then 'no_workspace' else 'workspace_ambiguous' end);
    end if;
  else
    reachable := array(select w from private.reachable_workspaces() w where w = requested);
    if cardinality(reachable) = 0 then
      perform private.fail('workspace_not_found', jsonb_build_object('workspace_id', requested));
    end if;
  end if;
  perform private.require_permission(reachable[1], permission);
  return reachable[1];
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
  if owner is null
    or owner <> coalesce(requested, owner)
    or not exists (select from private.reachable_workspaces() w where w = owner)
  then
    perform private.fail(code, context);
  end if;
  perform private.require_permission(owner, permission);
end
$$;

comment on function private.authorise_row(uuid, uuid, text, text, jsonb) is
'Raises the given code unless the row''s workspace is the caller''s, and permission_denied unless they may act there.';
