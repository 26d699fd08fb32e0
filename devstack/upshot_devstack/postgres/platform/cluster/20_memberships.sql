-- Who may become whom. The server's version of hosted (17) also lets postgres pass the API roles on.
grant anon, authenticated, service_role to authenticator;
grant anon, authenticated, service_role, authenticator to postgres with admin option;
grant pg_monitor, pg_read_all_data, pg_signal_backend to postgres with admin option;
grant pg_create_subscription to postgres;
grant pg_read_all_data to supabase_read_only_user, supabase_etl_admin;
grant authenticator to supabase_storage_admin;
grant anon, authenticated, service_role to supabase_realtime_admin;

-- Hosted lets postgres manage policies on the platform's tables through an extension that is not published for
-- other servers. Inheriting the owners comes closest; 90_guard.sql takes away what that gives beyond policies.
grant supabase_auth_admin, supabase_storage_admin, supabase_realtime_admin to postgres with inherit true, set false;
