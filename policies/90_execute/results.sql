-- Views run with their reader's rights, so the reader needs every view on the way; the policies decide on rows.
revoke all on
  public.experiment_arms, public.experiment_health, public.experiment_effects,
  private.phase_arms, private.placed_outcomes, private.unit_outcomes, private.comparisons,
  private.comparison_subjects, private.comparison_cells, private.phase_cuts
from public, anon, authenticated, service_role;
grant select on
  public.experiment_arms, public.experiment_health, public.experiment_effects,
  private.phase_arms, private.placed_outcomes, private.unit_outcomes, private.comparisons,
  private.comparison_subjects, private.comparison_cells, private.phase_cuts
to authenticated, service_role;
grant execute on function private.fold_of(public.outcome_metrics) to authenticated, service_role;
grant execute on function private.moments_of(uuid) to authenticated, service_role;

-- The worker alone.
grant execute on function
  public.store_result_v1(uuid, text, text, timestamptz, jsonb, jsonb, text, text, uuid, uuid, uuid, uuid),
  private.store_result(jsonb)
to service_role;
