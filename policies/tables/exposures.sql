alter table public.exposures enable row level security;
revoke all on public.exposures from public, anon, authenticated, service_role;
grant select on public.exposures to authenticated, service_role;

alter table private.exposures_default enable row level security;
alter table private.exposure_claims enable row level security;

create policy exposures_select_member on public.exposures for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy exposures_select_member on public.exposures is
  'Members see the exposures of their workspaces.';
