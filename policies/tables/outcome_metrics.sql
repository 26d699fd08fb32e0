alter table public.outcome_metrics enable row level security;
revoke all on public.outcome_metrics from public, anon, authenticated, service_role;
grant select on public.outcome_metrics to authenticated, service_role;

create policy outcome_metrics_select_member on public.outcome_metrics for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy outcome_metrics_select_member on public.outcome_metrics is
  'Members see the outcome metrics of their workspaces.';

grant insert (
  workspace_id, key, name, description, kind, unit, direction, attribution_window, join_key, when_absent,
  per_subject, source, numerator_metric_id, denominator_metric_id, quantile
) on public.outcome_metrics to authenticated, service_role;
create policy outcome_metrics_insert_editor on public.outcome_metrics for insert to authenticated
  with check (workspace_id in (select private.my_workspaces_with('metrics.write')));
comment on policy outcome_metrics_insert_editor on public.outcome_metrics is
  'Who holds metrics.write adds the outcome metrics.';

grant update (
  name, description, unit, direction, attribution_window, join_key, when_absent, per_subject,
  source, numerator_metric_id, denominator_metric_id, quantile
) on public.outcome_metrics to authenticated, service_role;
create policy outcome_metrics_update_editor on public.outcome_metrics for update to authenticated
  using (workspace_id in (select private.my_workspaces_with('metrics.write')))
  with check (workspace_id in (select private.my_workspaces_with('metrics.write')));
comment on policy outcome_metrics_update_editor on public.outcome_metrics is
  'Who holds metrics.write changes the outcome metrics.';

grant delete on public.outcome_metrics to authenticated, service_role;
create policy outcome_metrics_delete_editor on public.outcome_metrics for delete to authenticated
  using (workspace_id in (select private.my_workspaces_with('metrics.write')));
comment on policy outcome_metrics_delete_editor on public.outcome_metrics is
  'Who holds metrics.write removes the outcome metrics.';
