create or replace function private.uuidv7() returns uuid
language plpgsql volatile parallel safe
set search_path = ''
as $$
begin
  -- One expression, because every transaction pays for each. A random uuid says version 4 (0100) in the high half of
  -- byte 6; with its low two bits set, which are the bits 52 and 53 of the whole, that is version 7 (0111).
  return encode(set_bit(set_bit(overlay(
    uuid_send(gen_random_uuid())
    placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1),
    'hex')::uuid;
end
$$;

comment on function private.uuidv7() is
'A time-ordered uuid (RFC 9562, version 7): 48 bits of milliseconds, then random. Postgres 17 has none of its own.';

create or replace function private.as_uuid(value text) returns uuid
language sql stable
set search_path = ''
return case when pg_input_is_valid(value, 'uuid') then value::uuid end;

comment on function private.as_uuid(text) is 'The uuid that a text is; null when it is none.';
