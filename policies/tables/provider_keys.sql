alter table public.provider_keys enable row level security;
revoke all on public.provider_keys from public, anon, authenticated, service_role;
grant select on public.provider_keys to authenticated, service_role;

create policy provider_keys_select_member on public.provider_keys for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy provider_keys_select_member on public.provider_keys is
  'Members see which provider keys there are of their workspaces.';
