alter table public.api_keys enable row level security;
revoke all on public.api_keys from public, anon, authenticated, service_role;
grant select on public.api_keys to authenticated, service_role;

create policy api_keys_select_member on public.api_keys for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy api_keys_select_member on public.api_keys is
  'Members see which API keys their workspaces have; the secrets are nowhere to be seen.';

alter table public.api_key_uses enable row level security;
revoke all on public.api_key_uses from public, anon, authenticated, service_role;
grant select on public.api_key_uses to authenticated, service_role;

create policy api_key_uses_select_member on public.api_key_uses for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy api_key_uses_select_member on public.api_key_uses is
  'Members see when the API keys of their workspaces were used.';

-- Hashes of secrets: the engine alone.
alter table private.api_key_secrets enable row level security;
revoke all on private.api_key_secrets from public, anon, authenticated, service_role;
