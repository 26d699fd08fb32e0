-- The functions of uuid-ossp for servers that were built without its library. RFC 9562 gives the layouts.

create function uuid_nil() returns uuid
language sql immutable strict parallel safe
as $$ select '00000000-0000-0000-0000-000000000000'::uuid $$;

create function uuid_ns_dns() returns uuid
language sql immutable strict parallel safe
as $$ select '6ba7b810-9dad-11d1-80b4-00c04fd430c8'::uuid $$;

create function uuid_ns_url() returns uuid
language sql immutable strict parallel safe
as $$ select '6ba7b811-9dad-11d1-80b4-00c04fd430c8'::uuid $$;

create function uuid_ns_oid() returns uuid
language sql immutable strict parallel safe
as $$ select '6ba7b812-9dad-11d1-80b4-00c04fd430c8'::uuid $$;

create function uuid_ns_x500() returns uuid
language sql immutable strict parallel safe
as $$ select '6ba7b814-9dad-11d1-80b4-00c04fd430c8'::uuid $$;

create function uuid_generate_v4() returns uuid
language sql volatile strict parallel safe
as $$ select pg_catalog.gen_random_uuid() $$;

-- Sixteen bytes with the four version bits and the two variant bits put in their places.
create function uuid_stamped(bytes bytea, version integer) returns uuid
language sql immutable strict parallel safe
as $$
  select pg_catalog.encode(
    pg_catalog.set_byte(
      pg_catalog.set_byte(
        pg_catalog.substr(bytes, 1, 16), 6, (pg_catalog.get_byte(bytes, 6) & 15) | (version << 4)
      ),
      8,
      (pg_catalog.get_byte(bytes, 8) & 63) | 128
    ),
    'hex'
  )::uuid
$$;

create function uuid_generate_v3(namespace uuid, name text) returns uuid
language sql immutable strict parallel safe
as $$
  select @extschema@.uuid_stamped(
    pg_catalog.decode(pg_catalog.md5(pg_catalog.uuid_send(namespace) || pg_catalog.convert_to(name, 'UTF8')), 'hex'), 3
  )
$$;

create function uuid_generate_v5(namespace uuid, name text) returns uuid
language sql immutable strict parallel safe
as $$
  select @extschema@.uuid_stamped(
    @extschema:pgcrypto@.digest(pg_catalog.uuid_send(namespace) || pg_catalog.convert_to(name, 'UTF8'), 'sha1'), 5
  )
$$;

-- Version 1 with a random node: the time in tenths of microseconds since the Gregorian calendar began.
create function uuid_generate_v1mc() returns uuid
language sql volatile strict parallel safe
as $$
  select @extschema@.uuid_stamped(
    pg_catalog.substr(t.ticks, 5, 4) || pg_catalog.substr(t.ticks, 3, 2) || pg_catalog.substr(t.ticks, 1, 2)
      || pg_catalog.set_byte(t.node, 2, pg_catalog.get_byte(t.node, 2) | 1),
    1
  )
  from (
    select
      pg_catalog.int8send(
        (extract(epoch from pg_catalog.clock_timestamp()) * 10000000)::bigint + 122192928000000000
      ) as ticks,
      @extschema:pgcrypto@.gen_random_bytes(8) as node
  ) as t
$$;

create function uuid_generate_v1() returns uuid
language sql volatile strict parallel safe
as $$ select @extschema@.uuid_generate_v1mc() $$;
