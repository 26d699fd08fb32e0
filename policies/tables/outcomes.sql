alter table public.outcomes enable row level security;
revoke all on public.outcomes from public, anon, authenticated, service_role;
grant select on public.outcomes to authenticated, service_role;

alter table private.outcomes_default enable row level security;
alter table private.outcome_claims enable row level security;

create policy outcomes_select_member on public.outcomes for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy outcomes_select_member on public.outcomes is
  'Members see the outcomes of their workspaces.';

alter table public.outcome_keys enable row level security;
revoke all on public.outcome_keys from public, anon, authenticated, service_role;
grant select on public.outcome_keys to authenticated, service_role;

create policy outcome_keys_select_member on public.outcome_keys for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy outcome_keys_select_member on public.outcome_keys is
  'Members see the outcome keys of their workspaces.';
