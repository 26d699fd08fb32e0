revoke all on public.action_effects, public.factor_credits from public, anon, authenticated, service_role;
grant select on public.action_effects, public.factor_credits to authenticated, service_role;
grant execute on function
  private.workflow_steps(uuid), private.step_calls(uuid), private.step_paths(uuid), private.step_cells(uuid), private.action_pairs(uuid),
  private.action_shares(uuid), private.factor_design(uuid), private.factor_cells(uuid)
to authenticated, service_role;
