alter table public.inferences enable row level security;
revoke all on public.inferences from public, anon, authenticated, service_role;
grant select on public.inferences to authenticated, service_role;

create policy inferences_select_member on public.inferences for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy inferences_select_member on public.inferences is
  'Members see the inferences of their workspaces.';
