-- What acts for an integrator's server. The secret is shown once; its hash alone is kept.
create or replace function private.secret_hash(secret text) returns text
language sql immutable
set search_path = ''
return encode(sha256(convert_to(secret, 'UTF8')), 'hex');

comment on function private.secret_hash(text) is 'SHA-256 of a secret, in hex.';

create or replace function private.new_secret(kind text) returns text
language sql volatile
set search_path = ''
return kind || '_' || encode(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), 'hex');

comment on function private.new_secret(text) is 'A secret of 244 random bits that begins with what it is for.';

create or replace function private.api_key_environments(environments text[], workspace_id uuid) returns uuid[]
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_variable
declare
  found_ones uuid[];
  missing text;
begin
  if environments is null then
    return null;
  end if;
  missing := (select k from unnest(environments) k where not exists (
    select from public.environments e where e.workspace_id = workspace_id and e.key = k) limit 1);
  if missing is not null or cardinality(environments) = 0 then
    perform private.fail('unknown_environment', jsonb_build_object('environment', missing));
  end if;
  found_ones := array(select e.id from public.environments e
    where e.workspace_id = workspace_id and e.key = any (environments) order by e.key);
  return found_ones;
end
$$;

comment on function private.api_key_environments(text[], uuid) is
'The ids of environments by their keys; null for all; raises for a key that the workspace does not have.';

create or replace function private.require_permissions_for_key(permissions text[], workspace_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_variable
declare
  refused text := (select p from unnest(permissions) p
    where not exists (select from public.permissions known where known.key = p and not known.is_personal) limit 1);
begin
  if coalesce(cardinality(permissions), 0) = 0 or refused is not null then
    perform private.fail('not_for_keys', jsonb_build_object('permission', refused));
  end if;
  perform private.require_ceiling(permissions, workspace_id);
end
$$;

comment on function private.require_permissions_for_key(text[], uuid) is
'Raises unless an API key may hold these permissions and the caller holds each of them too.';

create or replace function private.create_api_key(
  name text, permissions text[], environments text[], expires_at timestamptz, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  tenant uuid := private.authorise(workspace_id, 'api_keys.write');
  maker uuid := private.require_person();
  secret text := private.new_secret('upk');
  made public.api_keys;
begin
  perform private.require_text('name', name, 200);
  perform private.require_permissions_for_key(permissions, tenant);
  if expires_at <= private.now() then
    perform private.fail('bad_argument', '{"argument": "expires_at", "expected": "a time to come"}');
  end if;
  insert into public.api_keys (workspace_id, name, prefix, permissions, environment_ids, expires_at, created_by)
  values (tenant, name, left(secret, 12), array(select distinct p from unnest(permissions) p order by p),
    private.api_key_environments(environments, tenant), expires_at, maker)
  on conflict do nothing
  returning * into made;
  if made.id is null then
    perform private.fail('api_key_name_taken', jsonb_build_object('name', name));
  end if;
  insert into private.api_key_secrets (hash, api_key_id, workspace_id)
  values (private.secret_hash(secret), made.id, tenant);
  return to_jsonb(made) || jsonb_build_object('secret', secret);
end
$$;

comment on function private.create_api_key(text, text[], text[], timestamptz, uuid) is
E'Makes an API key and shows its secret, once.\nDefiner: the secret''s hash is in a table that nobody reads.';
