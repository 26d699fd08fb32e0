-- What units are worth before and after a tick. Values that were only added to are added to; all others are computed anew.
create type private.value_change as (
  was private.unit_values, now private.unit_values, was_in private.experiment_units, now_in private.experiment_units
);

comment on type private.value_change is 'A value before and after, and the unit then and now; null for none.';

create or replace function private.added(from_tx bigint, to_tx bigint, touched private.unit_change[])
returns setof private.value_change
language plpgsql stable
set search_path = ''
set enable_seqscan = off
set extra_float_digits = 1
as $$
begin
  return query
  with counted as materialized (select c.* from private.counted_metrics c),
  fresh as (
    select e.* from private.unit_events e where e.tx >= from_tx and e.tx < to_tx
    union all
    select i.* from private.call_events i
    where i.tx >= from_tx and i.tx < to_tx and (select bool_or(c.source <> 'outcomes') from counted c)
  ),
  found as materialized (
    select c.metric_id, c.slot, c.fold, c.is_ratio, e.value, s.u,
      case when e.value = trunc(e.value) and abs(e.value) < 1e15 then e.value::bigint::numeric else e.value::text::numeric end as sum,
      case
        when e.at < (s.u).entered_at - c.attribution_window then 'before'
        when e.at < (s.u).entered_at then 'covariate'
        when e.at < (s.u).entered_at + c.attribution_window and e.at < least((s.u).counts_until, c.counts_until) then 'used'
        else 'after' end as span
    from fresh e
    join counted c on c.workspace_id = e.workspace_id and c.environment_id = e.environment_id
      and c.unit_kind = e.unit_kind and c.source = e.source
      and c.event_metric_id = e.metric_id
    cross join lateral (
      select k from private.experiment_units k
      where k.experiment_id = c.experiment_id and k.unit_id = e.unit_id
        and k.phase_id = coalesce(c.phase_id, k.phase_id) and k.variant_id = coalesce(c.arm_id, k.variant_id) limit 1) s (u)
    where not exists (
      select from unnest(touched) t
      where (t.now).experiment_id = c.experiment_id and (t.now).unit_id = e.unit_id)
  ),
  tallies as (
    select any_value(e.u) as u, e.metric_id, e.is_ratio, e.fold,
      count(*) filter (where e.span = 'used') as used, count(*) filter (where e.span = 'covariate') as covariate,
      count(*) filter (where e.span = 'before') as before, count(*) filter (where e.span = 'after') as after,
      coalesce(sum(e.sum) filter (where e.span = 'used' and e.slot = 'y'), 0) as y_sum,
      max(e.value) filter (where e.span = 'used' and e.slot = 'y') as y_top,
      coalesce(sum(e.sum) filter (where e.span = 'used' and e.slot = 'd'), 0) as d_sum,
      coalesce(sum(e.sum) filter (where e.span = 'covariate' and e.slot = 'y'), 0) as x_sum,
      max(e.value) filter (where e.span = 'covariate' and e.slot = 'y') as x_top,
      coalesce(sum(e.sum) filter (where e.span = 'covariate' and e.slot = 'd'), 0) as w_sum
    from found e
    group by (e.u).experiment_id, (e.u).unit_id, e.metric_id, e.is_ratio, e.fold
  )
  select t.kept, ((t.u).workspace_id, (t.u).experiment_id, t.metric_id, (t.u).unit_id,
    t.used, t.covariate + t.before, t.after, t.covariate,
    case when t.fold <> 'max' then t.y_sum end, case when t.is_ratio then t.d_sum end,
    case when t.fold <> 'max' then t.x_sum end, case when t.is_ratio then t.w_sum end,
    case when t.used = 0 then 0 when t.fold = 'max' then t.y_top
      -- Trimmed, so that a quotient does not remember how many decimals have come and gone.
      when t.fold = 'mean' then (trim_scale(t.y_sum) / t.used)::double precision else t.y_sum::double precision end,
    case when t.is_ratio then t.d_sum else least(t.used, 1) end::double precision,
    case when t.covariate = 0 then 0 when t.fold = 'max' then t.x_top
      when t.fold = 'mean' then (trim_scale(t.x_sum) / t.covariate)::double precision else t.x_sum::double precision end,
    case when t.is_ratio then t.w_sum else least(t.covariate, 1) end::double precision)::private.unit_values, t.u, t.u
  from (
    select n.u, v.kept, n.metric_id, n.is_ratio, n.fold, n.used + coalesce((v.kept).outcomes_used, 0) as used,
      n.covariate + coalesce((v.kept).x_count, 0) as covariate,
      n.before + coalesce((v.kept).outcomes_before - (v.kept).x_count, 0) as before,
      n.after + coalesce((v.kept).outcomes_after, 0) as after,
      n.y_sum + coalesce((v.kept).y_sum, 0) as y_sum, n.d_sum + coalesce((v.kept).d_sum, 0) as d_sum,
      n.x_sum + coalesce((v.kept).x_sum, 0) as x_sum, n.w_sum + coalesce((v.kept).w_sum, 0) as w_sum,
      greatest(n.y_top, case when (v.kept).outcomes_used > 0 then (v.kept).y end) as y_top,
      greatest(n.x_top, case when (v.kept).x_count > 0 then (v.kept).x end) as x_top
    from tallies n
    left join lateral (
      select k as kept from private.unit_values k
      where k.experiment_id = (n.u).experiment_id and k.unit_id = (n.u).unit_id and k.metric_id = n.metric_id
      limit 1) v on true) t;
end
$$;

comment on function private.added(bigint, bigint, private.unit_change[]) is
'The values that the events of a range of transactions add to, but for units that are computed anew.';

