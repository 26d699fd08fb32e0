-- Views run with their reader's rights, so the reader needs every view on the way; the policies decide on rows.
revoke all on
  public.experiment_arms, public.experiment_health, public.experiment_effects, public.segment_effects, public.segment_summaries,
  public.guardrail_status, public.experiment_exclusions,
  private.phase_arms, private.placed_outcomes, private.unit_outcomes, private.comparisons, private.comparison_arms,
  private.phase_cuts, private.experiment_labels, private.segment_rows, private.refused_outcomes, private.batch_notes, private.outcome_tally, private.batch_tally,
  private.core_exposures, private.core_events, private.core_metrics, private.core_arms
from public, anon, authenticated, service_role;
grant select on
  public.experiment_arms, public.experiment_health, public.experiment_effects, public.segment_effects, public.segment_summaries,
  public.guardrail_status, public.experiment_exclusions,
  private.phase_arms, private.placed_outcomes, private.unit_outcomes, private.comparisons, private.comparison_arms,
  private.phase_cuts, private.experiment_labels, private.segment_rows, private.refused_outcomes, private.batch_notes, private.outcome_tally, private.batch_tally
to authenticated, service_role;
grant execute on function private.fold_of(public.outcome_metrics), private.landed_outcomes(uuid) to authenticated, service_role;
grant execute on function
  public.effects_as_of(uuid, timestamptz, boolean, text, uuid), public.effects_between(uuid, date, date),
  private.effects_as_of(uuid, timestamptz, boolean, text, uuid), private.require_experiment(uuid),
  private.stratified(stats.readout[], double precision[]), private.pairs_of(private.effect_cell[]),
  private.kept_units(uuid, text[], date, date, private.closing),
  private.one_sided(double precision, double precision, bigint, bigint), private.settled_of(private.effect_pair, double precision),
  private.narrowed(private.effect_settled, double precision, double precision, double precision), private.closed_until(interval), private.closed_before(interval), private.counted_now(),
  private.closing_of(uuid, interval, boolean), private.settles_at(uuid, uuid), private.open_cells(uuid, timestamptz, text[]), private.open_units(uuid, timestamptz), private.dimensions_of(uuid, jsonb),
  private.corrected(text, double precision[]), private.adjusted_readout(stats.moments, stats.moments, boolean),
  private.told_of_cells(uuid, private.effect_cell[], private.effect_pair[], boolean, boolean, boolean),
  private.effects_of_cells(uuid, private.effect_cell[], private.effect_pair[], boolean, boolean, text, boolean), private.effect_rows(uuid, text[], date, date),
  private.split_of(uuid), private.phase_splits(uuid), private.mature_share(uuid, uuid), private.days_to_decide(uuid), private.experiment_shares(uuid)
to authenticated, service_role;

-- The worker alone.
grant execute on function
  public.store_result_v1(uuid, text, text, timestamptz, jsonb, jsonb, text, text, uuid, uuid, uuid, uuid),
  private.store_result(jsonb)
to service_role;
