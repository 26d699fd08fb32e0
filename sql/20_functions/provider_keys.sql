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
    set name = excluded.name, hint = excluded.hint, rotated_at = private.now(),
      test_requested_at = null, last_tested_at = null, test_status = null, test_error_code = null
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

create or replace function private.lock_provider_key(provider text, workspace_id uuid) returns public.provider_keys
language plpgsql
set search_path = ''
as $$
#variable_conflict use_variable
declare
  tenant uuid := private.authorise(workspace_id, 'provider_keys.write');
  locked public.provider_keys;
begin
  select k.* into locked from public.provider_keys k
  where k.workspace_id = tenant and k.provider = provider for update;
  if locked.id is null then
    perform private.fail('unknown_provider_key', jsonb_build_object('provider', provider));
  end if;
  return locked;
end
$$;

comment on function private.lock_provider_key(text, uuid) is
'The row of a provider''s key, locked; raises for strangers, missing permissions, and a provider without one.';

create or replace function private.test_provider_key(provider text, workspace_id uuid) returns public.provider_keys
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  tested public.provider_keys := private.lock_provider_key(provider, workspace_id);
begin
  -- Asked again within a minute while the answer is still to come: the job is under way.
  if tested.test_requested_at > coalesce(tested.last_tested_at, '-infinity')
    and tested.test_requested_at > private.now() - interval '1 minute' then
    return tested;
  end if;
  update public.provider_keys k set test_requested_at = private.now() where k.id = tested.id returning k.* into tested;
  perform private.enqueue('test_provider_key', jsonb_build_object(
    'workspace_id', tested.workspace_id, 'provider', tested.provider, 'rotated_at', tested.rotated_at));
  return tested;
end
$$;

comment on function private.test_provider_key(text, uuid) is
E'Has a worker try a provider''s key.\nDefiner: nobody may write the queue or these columns by hand.';

create or replace function private.record_provider_key_test(
  workspace_id uuid, provider text, rotated_at timestamptz, error_code text
) returns boolean
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
begin
  -- What is known of a key that has been replaced says nothing of the new one.
  update public.provider_keys k
  set last_tested_at = private.now(), test_error_code = error_code,
    test_status = case when error_code is null then 'ok' else 'error' end
  where k.workspace_id = workspace_id and k.provider = provider and k.rotated_at = rotated_at;
  return found;
end
$$;

comment on function private.record_provider_key_test(uuid, text, timestamptz, text) is
E'What a worker found when it tried a key; false when the key has been replaced or deleted since.\nDefiner: nobody may write these columns by hand.';

create or replace function private.runs_with(provider text, workspace_id uuid) returns bigint
language sql stable
set search_path = ''
as $$
  select count(distinct q.message #>> '{payload,run_id}')
  from pgmq.q_jobs q
  cross join lateral jsonb_array_elements(q.message #> '{payload,items}') as item
  join public.prompt_versions v on v.id = (item ->> 'version_id')::uuid
  where q.message ->> 'kind' = 'run_chunk'
    and q.message #>> '{payload,workspace_id}' = runs_with.workspace_id::text
    and v.provider = runs_with.provider
$$;

comment on function private.runs_with(text, uuid) is 'How many runs wait in the queue that need a provider''s key.';

create or replace function private.delete_provider_key(provider text, force boolean, workspace_id uuid) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  doomed public.provider_keys := private.lock_provider_key(provider, workspace_id);
  waiting bigint := private.runs_with(doomed.provider, doomed.workspace_id);
begin
  if waiting > 0 and not coalesce(force, false) then
    perform private.fail('provider_key_in_use', jsonb_build_object('provider', provider, 'runs', waiting));
  end if;
  delete from vault.secrets s where s.name = private.vault_name(doomed.workspace_id, doomed.provider);
  delete from public.provider_keys k where k.id = doomed.id;
  return jsonb_build_object('provider', doomed.provider, 'runs_waiting', waiting);
end
$$;

comment on function private.delete_provider_key(text, boolean, uuid) is
E'Removes a provider''s key from Vault, and its row.\nDefiner: users have no right in Vault, and must not.';
