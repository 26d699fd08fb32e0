-- Server parameters that only a superuser may set, and that hosted lets these roles set all the same.
grant set on parameter session_replication_role, track_io_timing to postgres;
grant set on parameter log_min_messages to supabase_realtime_admin;
