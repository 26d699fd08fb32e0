alter table public.variants enable row level security;
revoke all on public.variants from public, anon, authenticated, service_role;
grant select on public.variants to authenticated, service_role;

create policy variants_select_member on public.variants for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy variants_select_member on public.variants is
  'Members see the variants of their workspaces.';

grant insert (
  workspace_id, experiment_id, key, name, weight, is_control
) on public.variants to authenticated, service_role;
create policy variants_insert_editor on public.variants for insert to authenticated
  with check (
    workspace_id in (select private.my_workspaces_with('experiments.write'))
    and exists (
      select from public.experiments parent
      where parent.workspace_id = variants.workspace_id and parent.id = variants.experiment_id));
comment on policy variants_insert_editor on public.variants is
  'Who holds experiments.write adds the variants.';

grant delete on public.variants to authenticated, service_role;
create policy variants_delete_editor on public.variants for delete to authenticated
  using (workspace_id in (select private.my_workspaces_with('experiments.write')));
comment on policy variants_delete_editor on public.variants is
  'Who holds experiments.write removes the variants.';

alter table public.variant_versions enable row level security;
revoke all on public.variant_versions from public, anon, authenticated, service_role;
grant select on public.variant_versions to authenticated, service_role;

create policy variant_versions_select_member on public.variant_versions for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy variant_versions_select_member on public.variant_versions is
  'Members see what variants run of their workspaces.';

grant insert (
  workspace_id, variant_id, action_id, prompt_version_id
) on public.variant_versions to authenticated, service_role;
create policy variant_versions_insert_editor on public.variant_versions for insert to authenticated
  with check (
    workspace_id in (select private.my_workspaces_with('experiments.write'))
    and exists (
      select from public.variants parent
      where parent.workspace_id = variant_versions.workspace_id and parent.id = variant_versions.variant_id));
comment on policy variant_versions_insert_editor on public.variant_versions is
  'Who holds experiments.write adds what variants run.';

grant delete on public.variant_versions to authenticated, service_role;
create policy variant_versions_delete_editor on public.variant_versions for delete to authenticated
  using (workspace_id in (select private.my_workspaces_with('experiments.write')));
comment on policy variant_versions_delete_editor on public.variant_versions is
  'Who holds experiments.write removes what variants run.';

alter table public.experiment_phases enable row level security;
revoke all on public.experiment_phases from public, anon, authenticated, service_role;
grant select on public.experiment_phases to authenticated, service_role;

create policy experiment_phases_select_member on public.experiment_phases for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy experiment_phases_select_member on public.experiment_phases is
  'Members see the phases of their workspaces.';

alter table public.experiment_phase_arms enable row level security;
revoke all on public.experiment_phase_arms from public, anon, authenticated, service_role;
grant select on public.experiment_phase_arms to authenticated, service_role;

create policy experiment_phase_arms_select_member on public.experiment_phase_arms for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy experiment_phase_arms_select_member on public.experiment_phase_arms is
  'Members see the arms of phases of their workspaces.';

alter table public.variant_rollbacks enable row level security;
revoke all on public.variant_rollbacks from public, anon, authenticated, service_role;
grant select on public.variant_rollbacks to authenticated, service_role;

create policy variant_rollbacks_select_member on public.variant_rollbacks for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy variant_rollbacks_select_member on public.variant_rollbacks is
  'Members see when arms of their workspaces'' experiments were stopped.';
