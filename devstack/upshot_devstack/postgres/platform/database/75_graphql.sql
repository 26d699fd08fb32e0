-- GraphQL is off by default on hosted; its public entry stays and says so.
create or replace function graphql_public.graphql(
  "operationName" text default null,
  query text default null,
  variables jsonb default null,
  extensions jsonb default null
) returns jsonb
language sql
set search_path = ''
as $$
  select '{"errors": [{"message": "pg_graphql extension is not enabled."}]}'::jsonb
$$;

grant execute on function graphql_public.graphql(text, text, jsonb, jsonb) to anon, authenticated, service_role;
