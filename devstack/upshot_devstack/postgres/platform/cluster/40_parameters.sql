-- Server parameters that only a superuser may set, and that hosted lets these roles set all the same.
grant set on parameter session_replication_role, track_io_timing to postgres;
grant set on parameter log_min_messages to supabase_realtime_admin;

-- PostgREST reads its settings from its login role: alter role authenticator set pgrst.… = …
do $$
declare
  setting text;
begin
  foreach setting in array array[
    'db_aggregates_enabled', 'db_anon_role', 'db_extra_search_path', 'db_hoisted_tx_settings', 'db_max_rows',
    'db_plan_enabled', 'db_pre_config', 'db_pre_request', 'db_prepared_statements', 'db_root_spec', 'db_schemas',
    'db_timezone_enabled', 'db_tx_end', 'jwt_aud', 'jwt_cache_max_entries', 'jwt_cache_max_lifetime',
    'jwt_role_claim_key', 'jwt_secret', 'jwt_secret_is_base64', 'openapi_mode', 'openapi_security_active',
    'openapi_server_proxy_uri', 'server_cors_allowed_origins', 'server_timing_enabled', 'server_trace_header'
  ] loop
    execute format('grant set on parameter pgrst.%I to postgres', setting);
  end loop;
end
$$;
