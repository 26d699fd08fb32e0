-- Every policy asks one of these questions. They are sets, not tests of a row: a query asks once.
create or replace function private.my_workspaces() returns setof uuid
language plpgsql stable security definer rows 5
set search_path = ''
as $$
begin
  return query
  select m.workspace_id from public.members m where m.user_id = (select auth.uid());
end
$$;

comment on function private.my_workspaces() is
E'The workspaces that the caller is a member of.\nDefiner: members'' own policy asks it, and would ask itself for ever.';

create or replace function private.my_workspaces_with(permission text) returns setof uuid
language plpgsql stable security definer rows 5
set search_path = ''
as $$
begin
  return query
  select m.workspace_id
  from public.members m
  join public.role_permissions r on r.workspace_id = m.workspace_id and r.role = m.role
  where m.user_id = (select auth.uid()) and r.permission = my_workspaces_with.permission;
end
$$;

comment on function private.my_workspaces_with(text) is
E'The workspaces in which the caller''s role holds a permission.\nDefiner: as my_workspaces.';

create or replace function private.my_owned_workspaces() returns setof uuid
language plpgsql stable security definer rows 5
set search_path = ''
as $$
begin
  return query
  select m.workspace_id from public.members m where m.user_id = (select auth.uid()) and m.role = 'owner';
end
$$;

comment on function private.my_owned_workspaces() is E'The workspaces that the caller owns.\nDefiner: as my_workspaces.';
