alter table public.inferences enable row level security;
revoke all on public.inferences from public, anon, authenticated, service_role;
grant select on public.inferences to authenticated, service_role;

alter table private.inferences_before enable row level security;
alter table private.inferences_after enable row level security;
alter table private.inferences_default enable row level security;

create policy inferences_select_member on public.inferences for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy inferences_select_member on public.inferences is
  'Members see the inferences of their workspaces.';
