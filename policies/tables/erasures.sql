alter table public.erasures enable row level security;
revoke all on public.erasures from public, anon, authenticated, service_role;
grant select on public.erasures to authenticated, service_role;
alter table private.erased_inferences enable row level security;

create policy erasures_select_auditor on public.erasures for select to authenticated
  using (workspace_id in (select private.my_workspaces_with('audit.read')));
comment on policy erasures_select_auditor on public.erasures is
  'Who holds audit.read sees the receipts of erasures.';
