-- Views of the compactor run with their reader's rights.
revoke all on private.unit_exposures, private.sightings, private.metric_slots, private.counted_metrics, private.unit_events, private.call_events,
  private.call_sources, private.passed_experiments, private.segment_sightings
from public, anon, authenticated, service_role;
-- Not unit_events, nor counted_metrics: they read where outcomes were placed, and how, which is the compactor's alone.
grant select on private.unit_exposures, private.sightings, private.metric_slots, private.call_events
to authenticated, service_role;
grant execute on function
  private.exact(double precision), private.span_of(timestamptz, timestamptz, timestamptz, interval),
  private.segments_of(text[], jsonb, jsonb), private.figures_of(public.inferences),
  private.dimensions_of(uuid, jsonb)
to authenticated, service_role;

-- The worker alone.
grant execute on function public.compact(), private.compact(), public.compact_days(), private.compact_days() to service_role;

revoke all on public.restatements from public, anon, authenticated, service_role;
grant select on public.restatements to authenticated, service_role;
