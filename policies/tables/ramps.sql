alter table public.ramps enable row level security;
revoke all on public.ramps from public, anon, authenticated, service_role;
grant select on public.ramps to authenticated, service_role;

create policy ramps_select_member on public.ramps for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy ramps_select_member on public.ramps is 'Members see the ramps of their workspaces.';

alter table public.ramp_steps enable row level security;
revoke all on public.ramp_steps from public, anon, authenticated, service_role;
grant select on public.ramp_steps to authenticated, service_role;

create policy ramp_steps_select_member on public.ramp_steps for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy ramp_steps_select_member on public.ramp_steps is 'Members see the steps of the ramps of their workspaces.';

alter table private.ramp_clock enable row level security;
revoke all on private.ramp_clock from public, anon, authenticated, service_role;
