-- Members and roles. Three rules hold everywhere: nobody gives or edits more than they hold, owners alone touch owners,
-- and a workspace keeps an owner (30_triggers/members.sql).
create or replace function private.lock_member(member uuid, workspace_id uuid, permission text) returns public.members
language plpgsql
set search_path = ''
as $$
#variable_conflict use_variable
declare
  tenant uuid := private.authorise(workspace_id, permission);
  locked public.members;
begin
  perform private.require_person();
  select m.* into locked from public.members m where m.workspace_id = tenant and m.user_id = member for no key update;
  if locked.user_id is null then
    perform private.fail('unknown_member', jsonb_build_object('user_id', member));
  end if;
  return locked;
end
$$;

comment on function private.lock_member(uuid, uuid, text) is
'The row of a member of the workspace that is meant, locked; raises for strangers and missing permissions.';

create or replace function private.change_role(
  user_id uuid, role text, expected_role text, workspace_id uuid
) returns public.members
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  changed public.members := private.lock_member(user_id, workspace_id, 'members.write');
begin
  if changed.role is distinct from expected_role then
    perform private.fail('stale_role', jsonb_build_object('role', changed.role));
  end if;
  perform private.require_may_give(changed.role, changed.workspace_id);
  perform private.require_may_give(role, changed.workspace_id);
  update public.members m set role = role
  where m.workspace_id = changed.workspace_id and m.user_id = changed.user_id returning m.* into changed;
  return changed;
end
$$;

comment on function private.change_role(uuid, text, text, uuid) is
E'Gives a member another role by compare-and-swap.\nDefiner: locks a row that a policy might hide after the change.';

create or replace function private.remove_member(
  user_id uuid, revoke_keys boolean, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  removed public.members := private.lock_member(user_id, workspace_id, 'members.write');
  keys uuid[];
begin
  perform private.require_may_give(removed.role, removed.workspace_id);
  keys := array(select k.id from public.api_keys k
    where k.workspace_id = removed.workspace_id and k.created_by = user_id and k.revoked_at is null order by k.id);
  if revoke_keys then
    perform private.revoke_api_key(k, removed.workspace_id) from unnest(keys) k;
  end if;
  delete from public.members m where m.workspace_id = removed.workspace_id and m.user_id = user_id;
  return jsonb_build_object('user_id', user_id, 'role', removed.role, 'api_keys', to_jsonb(keys), 'api_keys_revoked', revoke_keys);
end
$$;

comment on function private.remove_member(uuid, boolean, uuid) is
E'Ends a membership at once, and on demand the live API keys that the person made.\nDefiner: as change_role.';

create or replace function private.leave_workspace(workspace_id uuid) returns void
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  leaver uuid := private.require_person();
begin
  if not private.may_enter(workspace_id) then
    perform private.fail('workspace_not_found', jsonb_build_object('workspace_id', workspace_id));
  end if;
  delete from public.members m where m.workspace_id = workspace_id and m.user_id = leaver;
end
$$;

comment on function private.leave_workspace(uuid) is
E'Ends the caller''s own membership.\nDefiner: also for who may not read the table of members.';

create or replace function private.transfer_ownership(to_user uuid, workspace_id uuid) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  giver uuid := private.require_person();
  tenant uuid := private.authorise(workspace_id, 'members.write');
  heir public.members;
begin
  perform private.require_may_give('owner', tenant);
  -- The workspace's row first, as the trigger that keeps an owner does: two who hand over at once do not wait in a ring.
  perform from public.workspaces w where w.id = tenant for no key update;
  -- Again: who waited here for their own other hand-over is no owner any more.
  perform private.require_may_give('owner', tenant);
  heir := private.lock_member(to_user, tenant, 'members.write');
  if heir.user_id <> giver then
    update public.members m set role = 'owner' where m.workspace_id = tenant and m.user_id = to_user;
    update public.members m set role = 'admin' where m.workspace_id = tenant and m.user_id = giver;
  end if;
  return jsonb_build_object('workspace_id', tenant, 'owner', to_user);
end
$$;

comment on function private.transfer_ownership(uuid, uuid) is
E'Makes another member the owner and the caller an admin, in one transaction.\nDefiner: as change_role.';

create or replace function private.require_may_edit_role(role text, workspace_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if role = 'owner' then
    perform private.fail('owner_role_stays');
  end if;
  perform private.require_may_give(role, workspace_id);
end
$$;

comment on function private.require_may_edit_role(text, uuid) is
'Raises unless the caller may edit the role: never the owner''s, and none that holds more than they do.';

create or replace function private.save_role(
  key text, name text, permissions text[], is_new boolean, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  tenant uuid := private.authorise(workspace_id, 'roles.write');
begin
  perform private.require_person();
  perform private.require_text('name', name, 200);
  if key is null or key !~ '^[a-z_]{1,50}$' then
    perform private.fail('bad_argument', '{"argument": "key", "expected": "1 to 50 lower-case letters or underscores"}');
  end if;
  perform private.require_ceiling(permissions, tenant);
  perform from public.workspaces w where w.id = tenant for no key update;
  if is_new and exists (select from public.roles r where r.workspace_id = tenant and r.key = key) then
    perform private.fail('role_taken', jsonb_build_object('role', key));
  elsif is_new then
    insert into public.roles (workspace_id, key, name) values (tenant, key, name);
  else
    perform private.require_may_edit_role(key, tenant);
    update public.roles r set name = name where r.workspace_id = tenant and r.key = key;
  end if;
  delete from public.role_permissions p
  where p.workspace_id = tenant and p.role = key and p.permission <> all (permissions);
  insert into public.role_permissions (workspace_id, role, permission)
  select distinct tenant, key, p from unnest(permissions) p on conflict do nothing;
  return jsonb_build_object('workspace_id', tenant, 'role', key, 'name', name,
    'permissions', to_jsonb(private.role_permissions_of(key, tenant)));
end
$$;

comment on function private.save_role(text, text, text[], boolean, uuid) is
E'Makes a role, or edits one, with exactly these permissions.\nDefiner: nobody may write roles by hand.';

create or replace function private.delete_role(role text, workspace_id uuid) returns void
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  tenant uuid := private.authorise(workspace_id, 'roles.write');
begin
  perform private.require_person();
  perform private.require_may_edit_role(role, tenant);
  if exists (select from public.members m where m.workspace_id = tenant and m.role = role)
    or exists (select from public.invitations i where i.workspace_id = tenant and i.role = role and i.state = 'pending')
  then
    perform private.fail('role_in_use', jsonb_build_object('role', role));
  end if;
  delete from public.roles r where r.workspace_id = tenant and r.key = role;
end
$$;

comment on function private.delete_role(text, uuid) is E'Deletes a role that nobody has.\nDefiner: as save_role.';
