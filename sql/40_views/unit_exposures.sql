create or replace view private.unit_exposures with (security_invoker = true) as
select a.workspace_id, a.experiment_id, a.phase_id, a.variant_id, a.unit_id, a.subject, a.conversation,
  a.assigned_at as exposed_at, a.intent_id, a.attributes, a.id::text collate "C" as exposure_key,
  -- An assignment's id tells when it was made: its time is when the unit was exposed, which may have been reported later.
  to_timestamp(('x' || substr(a.id::text, 1, 8) || substr(a.id::text, 10, 4))::bit(48)::bigint / 1000.0) as received_at, a.tx
from public.assignments a
union all
select e.workspace_id, e.experiment_id, e.phase_id, e.variant_id, e.unit_id, e.subject, e.conversation,
  e.exposed_at, e.intent_id, e.attributes, (e.source || chr(31) || e.source_event_id) collate "C", e.received_at, e.tx
from public.exposures e;

comment on view private.unit_exposures is E'One row per exposure of a unit to an arm: those that decide drew, one a unit, and those that another system reported.\nA unit''s first exposure is the earliest by exposed_at, then by exposure_key.';
