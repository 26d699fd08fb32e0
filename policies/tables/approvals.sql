alter table public.approval_rules enable row level security;
revoke all on public.approval_rules from public, anon, authenticated, service_role;
grant select on public.approval_rules to authenticated, service_role;

create policy approval_rules_select_member on public.approval_rules for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy approval_rules_select_member on public.approval_rules is
  'Members see which acts need a review in their workspaces.';

grant insert (workspace_id, act, environment_id, permission, approvals, allow_self)
  on public.approval_rules to authenticated, service_role;
create policy approval_rules_insert_governor on public.approval_rules for insert to authenticated
  with check (workspace_id in (select private.my_workspaces_with('approvals.write')));
comment on policy approval_rules_insert_governor on public.approval_rules is
  'Who holds approvals.write makes rules.';

grant update (permission, approvals, allow_self) on public.approval_rules to authenticated, service_role;
create policy approval_rules_update_governor on public.approval_rules for update to authenticated
  using (workspace_id in (select private.my_workspaces_with('approvals.write')))
  with check (workspace_id in (select private.my_workspaces_with('approvals.write')));
comment on policy approval_rules_update_governor on public.approval_rules is
  'Who holds approvals.write changes rules.';

grant delete on public.approval_rules to authenticated, service_role;
create policy approval_rules_delete_governor on public.approval_rules for delete to authenticated
  using (workspace_id in (select private.my_workspaces_with('approvals.write')));
comment on policy approval_rules_delete_governor on public.approval_rules is
  'Who holds approvals.write removes rules.';

alter table public.approval_requests enable row level security;
revoke all on public.approval_requests from public, anon, authenticated, service_role;
grant select on public.approval_requests to authenticated, service_role;

create policy approval_requests_select_member on public.approval_requests for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy approval_requests_select_member on public.approval_requests is
  'Members see what waits for a review in their workspaces.';

alter table public.approval_reviews enable row level security;
revoke all on public.approval_reviews from public, anon, authenticated, service_role;
grant select on public.approval_reviews to authenticated, service_role;

create policy approval_reviews_select_member on public.approval_reviews for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy approval_reviews_select_member on public.approval_reviews is
  'Members see what reviewers decided in their workspaces.';
