alter table public.capabilities enable row level security;
revoke all on public.capabilities from public, anon, authenticated, service_role;
grant select on public.capabilities to authenticated, service_role;

create policy capabilities_select_member on public.capabilities for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy capabilities_select_member on public.capabilities is
  'Members see the capabilities of their workspaces.';

grant insert (workspace_id, key, name, description) on public.capabilities to authenticated, service_role;
create policy capabilities_insert_editor on public.capabilities for insert to authenticated
  with check (workspace_id in (select private.my_workspaces_with('catalog.write')));
comment on policy capabilities_insert_editor on public.capabilities is
  'Who holds catalog.write adds the capabilities.';

grant update (key, name, description) on public.capabilities to authenticated, service_role;
create policy capabilities_update_editor on public.capabilities for update to authenticated
  using (workspace_id in (select private.my_workspaces_with('catalog.write')))
  with check (workspace_id in (select private.my_workspaces_with('catalog.write')));
comment on policy capabilities_update_editor on public.capabilities is
  'Who holds catalog.write changes the capabilities.';

grant delete on public.capabilities to authenticated, service_role;
create policy capabilities_delete_editor on public.capabilities for delete to authenticated
  using (workspace_id in (select private.my_workspaces_with('catalog.write')));
comment on policy capabilities_delete_editor on public.capabilities is
  'Who holds catalog.write removes the capabilities.';

alter table public.actions enable row level security;
revoke all on public.actions from public, anon, authenticated, service_role;
grant select on public.actions to authenticated, service_role;

create policy actions_select_member on public.actions for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy actions_select_member on public.actions is 'Members see the actions of their workspaces.';

grant insert (workspace_id, capability_id, key, name, position) on public.actions to authenticated, service_role;
create policy actions_insert_editor on public.actions for insert to authenticated
  with check (
    workspace_id in (select private.my_workspaces_with('catalog.write'))
    and exists (
      select from public.capabilities parent
      where parent.workspace_id = actions.workspace_id and parent.id = actions.capability_id));
comment on policy actions_insert_editor on public.actions is 'Who holds catalog.write adds the actions.';

grant update (key, name, position) on public.actions to authenticated, service_role;
create policy actions_update_editor on public.actions for update to authenticated
  using (workspace_id in (select private.my_workspaces_with('catalog.write')))
  with check (workspace_id in (select private.my_workspaces_with('catalog.write')));
comment on policy actions_update_editor on public.actions is 'Who holds catalog.write changes the actions.';

grant delete on public.actions to authenticated, service_role;
create policy actions_delete_editor on public.actions for delete to authenticated
  using (workspace_id in (select private.my_workspaces_with('catalog.write')));
comment on policy actions_delete_editor on public.actions is 'Who holds catalog.write removes the actions.';
