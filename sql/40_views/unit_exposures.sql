create or replace view private.unit_exposures with (security_invoker = true) as
select a.workspace_id, a.experiment_id, a.phase_id, a.variant_id, a.unit_id, a.assigned_at as exposed_at, a.intent_id,
  a.attributes, a.id::text as exposure_key, a.assigned_at as received_at, a.tx
from public.assignments a;

comment on view private.unit_exposures is 'One row per exposure of a unit to an arm, whoever drew it.';
