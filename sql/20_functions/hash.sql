create or replace function private.bucket(salt text, purpose text, unit_id text) returns integer
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
begin
  return (('x' || encode(substring(sha256(convert_to(salt || ':' || purpose || ':' || unit_id, 'UTF8')) for 6), 'hex'))
    ::bit(48)::bigint % 10000)::integer;
end
$$;

comment on function private.bucket(text, text, text) is
E'The bucket, of 0 to 9999, of a unit: first 48 bits of SHA-256(salt:purpose:unit), modulo 10,000.\nThe purpose is traffic or variant, so that who takes part says nothing about the arm. Vectors: frontend_contract/fixtures.';
