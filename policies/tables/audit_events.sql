alter table public.audit_events enable row level security;
revoke all on public.audit_events from public, anon, authenticated, service_role;
grant select on public.audit_events to authenticated, service_role;

create policy audit_events_select_auditor on public.audit_events for select to authenticated
  using (workspace_id in (select private.my_workspaces_with('audit.read')));
comment on policy audit_events_select_auditor on public.audit_events is
  'Who holds audit.read sees the audit log of the workspace.';
