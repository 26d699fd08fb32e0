-- What units are worth before and after a tick. Values that were only added to are added to; all others are computed anew.
-- No nested loops but where a look-up by index is written as one: without statistics a planner would think that a tick has
-- one event, and join thousands with thousands.
create type private.counted_event as (
  adds boolean, unit private.experiment_units, experiment_id uuid, unit_id text, metric_id uuid, slot text, fold text,
  is_ratio boolean, value double precision, sum numeric, span text
);

comment on type private.counted_event is 'An event that a metric of an experiment counts for a unit; adds when all earlier ones are counted already.';

create type private.value_tally as (
  adds boolean, unit private.experiment_units, experiment_id uuid, unit_id text, metric_id uuid, fold text, is_ratio boolean,
  used bigint, covariate bigint, before bigint, after bigint,
  y_sum numeric, y_top double precision, d_sum numeric, x_sum numeric, x_top double precision, w_sum numeric
);

comment on type private.value_tally is 'What events of a unit come to for a metric; to be added to what is kept, or all there is.';

create type private.value_step as (
  sign integer, gone boolean, workspace_id uuid, experiment_id uuid, metric_id uuid, unit_id text,
  outcomes_used bigint, outcomes_before bigint, outcomes_after bigint, x_count bigint,
  y_sum numeric, d_sum numeric, x_sum numeric, w_sum numeric,
  y double precision, d double precision, x double precision, w double precision,
  phase_id uuid, variant_id uuid, standing text, intent_id uuid, segments jsonb, entry_day date
);

comment on type private.value_step is 'A value that comes (1) or goes (-1), and where its unit stands; gone when no other takes its place.';

create or replace view private.call_sources with (security_invoker = true) as
select distinct m.workspace_id, m.source, k.unit_kind
from public.outcome_metrics m
cross join (values ('subject'), ('conversation')) as k (unit_kind)
where m.source <> 'outcomes' and (k.unit_kind = 'subject' or exists (
  select from public.experiments e where e.workspace_id = m.workspace_id and e.unit = 'conversation'));

comment on view private.call_sources is 'One row per workspace × figure of calls that a metric of it counts × kind of units that it may count it for.';

create or replace function private.fresh_events(from_tx bigint, to_tx bigint)
returns table (workspace_id uuid, environment_id uuid, unit_kind text, unit_id text, source text, metric_id uuid,
  value double precision, at timestamptz)
language plpgsql stable rows 10000
set search_path = ''
set enable_seqscan = off
set enable_nestloop = off
set plan_cache_mode = force_generic_plan
as $$
begin
  return query
  select e.workspace_id, e.environment_id, e.unit_kind, e.unit_id, e.source, e.metric_id, e.value, e.at
  from private.unit_events e where e.tx >= from_tx and e.tx < to_tx
  union all
  select c.* from (
    select i.workspace_id, i.environment_id, s.unit_kind,
      case s.unit_kind when 'conversation' then i.conversation else i.subject end as unit_id, s.source,
      '00000000-0000-0000-0000-000000000000'::uuid,
      case s.source when 'latency_ms' then i.latency_ms when 'cost_usd' then i.cost_usd
        when 'input_tokens' then i.input_tokens when 'output_tokens' then i.output_tokens
        when 'calls' then 1 when 'errors' then (i.status = 'error')::integer end::double precision as value, i.started_at
    from private.call_sources s
    join public.inferences i on i.workspace_id = s.workspace_id and i.tx >= from_tx and i.tx < to_tx) c
  where c.unit_id is not null and c.value is not null;
end
$$;

comment on function private.fresh_events(bigint, bigint) is
'The events of a range of transactions that some metric may count: outcomes, and the figures of calls that a metric asks for.';

create or replace function private.past_events(touched private.unit_change[], before bigint)
returns table (experiment_id uuid, unit_id text, environment_id uuid, unit_kind text, source text, metric_id uuid,
  value double precision, at timestamptz)
language plpgsql stable rows 10000
set search_path = ''
set enable_seqscan = off
set enable_nestloop = off
set plan_cache_mode = force_generic_plan
as $$
begin
  return query
  with units as materialized (
    select e.workspace_id, e.id as experiment_id, (t.now).unit_id,
      case e.unit when 'conversation' then 'conversation' else 'subject' end as unit_kind,
      exists (select from private.call_sources c where c.workspace_id = e.workspace_id) as counts_calls
    from unnest(touched) t join public.experiments e on e.id = (t.now).experiment_id
  )
  select u.experiment_id, u.unit_id, s.environment_id, s.unit_kind, s.source, s.metric_id, s.value, s.at
  from units u cross join lateral (
    select o.* from private.unit_events o where o.workspace_id = u.workspace_id and o.unit_kind = u.unit_kind
      and o.unit_id = u.unit_id and o.tx + 0 < before
    union all
    select i.* from private.call_events i where u.counts_calls and i.workspace_id = u.workspace_id
      and i.unit_kind = u.unit_kind and i.unit_id = u.unit_id and i.tx + 0 < before offset 0) s;
