-- Everything is taken away first: PUBLIC gets EXECUTE on every new function, and a project's default privileges may
-- have given more. The files after this one, one an area, say who may call what.
revoke execute on all functions in schema public, private, stats from public, anon, authenticated, service_role;
revoke all on all sequences in schema public, private from public, anon, authenticated, service_role;
