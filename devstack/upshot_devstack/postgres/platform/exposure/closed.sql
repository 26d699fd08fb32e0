-- auto_expose_new_tables = false, as on hosted since October 2026: a new object in public reaches the API roles by
-- an explicit grant only. What hosted leaves behind (truncate, references, trigger, maintain) stays here too.
alter default privileges for role postgres in schema public
  revoke select, insert, update, delete on tables from anon, authenticated, service_role;
alter default privileges for role postgres in schema public
  revoke usage, select on sequences from anon, authenticated, service_role;
alter default privileges for role postgres in schema public
  revoke execute on functions from anon, authenticated, service_role;
