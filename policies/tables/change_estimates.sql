alter table private.change_marks enable row level security;
revoke all on private.change_marks from public, anon, authenticated, service_role;
grant select on private.change_marks to authenticated, service_role;

create policy change_marks_select_member on private.change_marks for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy change_marks_select_member on private.change_marks is
  'Members see what the changes of their workspaces touched.';

alter table private.change_estimates enable row level security;
revoke all on private.change_estimates from public, anon, authenticated, service_role;
grant select on private.change_estimates to authenticated, service_role;

create policy change_estimates_select_member on private.change_estimates for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy change_estimates_select_member on private.change_estimates is
  'Members see what the changes of their workspaces did.';

-- The compactor's own: nobody reads or writes it.
alter table private.change_requests enable row level security;
revoke all on private.change_requests from public, anon, authenticated, service_role;
