-- What the compactor counts, said once: which events are of which metric of which experiment, and of which unit.
create or replace view private.sightings with (security_invoker = true) as
select i.workspace_id, i.conversation, i.subject, i.started_at as seen_at, i.tx
from public.inferences i where i.conversation is not null
union all
select x.workspace_id, x.conversation, x.subject, x.exposed_at, x.tx
from private.unit_exposures x where x.conversation is not null;

comment on view private.sightings is 'One row per call or exposure that says whose a conversation is.';

create or replace view private.metric_slots with (security_invoker = true) as
select e.workspace_id, e.environment_id, e.id as experiment_id,
  case e.unit when 'conversation' then 'conversation' else 'subject' end as unit_kind,
  m.id as metric_id, m.kind = 'ratio' as is_ratio, part.slot, part.source,
  -- Calls carry no metric: whatever is made of them stands under the empty id.
  case part.source when 'outcomes' then part.event_metric_id else '00000000-0000-0000-0000-000000000000' end as event_metric_id,
  case when m.kind = 'ratio' then 'sum' else private.fold_of(m) end as fold,
  -- Seconds, not days: a window is as long in the night when clocks change.
  make_interval(secs => extract(epoch from m.attribution_window)::double precision) as attribution_window
from public.experiments e
join public.experiment_metrics em on em.experiment_id = e.id
join public.outcome_metrics m on m.id = em.metric_id
cross join lateral (
  select 'y' as slot, m.id as event_metric_id, m.source where m.kind <> 'ratio'
  union all
  select half.slot, n.id, n.source
  from (values ('y', m.numerator_metric_id), ('d', m.denominator_metric_id)) as half (slot, id)
  join public.outcome_metrics n on n.id = half.id
) as part;

comment on view private.metric_slots is 'One row per experiment × metric × slot: which events make its y, and the d of a ratio, how they fold and in which window.';

-- A variant that was rolled back is compared until then, and so must be its control, which goes on in other comparisons:
-- it is counted once more, under an id that says where it stops.
create or replace function private.cut_metric(metric_id uuid, phase_id uuid, variant_id uuid) returns uuid
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return left(encode(sha256(convert_to(metric_id::text || phase_id || variant_id, 'UTF8')), 'hex'), 32)::uuid;
end
$$;

comment on function private.cut_metric(uuid, uuid, uuid) is
'Under which id the control''s values of a metric are kept that count until a variant of a phase was rolled back.';

create or replace view private.counted_metrics with (security_invoker = true) as
select m.*, null::uuid as phase_id, null::uuid as arm_id, 'infinity'::timestamptz as counts_until
from private.metric_slots m
union all
select m.workspace_id, m.environment_id, m.experiment_id, m.unit_kind, private.cut_metric(m.metric_id, k.phase_id, k.variant_id),
  m.is_ratio, m.slot, m.source, m.event_metric_id, m.fold, m.attribution_window, k.phase_id, c.id, k.counts_until
from private.metric_slots m
join private.phase_cuts k on k.experiment_id = m.experiment_id
join public.variants c on c.experiment_id = m.experiment_id and c.is_control;

comment on view private.counted_metrics is E'One row per experiment × metric × slot that is counted for its units: of all of them, or of one arm of one phase until a moment.\nThe control of a variant that was rolled back is counted both ways, the second under the id of private.cut_metric.';

create or replace view private.unit_events with (security_invoker = true) as
select o.workspace_id, o.environment_id, 'subject' as unit_kind, o.subject as unit_id, 'outcomes' as source, o.metric_id,
  o.value, o.occurred_at as at, o.tx
from public.outcomes o where o.subject is not null
union all
select o.workspace_id, o.environment_id, 'conversation', o.conversation, 'outcomes', o.metric_id, o.value, o.occurred_at, o.tx
from public.outcomes o where o.conversation is not null
union all
select p.workspace_id, p.environment_id, 'subject', p.subject, 'outcomes', p.metric_id, p.value, p.occurred_at, p.tx
from private.outcome_places p where p.said_subject is null and p.subject is not null
union all
select p.workspace_id, p.environment_id, 'conversation', p.conversation, 'outcomes', p.metric_id, p.value, p.occurred_at, p.tx
from private.outcome_places p where p.said_conversation is null and p.conversation is not null;

comment on view private.unit_events is E'One row per outcome × unit that it is placed with: what a metric may count.';

create or replace function private.figures_of(call public.inferences)
returns table (source text, value double precision)
language sql immutable parallel safe rows 6
set search_path = ''
as $$
  values ('latency_ms', call.latency_ms), ('cost_usd', call.cost_usd), ('input_tokens', call.input_tokens),
    ('output_tokens', call.output_tokens), ('calls', 1), ('errors', (call.status = 'error')::integer)
$$;

comment on function private.figures_of(public.inferences) is 'What a call is worth to metrics that count calls.';

create or replace view private.call_events with (security_invoker = true) as
select i.workspace_id, i.environment_id, 'subject' as unit_kind, i.subject as unit_id, said.source,
  '00000000-0000-0000-0000-000000000000'::uuid as metric_id, said.value, i.started_at as at, i.tx
from public.inferences i cross join lateral private.figures_of(i) as said
where i.subject is not null and said.value is not null
union all
select i.workspace_id, i.environment_id, 'conversation' as unit_kind, i.conversation as unit_id, said.source,
  '00000000-0000-0000-0000-000000000000'::uuid as metric_id, said.value, i.started_at as at, i.tx
from public.inferences i cross join lateral private.figures_of(i) as said
where i.conversation is not null and said.value is not null;

comment on view private.call_events is 'One row per call × unit × figure of the call: what metrics whose source is not outcomes may count.';