end
$$;

comment on function private.past_events(private.unit_change[], bigint) is
'All events of the touched units that transactions before a watermark wrote.';

create or replace function private.counted_events(from_tx bigint, to_tx bigint, touched private.unit_change[])
returns setof private.counted_event
language plpgsql stable rows 10000
set search_path = ''
set enable_seqscan = off
set enable_nestloop = off
set plan_cache_mode = force_generic_plan
set extra_float_digits = 1
as $$
begin
  return query
  with anew as materialized (
    select (t.now).experiment_id, (t.now).unit_id, (t.now).phase_id, (t.now).variant_id, (t.now).entered_at,
      (t.now).counts_until, t.now as unit
    from unnest(touched) t where (t.now).unit_id is not null
  ),
  fresh as materialized (select f.* from private.fresh_events(from_tx, to_tx) f),
  known as materialized (
    select k.* from (select distinct f.workspace_id, f.unit_id from fresh f) w
    cross join lateral (
      select u.*, u as unit from private.experiment_units u
      where u.workspace_id = w.workspace_id and u.unit_id = w.unit_id offset 0) k
    where not exists (select from anew a where a.experiment_id = k.experiment_id and a.unit_id = k.unit_id)
      and k.experiment_id not in (select p.experiment_id from private.passed_experiments p)
  ),
  events as (
    select true as adds, k.experiment_id, k.unit_id, k.phase_id, k.variant_id, k.entered_at, k.counts_until, k.unit,
      f.environment_id, f.unit_kind, f.source, f.metric_id, f.value, f.at
    from known k join fresh f on f.workspace_id = k.workspace_id and f.unit_id = k.unit_id
    union all
    select false, a.*, p.environment_id, p.unit_kind, p.source, p.metric_id, p.value, p.at
    from anew a join private.past_events(touched, to_tx) p on p.experiment_id = a.experiment_id and p.unit_id = a.unit_id
  ),
  counted as materialized (
    select c.* from private.counted_metrics c where c.experiment_id in (
      select k.experiment_id from known k union select a.experiment_id from anew a)
  )
  select e.adds, e.unit, e.experiment_id, e.unit_id, c.metric_id, c.slot, c.fold, c.is_ratio, e.value,
    case when e.value = trunc(e.value) and abs(e.value) < 1e15 then e.value::bigint::numeric else e.value::text::numeric end,
    case
      when e.at < e.entered_at - c.attribution_window then 'before'
      when e.at < e.entered_at then 'covariate'
      when e.at < e.entered_at + c.attribution_window and e.at < least(e.counts_until, c.counts_until) then 'used'
      else 'after' end
  from events e
  join counted c on c.experiment_id = e.experiment_id and c.environment_id = e.environment_id and c.unit_kind = e.unit_kind
    and c.source = e.source and c.event_metric_id = e.metric_id
    and e.phase_id = coalesce(c.phase_id, e.phase_id) and e.variant_id = coalesce(c.arm_id, e.variant_id);
end
$$;

comment on function private.counted_events(bigint, bigint, private.unit_change[]) is
'The events that a tick counts: new ones of units that stay as they are, and all of those that are computed anew.';

create or replace function private.value_tallies(from_tx bigint, to_tx bigint, touched private.unit_change[])
returns setof private.value_tally
language plpgsql stable rows 10000
set search_path = ''
as $$
begin
  return query
  select e.adds, any_value(e.unit), e.experiment_id, e.unit_id, e.metric_id, e.fold, e.is_ratio,
    count(*) filter (where e.span = 'used'), count(*) filter (where e.span = 'covariate'),
    count(*) filter (where e.span = 'before'), count(*) filter (where e.span = 'after'),
    coalesce(sum(e.sum) filter (where e.span = 'used' and e.slot = 'y'), 0),
    max(e.value) filter (where e.span = 'used' and e.slot = 'y'),
    coalesce(sum(e.sum) filter (where e.span = 'used' and e.slot = 'd'), 0),
    coalesce(sum(e.sum) filter (where e.span = 'covariate' and e.slot = 'y'), 0),
    max(e.value) filter (where e.span = 'covariate' and e.slot = 'y'),
    coalesce(sum(e.sum) filter (where e.span = 'covariate' and e.slot = 'd'), 0)
  from private.counted_events(from_tx, to_tx, touched) e
  group by e.adds, e.experiment_id, e.unit_id, e.metric_id, e.fold, e.is_ratio;
