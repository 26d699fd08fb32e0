alter table public.experiment_results enable row level security;
revoke all on public.experiment_results from public, anon, authenticated, service_role;
grant select on public.experiment_results to authenticated, service_role;

create policy experiment_results_select_member on public.experiment_results for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy experiment_results_select_member on public.experiment_results is
  'Members see what workers computed for their workspaces.';
