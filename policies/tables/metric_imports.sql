alter table public.metric_imports enable row level security;
revoke all on public.metric_imports from public, anon, authenticated, service_role;
grant select on public.metric_imports to authenticated, service_role;

create policy metric_imports_select_member on public.metric_imports for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy metric_imports_select_member on public.metric_imports is
  'Members see the imports of their workspaces.';

alter table private.import_rows enable row level security;
revoke all on private.import_rows from public, anon, authenticated, service_role;
alter table private.import_readings enable row level security;
revoke all on private.import_readings from public, anon, authenticated, service_role;
