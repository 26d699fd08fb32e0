-- Deny by default. Projects differ in what they give to new objects, so nothing is left to their defaults.
alter default privileges in schema public revoke all on tables from anon, authenticated, service_role;
alter default privileges in schema public revoke all on sequences from anon, authenticated, service_role;
alter default privileges in schema public revoke all on functions from anon, authenticated, service_role;

revoke all on schema private, stats from public, anon, authenticated, service_role;
grant usage on schema private, stats to authenticated, service_role;
