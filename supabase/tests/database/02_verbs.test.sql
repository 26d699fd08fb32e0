-- One road through the verbs, as a signed-in user.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = public, extensions;

select plan(9);

insert into auth.users (id, email, aud, role)
values ('00000000-0000-4000-8000-000000000001', 'ann@example.test', 'authenticated', 'authenticated');
select set_config('request.jwt.claims', '{"sub": "00000000-0000-4000-8000-000000000001", "role": "authenticated"}', true);
set local role authenticated;

select lives_ok($$ select create_workspace('Clinic', 'clinic') $$, 'a user makes a workspace');
select results_eq(
  $$ select role from members $$, array['owner'], 'and owns it');

insert into capabilities (workspace_id, key, name) select id, 'BookAppointment', 'Book' from workspaces;
insert into prompts (workspace_id, key, name, capability_id)
select workspace_id, 'booking', 'Booking', id from capabilities;

select lives_ok(
  $$ select commit_version(id, messages => '[{"role": "system", "content": "one"}]', provider => 'local', model => 'm')
     from prompts $$,
  'commits a version');
select throws_ok(
  $$ select commit_version(id, messages => '[{"role": "system", "content": "one"}]', provider => 'local', model => 'm')
     from prompts $$,
  'PT409', null, 'but not the same one again');
select throws_ok(
  $$ select decide('production', 'BookAppointment', 'ann') $$, 'PT404', null, 'nothing is live yet');
select lives_ok(
  $$ select publish('production', 'BookAppointment', id, null) from prompt_versions $$, 'publishes it');
select is(
  (select decide('production', 'BookAppointment', 'ann') ->> 'reason'), 'live_deployment', 'and decide returns it');
select throws_ok(
  $$ select publish('production', 'BookAppointment', id, null) from prompt_versions $$,
  'PT409', null, 'a stale expectation is a conflict');
select is((select count(*)::integer from changes), 1, 'the ledger has one change');

select * from finish();
rollback;
