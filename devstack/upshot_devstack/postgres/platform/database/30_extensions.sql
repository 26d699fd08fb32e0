-- The extensions that every project starts with. What their functions are open to is theirs to say, as on hosted:
-- everybody for most, only monitors and their like for the rest.
create extension if not exists pgcrypto with schema extensions;
create extension if not exists pg_stat_statements with schema extensions;
create extension if not exists "uuid-ossp" with schema extensions;
create extension if not exists supabase_vault with schema vault;

grant execute on all functions in schema extensions to postgres with grant option;
grant select on all tables in schema extensions to postgres with grant option;
