alter table public.layers enable row level security;
revoke all on public.layers from public, anon, authenticated, service_role;
grant select on public.layers to authenticated, service_role;

create policy layers_select_member on public.layers for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy layers_select_member on public.layers is
  'Members see the layers of their workspaces.';

grant insert (workspace_id, key, name, description) on public.layers to authenticated, service_role;
create policy layers_insert_editor on public.layers for insert to authenticated
  with check (workspace_id in (select private.my_workspaces_with('layers.write')));
comment on policy layers_insert_editor on public.layers is
  'Who holds layers.write adds layers.';

grant update (key, name, description) on public.layers to authenticated, service_role;
create policy layers_update_editor on public.layers for update to authenticated
  using (workspace_id in (select private.my_workspaces_with('layers.write')))
  with check (workspace_id in (select private.my_workspaces_with('layers.write')));
comment on policy layers_update_editor on public.layers is
  'Who holds layers.write renames layers.';

grant delete on public.layers to authenticated, service_role;
create policy layers_delete_editor on public.layers for delete to authenticated
  using (workspace_id in (select private.my_workspaces_with('layers.write')));
comment on policy layers_delete_editor on public.layers is
  'Who holds layers.write removes layers that no experiment was ever in.';

alter table public.holdouts enable row level security;
revoke all on public.holdouts from public, anon, authenticated, service_role;
grant select on public.holdouts to authenticated, service_role;

create policy holdouts_select_member on public.holdouts for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy holdouts_select_member on public.holdouts is
  'Members see the holdouts of their workspaces.';
