alter table public.invitations enable row level security;
revoke all on public.invitations from public, anon, authenticated, service_role;
grant select on public.invitations to authenticated, service_role;

create policy invitations_select_admin on public.invitations for select to authenticated
  using (workspace_id in (select private.my_workspaces_with('members.write')));
comment on policy invitations_select_admin on public.invitations is
  'Who holds members.write sees who is invited; who is invited asks my_invitations.';

-- Hashes of tokens: the engine alone.
alter table private.invitation_secrets enable row level security;
revoke all on private.invitation_secrets from public, anon, authenticated, service_role;
