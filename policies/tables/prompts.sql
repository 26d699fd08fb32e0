alter table public.prompts enable row level security;
revoke all on public.prompts from public, anon, authenticated, service_role;
grant select on public.prompts to authenticated, service_role;

create policy prompts_select_member on public.prompts for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy prompts_select_member on public.prompts is 'Members see the prompts of their workspaces.';

grant insert (workspace_id, key, name, capability_id, action_id) on public.prompts to authenticated, service_role;
create policy prompts_insert_editor on public.prompts for insert to authenticated
  with check (workspace_id in (select private.my_workspaces_with('prompts.write')));
comment on policy prompts_insert_editor on public.prompts is 'Who holds prompts.write adds the prompts.';

grant update (key, name) on public.prompts to authenticated, service_role;
create policy prompts_update_editor on public.prompts for update to authenticated
  using (workspace_id in (select private.my_workspaces_with('prompts.write')))
  with check (workspace_id in (select private.my_workspaces_with('prompts.write')));
comment on policy prompts_update_editor on public.prompts is 'Who holds prompts.write changes the prompts.';

alter table public.branches enable row level security;
revoke all on public.branches from public, anon, authenticated, service_role;
grant select on public.branches to authenticated, service_role;

create policy branches_select_member on public.branches for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy branches_select_member on public.branches is
  'Members see the branches of their workspaces.';

grant insert (workspace_id, prompt_id, name, head_version_id) on public.branches to authenticated, service_role;
create policy branches_insert_editor on public.branches for insert to authenticated
  with check (
    workspace_id in (select private.my_workspaces_with('prompts.write'))
    and exists (
      select from public.prompts parent
      where parent.workspace_id = branches.workspace_id and parent.id = branches.prompt_id));
comment on policy branches_insert_editor on public.branches is 'Who holds prompts.write adds the branches.';

grant update (name) on public.branches to authenticated, service_role;
create policy branches_update_editor on public.branches for update to authenticated
  using (deleted_at is null and workspace_id in (select private.my_workspaces_with('prompts.write')))
  with check (workspace_id in (select private.my_workspaces_with('prompts.write')));
comment on policy branches_update_editor on public.branches is
  'Who holds prompts.write changes the branches.';
