alter table public.deployments enable row level security;
revoke all on public.deployments from public, anon, authenticated, service_role;
grant select on public.deployments to authenticated, service_role;

create policy deployments_select_member on public.deployments for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy deployments_select_member on public.deployments is
  'Members see the deployments of their workspaces.';

alter table private.deployment_heads enable row level security;
revoke all on private.deployment_heads from public, anon, authenticated, service_role;
