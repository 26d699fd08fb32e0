-- Secrets at rest, with the names and signatures of Supabase Vault. The root key lies in a file beside the data folder:
-- a dump or a stolen table without that file opens nothing. pgcrypto has no associated data, so what hosted
-- authenticates (the row's id, the nonce, the key's number) goes into the derivation of each row's own key here:
-- a ciphertext that is moved to another row does not open.

create function vault._root_key() returns bytea
language sql stable security definer
set search_path = ''
as $$
  select pg_catalog.pg_read_binary_file(
    pg_catalog.regexp_replace(pg_catalog.current_setting('data_directory'), '[^/\\]+[/\\]*$', 'vault.key')
  )
$$;

create function vault._row_key(additional bytea, key_id bigint, context bytea, nonce bytea) returns text
language sql stable security definer
set search_path = ''
as $$
  select pg_catalog.encode(
    @extschema:pgcrypto@.hmac(
      context || pg_catalog.int8send(key_id) || coalesce(nonce, ''::bytea) || coalesce(additional, ''::bytea),
      vault._root_key(),
      'sha512'
    ),
    'hex'
  )
$$;

create function vault._crypto_aead_det_noncegen() returns bytea
language sql volatile
set search_path = ''
as $$ select @extschema:pgcrypto@.gen_random_bytes(16) $$;

create function vault._crypto_aead_det_encrypt(
  message bytea, additional bytea, key_id bigint, context bytea default 'pgsodium', nonce bytea default null
) returns bytea
language sql volatile security definer
set search_path = ''
as $$
  select @extschema:pgcrypto@.pgp_sym_encrypt_bytea(
    message,
    vault._row_key(additional, key_id, context, nonce),
    'cipher-algo=aes256, s2k-mode=1, s2k-digest-algo=sha256, compress-algo=0'
  )
$$;

create function vault._crypto_aead_det_decrypt(
  message bytea, additional bytea, key_id bigint, context bytea default 'pgsodium', nonce bytea default null
) returns bytea
language sql stable security definer
set search_path = ''
as $$
  select @extschema:pgcrypto@.pgp_sym_decrypt_bytea(message, vault._row_key(additional, key_id, context, nonce))
$$;

create table vault.secrets (
  id uuid not null default gen_random_uuid() primary key,
  name text,
  description text not null default '',
  secret text not null,
  key_id uuid,
  nonce bytea default vault._crypto_aead_det_noncegen(),
  created_at timestamptz not null default current_timestamp,
  updated_at timestamptz not null default current_timestamp
);
create unique index secrets_name_idx on vault.secrets (name) where name is not null;
select pg_catalog.pg_extension_config_dump('vault.secrets', '');

create view vault.decrypted_secrets as
select
  s.id,
  s.name,
  s.description,
  s.secret,
  convert_from(
    vault._crypto_aead_det_decrypt(
      message => decode(s.secret, 'base64'),
      additional => convert_to(s.id::text, 'utf8'),
      key_id => 0,
      context => 'pgsodium'::bytea,
      nonce => s.nonce
    ),
    'utf8'
  ) as decrypted_secret,
  s.key_id,
  s.nonce,
  s.created_at,
  s.updated_at
from vault.secrets as s;

create function vault._seal(secret text, secret_id uuid, nonce bytea) returns text
language sql volatile
set search_path = ''
as $$
  select pg_catalog.encode(
    vault._crypto_aead_det_encrypt(
      message => pg_catalog.convert_to(secret, 'utf8'),
      additional => pg_catalog.convert_to(secret_id::text, 'utf8'),
      key_id => 0,
      context => 'pgsodium'::bytea,
      nonce => nonce
    ),
    'base64'
  )
$$;

create function vault.create_secret(
  new_secret text, new_name text default null, new_description text default '', new_key_id uuid default null
) returns uuid
language plpgsql security definer
set search_path = ''
as $$
declare
  new_id uuid := pg_catalog.gen_random_uuid();
  new_nonce bytea := vault._crypto_aead_det_noncegen();
begin
  insert into vault.secrets (id, secret, name, description, nonce)
  values (new_id, vault._seal(new_secret, new_id, new_nonce), new_name, new_description, new_nonce);
  return new_id;
end
$$;

create function vault.update_secret(
  secret_id uuid,
  new_secret text default null,
  new_name text default null,
  new_description text default null,
  new_key_id uuid default null
) returns void
language plpgsql security definer
set search_path = ''
as $$
begin
  update vault.secrets as s
  set
    secret = case when new_secret is null then s.secret else vault._seal(new_secret, s.id, s.nonce) end,
    name = coalesce(new_name, s.name),
    description = coalesce(new_description, s.description),
    updated_at = now()
  where s.id = secret_id;
end
$$;

revoke all on schema vault from public;
revoke all on all tables in schema vault from public;
revoke all on all functions in schema vault from public;
