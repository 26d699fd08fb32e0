alter table public.changes enable row level security;
revoke all on public.changes from public, anon, authenticated, service_role;
grant select on public.changes to authenticated, service_role;

create policy changes_select_member on public.changes for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy changes_select_member on public.changes is 'Members see the ledger of their workspaces.';
