create or replace function private.uuidv7() returns uuid
language plpgsql volatile parallel safe
set search_path = ''
as $$
declare
  millis constant bigint := (extract(epoch from clock_timestamp()) * 1000)::bigint;
  bytes bytea := uuid_send(gen_random_uuid());
begin
  bytes := overlay(bytes placing substring(int8send(millis) from 3 for 6) from 1 for 6);
  -- A random uuid says version 4 (0100) in the high half of byte 6; version 7 is 0111.
  bytes := set_byte(bytes, 6, (get_byte(bytes, 6) & 15) | 112);
  return encode(bytes, 'hex')::uuid;
end
$$;

comment on function private.uuidv7() is
'A time-ordered uuid (RFC 9562, version 7): 48 bits of milliseconds, then random. Postgres 17 has none of its own.';

create or replace function private.as_uuid(value text) returns uuid
language sql stable
set search_path = ''
return case when pg_input_is_valid(value, 'uuid') then value::uuid end;

comment on function private.as_uuid(text) is 'The uuid that a text is; null when it is none.';
