alter table public.prompt_versions enable row level security;
revoke all on public.prompt_versions from public, anon, authenticated, service_role;
grant select on public.prompt_versions to authenticated, service_role;

create policy prompt_versions_select_member on public.prompt_versions for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy prompt_versions_select_member on public.prompt_versions is
  'Members see the versions of their workspaces.';
