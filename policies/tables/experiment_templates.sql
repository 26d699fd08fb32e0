alter table public.experiment_templates enable row level security;
revoke all on public.experiment_templates from public, anon, authenticated, service_role;
grant select on public.experiment_templates to authenticated, service_role;

create policy experiment_templates_select_member on public.experiment_templates for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy experiment_templates_select_member on public.experiment_templates is
  'Members see the templates of experiments of their workspaces.';

grant insert (
  workspace_id, key, name, description, slots, document
) on public.experiment_templates to authenticated, service_role;
create policy experiment_templates_insert_editor on public.experiment_templates for insert to authenticated
  with check (workspace_id in (select private.my_workspaces_with('templates.write')));
comment on policy experiment_templates_insert_editor on public.experiment_templates is
  'Who holds templates.write adds templates of experiments.';

grant update (key, name, description, slots, document) on public.experiment_templates to authenticated, service_role;
create policy experiment_templates_update_editor on public.experiment_templates for update to authenticated
  using (workspace_id in (select private.my_workspaces_with('templates.write')))
  with check (workspace_id in (select private.my_workspaces_with('templates.write')));
comment on policy experiment_templates_update_editor on public.experiment_templates is
  'Who holds templates.write changes templates of experiments.';

grant delete on public.experiment_templates to authenticated, service_role;
create policy experiment_templates_delete_editor on public.experiment_templates for delete to authenticated
  using (workspace_id in (select private.my_workspaces_with('templates.write')));
comment on policy experiment_templates_delete_editor on public.experiment_templates is
  'Who holds templates.write removes templates of experiments.';
