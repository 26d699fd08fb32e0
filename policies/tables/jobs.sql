alter table public.job_failures enable row level security;
revoke all on public.job_failures from public, anon, authenticated, service_role;
grant select on public.job_failures to authenticated, service_role;

create policy job_failures_select_member on public.job_failures for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy job_failures_select_member on public.job_failures is
  'Members see the failed jobs of their workspaces.';