create or replace function private.recomputed(touched private.unit_change[], before bigint)
returns setof private.unit_values
language plpgsql stable
set search_path = ''
set enable_seqscan = off
set extra_float_digits = 1
as $$
begin
  return query
  with counted as materialized (select c.* from private.counted_metrics c
    where c.experiment_id in (select (t.now).experiment_id from unnest(touched) t)),
  kinds as (select distinct c.experiment_id, c.workspace_id, c.environment_id, c.unit_kind from counted c),
  events as materialized (
    select t.now as u, e.* from unnest(touched) t
    join kinds k on k.experiment_id = (t.now).experiment_id
    cross join lateral (
      select s.* from private.unit_events s where s.workspace_id = k.workspace_id and s.unit_kind = k.unit_kind
        and s.unit_id = (t.now).unit_id and s.tx + 0 < before
      union all
      select s.* from private.call_events s where s.workspace_id = k.workspace_id and s.unit_kind = k.unit_kind
        and s.unit_id = (t.now).unit_id and s.tx + 0 < before
        and (select bool_or(c.source <> 'outcomes') from counted c) offset 0) e
    where e.environment_id = k.environment_id
  ),
  spans as (
    select e.u, c.metric_id, c.slot, c.fold, c.is_ratio, e.value,
      case when e.value = trunc(e.value) and abs(e.value) < 1e15 then e.value::bigint::numeric else e.value::text::numeric end as sum,
      case
        when e.at < (e.u).entered_at - c.attribution_window then 'before'
        when e.at < (e.u).entered_at then 'covariate'
        when e.at < (e.u).entered_at + c.attribution_window and e.at < least((e.u).counts_until, c.counts_until) then 'used'
        else 'after' end as span
    from events e
    join counted c on c.experiment_id = (e.u).experiment_id and c.source = e.source and c.event_metric_id = e.metric_id
      and (e.u).phase_id = coalesce(c.phase_id, (e.u).phase_id) and (e.u).variant_id = coalesce(c.arm_id, (e.u).variant_id)
  ),
  tallies as (
    select any_value(e.u) as u, e.metric_id, e.is_ratio, e.fold,
      count(*) filter (where e.span = 'used') as used, count(*) filter (where e.span = 'covariate') as covariate,
      count(*) filter (where e.span = 'before') as before, count(*) filter (where e.span = 'after') as after,
      coalesce(sum(e.sum) filter (where e.span = 'used' and e.slot = 'y'), 0) as y_sum,
      max(e.value) filter (where e.span = 'used' and e.slot = 'y') as y_top,
      coalesce(sum(e.sum) filter (where e.span = 'used' and e.slot = 'd'), 0) as d_sum,
      coalesce(sum(e.sum) filter (where e.span = 'covariate' and e.slot = 'y'), 0) as x_sum,
      max(e.value) filter (where e.span = 'covariate' and e.slot = 'y') as x_top,
      coalesce(sum(e.sum) filter (where e.span = 'covariate' and e.slot = 'd'), 0) as w_sum
    from spans e
    group by (e.u).experiment_id, (e.u).unit_id, e.metric_id, e.is_ratio, e.fold
  )
  select (t.u).workspace_id, (t.u).experiment_id, t.metric_id, (t.u).unit_id,
    t.used, t.covariate + t.before, t.after, t.covariate,
    case when t.fold <> 'max' then t.y_sum end, case when t.is_ratio then t.d_sum end,
    case when t.fold <> 'max' then t.x_sum end, case when t.is_ratio then t.w_sum end,
    case when t.used = 0 then 0 when t.fold = 'max' then t.y_top
      -- Trimmed, so that a quotient does not remember how many decimals have come and gone.
      when t.fold = 'mean' then (trim_scale(t.y_sum) / t.used)::double precision else t.y_sum::double precision end,
    case when t.is_ratio then t.d_sum else least(t.used, 1) end::double precision,
    case when t.covariate = 0 then 0 when t.fold = 'max' then t.x_top
      when t.fold = 'mean' then (trim_scale(t.x_sum) / t.covariate)::double precision else t.x_sum::double precision end,
    case when t.is_ratio then t.w_sum else least(t.covariate, 1) end::double precision
  from tallies t;
end
$$;

comment on function private.recomputed(private.unit_change[], bigint) is 'What some units are worth, from all of their events.';

create or replace function private.revalued(touched private.unit_change[], before bigint)
returns setof private.value_change
language plpgsql stable
set search_path = ''
set enable_seqscan = off
as $$
begin
  return query
  with units as materialized (
    select coalesce((t.now).experiment_id, (t.was).experiment_id) as experiment_id,
      coalesce((t.now).unit_id, (t.was).unit_id) as unit_id, t.was, t.now
    from unnest(touched) t
  ),
  kept as materialized (
    select v from units t cross join lateral (
      select k from private.unit_values k where k.experiment_id = t.experiment_id and k.unit_id = t.unit_id offset 0) s (v)
  ),
  made as materialized (select r from private.recomputed(touched, before) r)
  select o.was, o.now, t.was, t.now
  from (
    select k.v as was, m.r as now, coalesce((k.v).experiment_id, (m.r).experiment_id) as experiment_id,
      coalesce((k.v).unit_id, (m.r).unit_id) as unit_id
    from kept k
    full join made m on (m.r).experiment_id = (k.v).experiment_id and (m.r).unit_id = (k.v).unit_id
      and (m.r).metric_id = (k.v).metric_id) o
  join units t on t.experiment_id = o.experiment_id and t.unit_id = o.unit_id;
end
$$;

comment on function private.revalued(private.unit_change[], bigint) is 'The values of some units as they were kept and as they are.';
