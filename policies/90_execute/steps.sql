revoke all on public.action_effects, public.factor_credits, private.step_metrics from public, anon, authenticated, service_role;
grant select on public.action_effects, public.factor_credits to authenticated, service_role;
grant execute on function
  private.workflow_steps(uuid), private.action_rows(uuid), private.factor_design(uuid), private.factor_cells(uuid)
to authenticated, service_role;
