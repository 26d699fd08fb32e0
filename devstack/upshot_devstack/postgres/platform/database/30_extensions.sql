-- The extensions that every project starts with.
create extension if not exists pgcrypto with schema extensions;
create extension if not exists pg_stat_statements with schema extensions;
create extension if not exists "uuid-ossp" with schema extensions;
create extension if not exists supabase_vault with schema vault;

grant execute on all functions in schema extensions to postgres with grant option;
grant select on all tables in schema extensions to postgres with grant option;

-- pgcrypto and its like must not let postgres look at everybody's statements through a definer's rights.
grant execute on all functions in schema extensions to anon, authenticated, service_role, dashboard_user;
