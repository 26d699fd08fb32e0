alter table public.assignments enable row level security;
revoke all on public.assignments from public, anon, authenticated, service_role;
grant select on public.assignments to authenticated, service_role;

create policy assignments_select_member on public.assignments for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy assignments_select_member on public.assignments is
  'Members see the assignments of their workspaces.';
