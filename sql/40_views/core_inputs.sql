-- What the core of effects_as_of reads: five relations of plain columns, as an export of the raw tables has them too.
-- Instants are whole microseconds since 1970: exact, and the same arithmetic in every engine. Flags are 0 and 1.
create or replace function private.microseconds(at timestamptz) returns bigint
language sql immutable
set search_path = ''
return case when isfinite(at) then (extract(epoch from at) * 1000000)::bigint
  when at > '2000-01-01Z' then 7258118400000000 else -62135596800000000 end;

comment on function private.microseconds(timestamptz) is 'Microseconds since 1970; infinity is the year 2200.';

-- In line: a function costs twenty times as much, and a double tells microseconds apart in these two centuries.
create or replace view private.core_exposures with (security_invoker = true) as
select v.experiment_id, v.unit_id, v.phase_id, v.variant_id,
  case when v.exposed_at > '1900-01-01Z' and v.exposed_at < '2100-01-01Z' then round(date_part('epoch', v.exposed_at) * 1000000)::bigint
      else private.microseconds(v.exposed_at) end as exposed_us,
  v.exposure_key, v.is_bot, v.is_entry
from (
  select x.experiment_id, x.unit_id, x.phase_id, x.variant_id, x.exposed_at, x.exposure_key,
    (x.attributes -> 'bot' is not distinct from 'true'::jsonb)::integer as is_bot, 1 as is_entry
  from private.unit_exposures x
  union all
  select e.id, case e.unit when 'conversation' then i.conversation else i.subject end, null, i.variant_id, i.started_at, '', 0, 0
  from public.experiments e
  join public.inferences i on i.workspace_id = e.workspace_id and i.experiment_id = e.id
  where i.variant_id is not null) as v;

comment on view private.core_exposures is E'One row per time that a unit was seen in an arm: by an exposure, which can be its first (is_entry), or by a call that names the arm.';

create or replace view private.core_events with (security_invoker = true) as
select v.environment_id, v.unit_kind, v.unit_id, v.event_kind, v.value,
  case when v.occurred_at > '1900-01-01Z' and v.occurred_at < '2100-01-01Z' then round(date_part('epoch', v.occurred_at) * 1000000)::bigint
      else private.microseconds(v.occurred_at) end as occurred_us,
  round(date_part('epoch', v.received_at) * 1000000)::bigint as received_us
from (
  -- What the source said needs no look for evidence.
  select o.environment_id, 'subject' as unit_kind, o.subject as unit_id, o.metric_id::text as event_kind, o.value, o.occurred_at, o.received_at
  from public.outcomes o where o.subject is not null
  union all
  select p.environment_id, 'subject', coalesce(p.subject, ''), p.metric_id::text, p.value, p.occurred_at, p.received_at
  from private.placed_outcomes p where p.said_subject is null
  union all
  select o.environment_id, 'conversation', coalesce(o.conversation, ''), o.metric_id::text, o.value, o.occurred_at, o.received_at
  from public.outcomes o
  where (o.conversation is not null or o.inference_id is null and o.key_type is null)
    and exists (select from public.experiments e where e.unit = 'conversation')
  union all
  select p.environment_id, 'conversation', coalesce(p.conversation, ''), p.metric_id::text, p.value, p.occurred_at, p.received_at
  from private.placed_outcomes p
  where p.said_conversation is null and p.names_evidence and exists (select from public.experiments e where e.unit = 'conversation')
  union all
  select i.environment_id, unit.kind, coalesce(unit.id, ''), event.kind, event.value, i.started_at, i.received_at
  from public.inferences i
  cross join lateral (values ('subject', i.subject), ('conversation', i.conversation)) as unit (kind, id)
  cross join lateral (values
    ('latency_ms', i.latency_ms), ('cost_usd', i.cost_usd), ('input_tokens', i.input_tokens), ('output_tokens', i.output_tokens),
    ('calls', 1), ('errors', (i.status = 'error')::integer)) as event (kind, value)
  where event.value is not null and exists (select from public.outcome_metrics m where m.source <> 'outcomes')
    and (unit.kind = 'subject' or exists (select from public.experiments e where e.unit = 'conversation'))) as v
-- Else each use of an instant would compute it again.
offset 0;

comment on view private.core_events is E'One row per event × kind of unit: an outcome, or what an inference was worth.\nevent_kind is the metric, or the source of the value. unit_id is empty while nobody knows whose it is. Calls are there when a metric counts them, conversations when they are an experiment''s units.';

create or replace view private.core_metrics with (security_invoker = true) as
select e.id as experiment_id, e.environment_id,
  case e.unit when 'conversation' then 'conversation' else 'subject' end as unit_kind,
  m.id as metric_id, part.slot, case part.source when 'outcomes' then part.metric_id::text else part.source end as event_kind,
  (m.kind = 'ratio')::integer as is_ratio,
  f.fold,
  (m.when_absent = 'zero')::integer as keeps_absent,
  (extract(epoch from m.attribution_window) * 1000000)::bigint as window_us
from public.experiments e
join public.experiment_metrics em on em.experiment_id = e.id
join public.outcome_metrics m on m.id = em.metric_id
left join public.outcome_metrics y on y.id = m.numerator_metric_id
left join public.outcome_metrics d on d.id = m.denominator_metric_id
cross join lateral (values
  ('y', coalesce(y.id, m.id), coalesce(y.source, m.source)), ('d', d.id, d.source)) as part (slot, metric_id, source)
-- Asked once a metric, not for each unit that the row is joined with.
cross join lateral (select case when m.kind = 'ratio' then 'sum' else private.fold_of(m) end as fold offset 0) as f
where part.metric_id is not null;

comment on view private.core_metrics is E'One row per experiment × metric × slot: which events make its y, and the d of a ratio, how they fold, in which window.\nkeeps_absent: a unit without any counts as zero.';

create or replace view private.core_arms with (security_invoker = true) as
select arm.experiment_id, arm.phase_id, arm.variant_id, v.is_control::integer as is_control,
  -- Of a constant it is asked once, not for each unit that the row is joined with.
  case when cut.counts_until is null then private.microseconds('infinity') else private.microseconds(cut.counts_until) end as counts_until_us
from public.experiment_phase_arms arm
join public.variants v on v.id = arm.variant_id
left join private.phase_cuts cut on cut.phase_id = arm.phase_id and cut.variant_id = arm.variant_id;

comment on view private.core_arms is 'One row per experiment × phase × arm: whether it is the control, and until when it counts.';
