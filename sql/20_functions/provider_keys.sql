create or replace function private.vault_name(workspace_id uuid, provider text) returns text
language sql immutable
set search_path = ''
return 'upshot/' || workspace_id::text || '/' || provider;

comment on function private.vault_name(uuid, text) is 'The name of a provider key in Vault.';

create or replace function private.set_provider_key(
  provider text, secret text, name text, workspace_id uuid
) returns public.provider_keys
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  tenant uuid := private.authorise(workspace_id, 'provider_keys.write');
  secret_id uuid;
  stored public.provider_keys;
begin
  perform private.require_text('provider', provider, 100);
  perform private.require_text('secret', secret, 10000);
  insert into public.provider_keys (workspace_id, provider, name, hint, created_by)
  values (tenant, provider, coalesce(name, provider),
    '…' || case when length(secret) >= 16 then right(secret, 4) else '' end, auth.uid())
  on conflict on constraint provider_keys_one_per_provider do update
    set name = excluded.name, hint = excluded.hint, rotated_at = private.now()
  returning * into stored;
  select s.id into secret_id from vault.secrets s where s.name = private.vault_name(tenant, provider);
  if secret_id is null then
    perform vault.create_secret(secret, private.vault_name(tenant, provider), 'Upshot: a key of a language-model provider');
  else
    perform vault.update_secret(secret_id, secret);
  end if;
  return stored;
end
$$;

comment on function private.set_provider_key(text, text, text, uuid) is
E'Puts a provider''s key in Vault, or replaces it.\nDefiner: users have no right in Vault, and must not.';

create or replace function private.provider_key(workspace_id uuid, provider text) returns text
language plpgsql stable security definer
set search_path = ''
as $$
declare
  secret text;
begin
  select s.decrypted_secret into secret from vault.decrypted_secrets s
  where s.name = private.vault_name(workspace_id, provider);
  if secret is null then
    perform private.fail('unknown_provider_key', jsonb_build_object('provider', provider));
  end if;
  return secret;
end
$$;

comment on function private.provider_key(uuid, text) is
E'A provider''s key in the clear, for the worker alone.\nDefiner: the worker''s role reads this one name, not all of Vault.';
