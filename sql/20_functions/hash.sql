create or replace function private.bucket(salt text, purpose text, unit_id text) returns integer
language sql immutable strict parallel safe
set search_path = ''
return ((
  'x' || pg_catalog.left(pg_catalog.encode(pg_catalog.sha256(
    pg_catalog.convert_to(salt || ':' || purpose || ':' || unit_id, 'UTF8')), 'hex'), 12)
)::bit(48)::bigint % 10000)::integer;

comment on function private.bucket(text, text, text) is
E'The bucket, of 0 to 9999, of a unit: first 48 bits of SHA-256(salt:purpose:unit), modulo 10,000.\nThe purpose is traffic or variant, so that who takes part says nothing about the arm. Vectors: frontend_contract/fixtures.';
