-- Every policy asks one of these questions. They are sets, not tests of a row: a query asks once.
create or replace function private.my_workspaces_with(permission text) returns setof uuid
language plpgsql stable security definer rows 5
set search_path = ''
as $$
#variable_conflict use_variable
declare
  me constant uuid := auth.uid();
begin
  if me is null then
    return query select k.workspace_id from private.api_key() k where permission = any (k.permissions);
  else
    return query
    select m.workspace_id
    from public.members m
    join public.role_permissions r on r.workspace_id = m.workspace_id and r.role = m.role
    where m.user_id = me and r.permission = permission;
  end if;
end
$$;

comment on function private.my_workspaces_with(text) is
E'The workspaces in which the caller''s role, or the acting API key, holds a permission.\nDefiner: members'' own policy asks it, and would ask itself for ever.';

create or replace function private.my_workspaces() returns setof uuid
language plpgsql stable rows 5
set search_path = ''
as $$
begin
  return query select private.my_workspaces_with('workspace.read');
end
$$;

comment on function private.my_workspaces() is 'The workspaces that the caller may read: where they hold workspace.read.';

create or replace function private.my_rooms() returns setof uuid
language plpgsql stable security definer rows 5
set search_path = ''
as $$
begin
  if auth.uid() is null then
    return query select k.workspace_id from private.api_key() k where k.id is not null;
  else
    return query select m.workspace_id from public.members m where m.user_id = (select auth.uid());
  end if;
end
$$;

comment on function private.my_rooms() is
E'The workspaces that the caller belongs to, whether or not they may read there: the memberships, or the API key''s.\nDefiner: as my_workspaces_with.';

create or replace function private.my_owned_workspaces() returns setof uuid
language plpgsql stable security definer rows 5
set search_path = ''
as $$
begin
  return query
  select m.workspace_id from public.members m where m.user_id = (select auth.uid()) and m.role = 'owner';
end
$$;

comment on function private.my_owned_workspaces() is E'The workspaces that the caller owns.\nDefiner: as my_workspaces_with.';

create or replace function private.my_permissions() returns table (workspace_id uuid, permission text)
language plpgsql stable security definer rows 50
set search_path = ''
as $$
#variable_conflict use_column
begin
  return query
  select m.workspace_id, p.permission
  from public.members m
  join public.role_permissions p on p.workspace_id = m.workspace_id and p.role = m.role
  where m.user_id = (select auth.uid());
end
$$;

comment on function private.my_permissions() is
E'What the signed-in person holds, by workspace.\nDefiner: as my_workspaces_with.';

create or replace function private.roles_within(needed text) returns table (workspace_id uuid, role text)
language plpgsql stable security definer rows 10
set search_path = ''
as $$
#variable_conflict use_column
begin
  return query
  select r.workspace_id, r.key
  from public.roles r
  where r.workspace_id in (select w from private.my_workspaces_with(needed) w)
    and (r.key <> 'owner' or r.workspace_id in (select w from private.my_owned_workspaces() w))
    and not exists (
      select from public.role_permissions p
      where p.workspace_id = r.workspace_id and p.role = r.key
        and (p.workspace_id, p.permission) not in (select mine.workspace_id, mine.permission from private.my_permissions() mine));
end
$$;

comment on function private.roles_within(text) is
E'The roles that hold nothing above the caller''s own, in the workspaces where the caller holds the permission needed.\nDefiner: as my_workspaces_with.';
