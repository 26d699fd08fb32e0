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
  missing := (select coalesce(k, 'null') from unnest(environments) k where not exists (
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
  -- A null is no permission, and must not end the search before the others were looked at.
  refused text := (select coalesce(p, 'null') from unnest(permissions) p
    where not exists (select from public.permissions known where known.key = p and not known.is_personal) limit 1);
begin
  if coalesce(cardinality(permissions), 0) = 0 then
    perform private.fail('bad_argument', '{"argument": "permissions", "expected": "a list of at least one key of /permissions"}');
  elsif refused is not null then
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

create or replace function private.lock_api_key(api_key_id uuid, requested_workspace uuid) returns public.api_keys
language plpgsql
set search_path = ''
as $$
#variable_conflict use_variable
declare
  owner uuid := (select k.workspace_id from public.api_keys k where k.id = api_key_id);
  locked public.api_keys;
begin
  perform private.authorise_row(owner, requested_workspace, 'api_keys.write', 'unknown_api_key',
    jsonb_build_object('api_key_id', api_key_id));
  perform private.require_person();
  select k.* into locked from public.api_keys k where k.id = api_key_id for no key update;
  return locked;
end
$$;

comment on function private.lock_api_key(uuid, uuid) is
'The API key''s row, locked; raises for a stranger, a missing permission, and whoever is no person.';

create or replace function private.rotate_api_key(
  api_key_id uuid, expected_prefix text, grace_seconds integer, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  rotated public.api_keys := private.lock_api_key(api_key_id, workspace_id);
  secret text := private.new_secret('upk');
begin
  -- Whoever rotates a key holds its secret afterwards: no road to more than one's own.
  perform private.require_ceiling(rotated.permissions, rotated.workspace_id);
  if rotated.revoked_at is not null or rotated.prefix is distinct from expected_prefix then
    perform private.fail(case when rotated.revoked_at is not null then 'api_key_revoked' else 'stale_api_key' end);
  elsif grace_seconds is null or grace_seconds not between 0 and 2592000 then
    perform private.fail('bad_argument', '{"argument": "grace_seconds", "expected": "from 0 to 2592000 (thirty days)"}');
  end if;
  update private.api_key_secrets s set expires_at = least(s.expires_at, now() + make_interval(secs => grace_seconds))
  where s.api_key_id = api_key_id;
  insert into private.api_key_secrets (hash, api_key_id, workspace_id)
  values (private.secret_hash(secret), rotated.id, rotated.workspace_id);
  update public.api_keys k set prefix = left(secret, 12), rotated_at = private.now()
  where k.id = rotated.id returning k.* into rotated;
  return to_jsonb(rotated) || jsonb_build_object('secret', secret);
end
$$;

comment on function private.rotate_api_key(uuid, text, integer, uuid) is
E'Gives an API key a new secret; the old one opens it for a while longer.\nDefiner: as create_api_key.';

create or replace function private.revoke_api_key(api_key_id uuid, workspace_id uuid) returns public.api_keys
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  revoked public.api_keys := private.lock_api_key(api_key_id, workspace_id);
begin
  if revoked.revoked_at is null then
    delete from private.api_key_secrets s where s.api_key_id = api_key_id;
    update public.api_keys k set revoked_at = private.now(), revoked_by = auth.uid()
    where k.id = api_key_id returning k.* into revoked;
  end if;
  return revoked;
end
$$;

comment on function private.revoke_api_key(uuid, uuid) is
E'Closes an API key for good: the next request with it is refused.\nDefiner: as create_api_key.';
