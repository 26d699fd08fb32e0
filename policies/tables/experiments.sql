alter table public.experiments enable row level security;
revoke all on public.experiments from public, anon, authenticated, service_role;
grant select on public.experiments to authenticated, service_role;

create policy experiments_select_member on public.experiments for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy experiments_select_member on public.experiments is
  'Members see the experiments of their workspaces.';

grant insert (
  workspace_id, key, name, hypothesis, environment_id, capability_id, unit, traffic, parent_experiment_id,
  audience, layer_id, layer_from, layer_to, minimum_effect, planned_units, assigned_by, switchers, segments
) on public.experiments to authenticated, service_role;
create policy experiments_insert_editor on public.experiments for insert to authenticated
  with check (workspace_id in (select private.my_workspaces_with('experiments.write')));
comment on policy experiments_insert_editor on public.experiments is
  'Who holds experiments.write adds the experiments.';

grant delete on public.experiments to authenticated, service_role;
create policy experiments_delete_editor on public.experiments for delete to authenticated
  using (workspace_id in (select private.my_workspaces_with('experiments.write')));
comment on policy experiments_delete_editor on public.experiments is
  'Who holds experiments.write removes the experiments.';

alter table public.experiment_moves enable row level security;
revoke all on public.experiment_moves from public, anon, authenticated, service_role;
grant select on public.experiment_moves to authenticated, service_role;

create policy experiment_moves_select_everyone on public.experiment_moves for select to authenticated
  using (true);
comment on policy experiment_moves_select_everyone on public.experiment_moves is
  'The moves are the same for all and no secret.';

alter table public.experiment_actions enable row level security;
revoke all on public.experiment_actions from public, anon, authenticated, service_role;
grant select on public.experiment_actions to authenticated, service_role;

create policy experiment_actions_select_member on public.experiment_actions for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy experiment_actions_select_member on public.experiment_actions is
  'Members see the actions in scope of their workspaces.';

grant insert (
  workspace_id, experiment_id, capability_id, action_id
) on public.experiment_actions to authenticated, service_role;
create policy experiment_actions_insert_editor on public.experiment_actions for insert to authenticated
  with check (
    workspace_id in (select private.my_workspaces_with('experiments.write'))
    and exists (
      select from public.experiments parent
      where parent.workspace_id = experiment_actions.workspace_id and parent.id = experiment_actions.experiment_id));
comment on policy experiment_actions_insert_editor on public.experiment_actions is
  'Who holds experiments.write adds the actions in scope.';

grant delete on public.experiment_actions to authenticated, service_role;
create policy experiment_actions_delete_editor on public.experiment_actions for delete to authenticated
  using (workspace_id in (select private.my_workspaces_with('experiments.write')));
comment on policy experiment_actions_delete_editor on public.experiment_actions is
  'Who holds experiments.write removes the actions in scope.';

alter table public.experiment_intents enable row level security;
revoke all on public.experiment_intents from public, anon, authenticated, service_role;
grant select on public.experiment_intents to authenticated, service_role;

create policy experiment_intents_select_member on public.experiment_intents for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy experiment_intents_select_member on public.experiment_intents is
  'Members see the intents in scope of their workspaces.';

grant insert (workspace_id, experiment_id, intent_id) on public.experiment_intents to authenticated, service_role;
create policy experiment_intents_insert_editor on public.experiment_intents for insert to authenticated
  with check (
    workspace_id in (select private.my_workspaces_with('experiments.write'))
    and exists (
      select from public.experiments parent
      where parent.workspace_id = experiment_intents.workspace_id and parent.id = experiment_intents.experiment_id));
comment on policy experiment_intents_insert_editor on public.experiment_intents is
  'Who holds experiments.write adds the intents in scope.';

grant delete on public.experiment_intents to authenticated, service_role;
create policy experiment_intents_delete_editor on public.experiment_intents for delete to authenticated
  using (workspace_id in (select private.my_workspaces_with('experiments.write')));
comment on policy experiment_intents_delete_editor on public.experiment_intents is
  'Who holds experiments.write removes the intents in scope.';

alter table public.experiment_metrics enable row level security;
revoke all on public.experiment_metrics from public, anon, authenticated, service_role;
grant select on public.experiment_metrics to authenticated, service_role;

create policy experiment_metrics_select_member on public.experiment_metrics for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy experiment_metrics_select_member on public.experiment_metrics is
  'Members see the metrics of experiments of their workspaces.';

grant insert (
  workspace_id, experiment_id, metric_id, role, margin
) on public.experiment_metrics to authenticated, service_role;
create policy experiment_metrics_insert_editor on public.experiment_metrics for insert to authenticated
  with check (
    workspace_id in (select private.my_workspaces_with('experiments.write'))
    and exists (
      select from public.experiments parent
      where parent.workspace_id = experiment_metrics.workspace_id and parent.id = experiment_metrics.experiment_id));
comment on policy experiment_metrics_insert_editor on public.experiment_metrics is
  'Who holds experiments.write adds the metrics of experiments.';

grant delete on public.experiment_metrics to authenticated, service_role;
create policy experiment_metrics_delete_editor on public.experiment_metrics for delete to authenticated
  using (workspace_id in (select private.my_workspaces_with('experiments.write')));
comment on policy experiment_metrics_delete_editor on public.experiment_metrics is
  'Who holds experiments.write removes the metrics of experiments.';

alter table public.experiment_revisions enable row level security;
revoke all on public.experiment_revisions from public, anon, authenticated, service_role;
grant select on public.experiment_revisions to authenticated, service_role;

create policy experiment_revisions_select_member on public.experiment_revisions for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy experiment_revisions_select_member on public.experiment_revisions is
  'Members see what the experiments of their workspaces were.';
