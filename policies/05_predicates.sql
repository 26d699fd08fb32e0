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
