-- The roles that a Supabase project has, with the attributes hosted gives them. Safe to run again.
do $$
declare
  wanted text;
begin
  foreach wanted in array array[
    'postgres', 'anon', 'authenticated', 'service_role', 'authenticator', 'dashboard_user', 'pgbouncer',
    'supabase_auth_admin', 'supabase_storage_admin', 'supabase_realtime_admin', 'supabase_functions_admin',
    'supabase_replication_admin', 'supabase_read_only_user', 'supabase_etl_admin'
  ] loop
    if not exists (select from pg_catalog.pg_roles where rolname = wanted) then
      execute format('create role %I', wanted);
    end if;
  end loop;
end
$$;

alter role supabase_admin with superuser login createdb createrole replication bypassrls;
alter role postgres with nosuperuser login createdb createrole replication bypassrls;

alter role anon with nologin inherit;
alter role authenticated with nologin inherit;
alter role service_role with nologin inherit bypassrls;
alter role authenticator with login noinherit;

alter role dashboard_user with nologin createdb createrole replication;
alter role pgbouncer with login;
alter role supabase_auth_admin with login noinherit;
alter role supabase_storage_admin with login noinherit createrole;
alter role supabase_realtime_admin with login noinherit createrole replication;
alter role supabase_functions_admin with login noinherit createrole;
alter role supabase_replication_admin with login replication;
alter role supabase_read_only_user with login bypassrls;
alter role supabase_etl_admin with login replication;
