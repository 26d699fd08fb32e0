-- Row security without a policy: the API roles see nothing of auth, and postgres sees what hosted shows it.
do $$
declare
  relation text;
begin
  for relation in select tablename from pg_catalog.pg_tables where schemaname = 'auth' loop
    execute format('alter table auth.%I enable row level security', relation);
    execute format('grant all on table auth.%I to postgres with grant option', relation);
    execute format('grant all on table auth.%I to dashboard_user', relation);
  end loop;
end
$$;

-- The auth service's own bookkeeping is not the project's business.
revoke all on table auth.schema_migrations from postgres, dashboard_user;
alter table auth.schema_migrations disable row level security;
grant select on table auth.schema_migrations to postgres with grant option;

grant all on all sequences in schema auth to postgres, dashboard_user;
grant execute on all functions in schema auth to postgres, dashboard_user;
