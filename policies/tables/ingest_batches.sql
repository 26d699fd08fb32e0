alter table public.ingest_batches enable row level security;
revoke all on public.ingest_batches from public, anon, authenticated, service_role;
grant select on public.ingest_batches to authenticated, service_role;

create policy ingest_batches_select_member on public.ingest_batches for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy ingest_batches_select_member on public.ingest_batches is
  'Members see the ingest batches of their workspaces.';
