alter table public.prompt_templates enable row level security;
revoke all on public.prompt_templates from public, anon, authenticated, service_role;
grant select on public.prompt_templates to authenticated, service_role;

create policy prompt_templates_select_member on public.prompt_templates for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy prompt_templates_select_member on public.prompt_templates is
  'Members see the prompt templates of their workspaces.';

grant insert (workspace_id, key, name, description) on public.prompt_templates to authenticated, service_role;
create policy prompt_templates_insert_editor on public.prompt_templates for insert to authenticated
  with check (workspace_id in (select private.my_workspaces_with('templates.write')));
comment on policy prompt_templates_insert_editor on public.prompt_templates is
  'Who holds templates.write adds prompt templates.';

grant update (key, name, description) on public.prompt_templates to authenticated, service_role;
create policy prompt_templates_update_editor on public.prompt_templates for update to authenticated
  using (workspace_id in (select private.my_workspaces_with('templates.write')))
  with check (workspace_id in (select private.my_workspaces_with('templates.write')));
comment on policy prompt_templates_update_editor on public.prompt_templates is
  'Who holds templates.write renames and describes prompt templates.';

alter table public.prompt_template_versions enable row level security;
revoke all on public.prompt_template_versions from public, anon, authenticated, service_role;
grant select on public.prompt_template_versions to authenticated, service_role;

create policy prompt_template_versions_select_member on public.prompt_template_versions for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy prompt_template_versions_select_member on public.prompt_template_versions is
  'Members see the versions of their workspaces'' prompt templates.';
