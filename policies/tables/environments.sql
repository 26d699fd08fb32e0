alter table public.environments enable row level security;
revoke all on public.environments from public, anon, authenticated, service_role;
grant select on public.environments to authenticated, service_role;

create policy environments_select_member on public.environments for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy environments_select_member on public.environments is
  'Members see the environments of their workspaces.';

grant insert (workspace_id, key, name, is_production) on public.environments to authenticated, service_role;
create policy environments_insert_editor on public.environments for insert to authenticated
  with check (workspace_id in (select private.my_workspaces_with('environments.write')));
comment on policy environments_insert_editor on public.environments is
  'Who holds environments.write adds the environments.';

grant update (name, is_production) on public.environments to authenticated, service_role;
create policy environments_update_editor on public.environments for update to authenticated
  using (workspace_id in (select private.my_workspaces_with('environments.write')))
  with check (workspace_id in (select private.my_workspaces_with('environments.write')));
comment on policy environments_update_editor on public.environments is
  'Who holds environments.write changes the environments.';

grant delete on public.environments to authenticated, service_role;
create policy environments_delete_editor on public.environments for delete to authenticated
  using (workspace_id in (select private.my_workspaces_with('environments.write')));
comment on policy environments_delete_editor on public.environments is
  'Who holds environments.write removes the environments.';
