alter table public.permissions enable row level security;
revoke all on public.permissions from public, anon, authenticated, service_role;
grant select on public.permissions to authenticated, service_role;

create policy permissions_select_everyone on public.permissions for select to authenticated
  using (true);
comment on policy permissions_select_everyone on public.permissions is
  'The list of permissions is the same for all and no secret.';

alter table public.roles enable row level security;
revoke all on public.roles from public, anon, authenticated, service_role;
grant select on public.roles to authenticated, service_role;

create policy roles_select_member on public.roles for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy roles_select_member on public.roles is 'Members see the roles of their workspaces.';

alter table public.role_permissions enable row level security;
revoke all on public.role_permissions from public, anon, authenticated, service_role;
grant select on public.role_permissions to authenticated, service_role;

create policy role_permissions_select_member on public.role_permissions for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy role_permissions_select_member on public.role_permissions is
  'Members see what their roles may do of their workspaces.';

-- Nobody gives a role what they do not hold, or edits a role that holds more than they do.
grant insert (workspace_id, role, permission) on public.role_permissions to authenticated, service_role;
grant delete on public.role_permissions to authenticated, service_role;
create policy role_permissions_insert_admin on public.role_permissions for insert to authenticated
  with check (
    (workspace_id, role) in (select workspace_id, role from private.roles_within('roles.write'))
    and (workspace_id, permission) in (select workspace_id, permission from private.my_permissions()));
comment on policy role_permissions_insert_admin on public.role_permissions is
  'Who holds roles.write gives a role a permission that they hold themselves.';

-- The owner's permissions cannot be taken away: somebody must be able to mend the rest.
create policy role_permissions_delete_admin on public.role_permissions for delete to authenticated
  using (
    role <> 'owner'
    and (workspace_id, role) in (select workspace_id, role from private.roles_within('roles.write')));
comment on policy role_permissions_delete_admin on public.role_permissions is
  'Who holds roles.write takes a permission from a role that holds no more than they do, but not from the owner.';

alter table public.members enable row level security;
revoke all on public.members from public, anon, authenticated, service_role;
grant select on public.members to authenticated, service_role;

create policy members_select_member on public.members for select to authenticated
  using (workspace_id in (select private.my_workspaces()) or user_id = (select auth.uid()));
comment on policy members_select_member on public.members is
  'Members see the members of their workspaces, and everyone their own memberships.';

-- People come in by invitation. A server may provision them: its key is the project's own.
grant insert (workspace_id, user_id, role) on public.members to service_role;

grant update (role) on public.members to authenticated, service_role;
create policy members_update_admin on public.members for update to authenticated
  using ((workspace_id, role) in (select workspace_id, role from private.roles_within('members.write')))
  with check ((workspace_id, role) in (select workspace_id, role from private.roles_within('members.write')));
comment on policy members_update_admin on public.members is
  'Who holds members.write changes roles that hold no more than theirs, to such roles; only an owner touches owners.';

grant delete on public.members to authenticated, service_role;
create policy members_delete_admin_or_self on public.members for delete to authenticated
  using (
    user_id = (select auth.uid())
    or (workspace_id, role) in (select workspace_id, role from private.roles_within('members.write')));
comment on policy members_delete_admin_or_self on public.members is
  'Everyone may leave; who holds members.write removes who holds no more than they do; only an owner removes an owner.';
