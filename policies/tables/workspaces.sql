alter table public.workspaces enable row level security;
revoke all on public.workspaces from public, anon, authenticated, service_role;
grant select on public.workspaces to authenticated, service_role;

create policy workspaces_select_member on public.workspaces for select to authenticated
  using (id in (select private.my_workspaces()));
comment on policy workspaces_select_member on public.workspaces is 'Members see their workspaces.';

grant update (name, slug) on public.workspaces to authenticated, service_role;
create policy workspaces_update_editor on public.workspaces for update to authenticated
  using (id in (select private.my_workspaces_with('workspace.write')))
  with check (id in (select private.my_workspaces_with('workspace.write')));
comment on policy workspaces_update_editor on public.workspaces is
  'Who holds workspace.write renames the workspace.';