end
$$;

comment on function private.value_tallies(bigint, bigint, private.unit_change[]) is 'What the events that a tick counts come to.';

create or replace function private.value_steps(from_tx bigint, to_tx bigint, touched private.unit_change[])
returns setof private.value_step
language plpgsql stable rows 10000
set search_path = ''
set enable_seqscan = off
set enable_nestloop = off
set plan_cache_mode = force_generic_plan
as $$
begin
  return query
  with tallies as materialized (
    select n.unit, n.experiment_id, n.unit_id, n.metric_id, n.fold, n.is_ratio, k.is_kept, k.outcomes_used as k_used,
      k.outcomes_before as k_before, k.outcomes_after as k_after, k.y as k_y, k.d as k_d, k.x as k_x, k.w as k_w,
      n.used + coalesce(k.outcomes_used, 0) as used, n.covariate + coalesce(k.x_count, 0) as covariate,
      n.before + coalesce(k.outcomes_before - k.x_count, 0) as before, n.after + coalesce(k.outcomes_after, 0) as after,
      n.y_sum + coalesce(k.y_sum, 0) as y_sum, n.d_sum + coalesce(k.d_sum, 0) as d_sum,
      n.x_sum + coalesce(k.x_sum, 0) as x_sum, n.w_sum + coalesce(k.w_sum, 0) as w_sum,
      greatest(n.y_top, case when k.outcomes_used > 0 then k.y end) as y_top,
      greatest(n.x_top, case when k.x_count > 0 then k.x end) as x_top
    from private.value_tallies(from_tx, to_tx, touched) n
    left join lateral (
      select true as is_kept, v.* from private.unit_values v
      where n.adds and v.experiment_id = n.experiment_id and v.unit_id = n.unit_id and v.metric_id = n.metric_id offset 0) k
      on true
  ),
  placed as materialized (
    select t.*, (t.unit).workspace_id, (t.unit).phase_id, (t.unit).variant_id, (t.unit).standing, (t.unit).intent_id,
      (t.unit).segments, (t.unit).entry_day
    from tallies t
  )
  select 1, false, p.workspace_id, p.experiment_id, p.metric_id, p.unit_id, p.used, p.covariate + p.before, p.after,
    p.covariate, case when p.fold <> 'max' then p.y_sum end, case when p.is_ratio then p.d_sum end,
    case when p.fold <> 'max' then p.x_sum end, case when p.is_ratio then p.w_sum end,
    case when p.used = 0 then 0 when p.fold = 'max' then p.y_top
      -- Trimmed, so that a quotient does not remember how many decimals have come and gone.
      when p.fold = 'mean' then (trim_scale(p.y_sum) / p.used)::double precision else p.y_sum::double precision end,
    case when p.is_ratio then p.d_sum else least(p.used, 1) end::double precision,
    case when p.covariate = 0 then 0 when p.fold = 'max' then p.x_top
      when p.fold = 'mean' then (trim_scale(p.x_sum) / p.covariate)::double precision else p.x_sum::double precision end,
    case when p.is_ratio then p.w_sum else least(p.covariate, 1) end::double precision,
    p.phase_id, p.variant_id, p.standing, p.intent_id, p.segments, p.entry_day
  from placed p
  union all
  select -1, false, p.workspace_id, p.experiment_id, p.metric_id, p.unit_id, p.k_used, p.k_before, p.k_after, null,
    null, null, null, null, p.k_y, p.k_d, p.k_x, p.k_w,
    p.phase_id, p.variant_id, p.standing, p.intent_id, p.segments, p.entry_day
  from placed p where p.is_kept
  union all
  select -1, not exists (
      select from placed p where p.experiment_id = v.experiment_id and p.unit_id = v.unit_id and p.metric_id = v.metric_id),
    v.workspace_id, v.experiment_id, v.metric_id, v.unit_id, v.outcomes_used, v.outcomes_before, v.outcomes_after, null,
    null, null, null, null, v.y, v.d, v.x, v.w,
    (t.was).phase_id, (t.was).variant_id, (t.was).standing, (t.was).intent_id, (t.was).segments, (t.was).entry_day
  from unnest(touched) t cross join lateral (
    select k.* from private.unit_values k
    where k.experiment_id = (t.was).experiment_id and k.unit_id = (t.was).unit_id offset 0) v;
end
$$;

comment on function private.value_steps(bigint, bigint, private.unit_change[]) is
'The values that a tick changes, as they are from now on and as they were.';
