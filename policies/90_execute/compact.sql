-- Views of the compactor run with their reader's rights.
revoke all on private.unit_exposures, private.sightings, private.counted_metrics, private.unit_events
from public, anon, authenticated, service_role;
grant select on private.unit_exposures, private.sightings, private.counted_metrics, private.unit_events
to authenticated, service_role;
grant execute on function
  private.exact(double precision), private.span_of(timestamptz, timestamptz, timestamptz, interval),
  private.folded(text, bigint, numeric, double precision), private.segments_of(uuid, jsonb),
  private.dimensions_of(uuid, jsonb)
to authenticated, service_role;

-- The worker alone.
grant execute on function public.compact(), private.compact() to service_role;
