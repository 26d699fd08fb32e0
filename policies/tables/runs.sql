alter table public.test_cases enable row level security;
revoke all on public.test_cases from public, anon, authenticated, service_role;
grant select on public.test_cases to authenticated, service_role;

create policy test_cases_select_member on public.test_cases for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy test_cases_select_member on public.test_cases is
  'Members see the test cases of their workspaces.';

grant insert (workspace_id, prompt_id, name, variables, expected) on public.test_cases to authenticated, service_role;
create policy test_cases_insert_editor on public.test_cases for insert to authenticated
  with check (
    workspace_id in (select private.my_workspaces_with('prompts.write'))
    and exists (
      select from public.prompts parent
      where parent.workspace_id = test_cases.workspace_id and parent.id = test_cases.prompt_id));
comment on policy test_cases_insert_editor on public.test_cases is
  'Who holds prompts.write adds the test cases.';

grant update (name, variables, expected) on public.test_cases to authenticated, service_role;
create policy test_cases_update_editor on public.test_cases for update to authenticated
  using (workspace_id in (select private.my_workspaces_with('prompts.write')))
  with check (workspace_id in (select private.my_workspaces_with('prompts.write')));
comment on policy test_cases_update_editor on public.test_cases is
  'Who holds prompts.write changes the test cases.';

grant delete on public.test_cases to authenticated, service_role;
create policy test_cases_delete_editor on public.test_cases for delete to authenticated
  using (workspace_id in (select private.my_workspaces_with('prompts.write')));
comment on policy test_cases_delete_editor on public.test_cases is
  'Who holds prompts.write removes the test cases.';

alter table public.runs enable row level security;
revoke all on public.runs from public, anon, authenticated, service_role;
grant select on public.runs to authenticated, service_role;

create policy runs_select_member on public.runs for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy runs_select_member on public.runs is 'Members see the runs of their workspaces.';

alter table public.run_results enable row level security;
revoke all on public.run_results from public, anon, authenticated, service_role;
grant select on public.run_results to authenticated, service_role;

create policy run_results_select_member on public.run_results for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy run_results_select_member on public.run_results is
  'Members see the results of runs of their workspaces.';
