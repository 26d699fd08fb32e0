alter table public.factors enable row level security;
revoke all on public.factors from public, anon, authenticated, service_role;
grant select on public.factors to authenticated, service_role;

create policy factors_select_member on public.factors for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy factors_select_member on public.factors is
  'Members see the factors of experiments of their workspaces.';

alter table public.factor_levels enable row level security;
revoke all on public.factor_levels from public, anon, authenticated, service_role;
grant select on public.factor_levels to authenticated, service_role;

create policy factor_levels_select_member on public.factor_levels for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy factor_levels_select_member on public.factor_levels is
  'Members see the levels of factors of their workspaces.';

alter table public.variant_levels enable row level security;
revoke all on public.variant_levels from public, anon, authenticated, service_role;
grant select on public.variant_levels to authenticated, service_role;

create policy variant_levels_select_member on public.variant_levels for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy variant_levels_select_member on public.variant_levels is
  'Members see the cells that arms are of their workspaces.';
