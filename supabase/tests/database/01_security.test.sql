-- Smoke tests for any Supabase: `npx supabase test db`. The whole specification is in tests/db and tests/rls.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = public, extensions;

select plan(7);

select is_empty(
  $$ select c.relname from pg_class c
     where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace)
       and c.relkind in ('r', 'p') and not c.relrowsecurity $$,
  'row-level security is on for every table');

select is_empty(
  $$ select p.oid::regprocedure from pg_proc p
     where p.pronamespace = 'public'::regnamespace and p.prosecdef
       and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e') $$,
  'no function of the API runs with its owner''s rights');

select is_empty(
  $$ select p.proname from pg_proc p
     where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
       and has_function_privilege('anon', p.oid, 'execute')
       and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e') $$,
  'anon may call nothing');

select ok(not has_table_privilege('authenticated', 'public.deployments', 'insert'), 'nobody inserts deployments by hand');
select ok(not has_table_privilege('service_role', 'public.outcomes', 'insert'), 'not even a server inserts outcomes by hand');
select policies_are('realtime', 'messages', array['messages_select_member'], 'members hear; nobody sends');

set local role anon;
select throws_ok('select * from public.workspaces', '42501', null, 'anon sees nothing');

select * from finish();
rollback;
