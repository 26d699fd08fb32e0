-- What a metric was for the units that were seen lately: by what it varies, before an experiment begins.
create or replace function private.metric_events(experiment public.experiments, metric_id uuid, since timestamptz)
returns table (unit_id text, value double precision, occurred_at timestamptz)
language plpgsql stable
set search_path = ''
as $$
declare
  kind constant text := case experiment.unit when 'conversation' then 'conversation' else 'subject' end;
  told constant text := (select m.source from public.outcome_metrics m where m.id = metric_events.metric_id);
begin
  if told = 'outcomes' then
    return query
    select o.unit_id, o.value, o.occurred_at from private.unit_outcomes o
    where o.workspace_id = experiment.workspace_id and o.environment_id = experiment.environment_id
      and o.metric_id = metric_events.metric_id and o.unit_kind = kind and o.occurred_at >= since;
    return;
  end if;
  return query
  select case kind when 'conversation' then i.conversation else i.subject end, x.value, i.started_at
  from public.inferences i
  cross join lateral (select case told when 'latency_ms' then i.latency_ms when 'cost_usd' then i.cost_usd
    when 'input_tokens' then i.input_tokens when 'output_tokens' then i.output_tokens when 'calls' then 1
    else (i.status = 'error')::integer end::double precision as value) x
  where i.workspace_id = experiment.workspace_id and i.environment_id = experiment.environment_id
    and i.received_at >= since and i.started_at >= since and x.value is not null;
end
$$;

comment on function private.metric_events(public.experiments, uuid, timestamptz) is
'What happened to the experiment''s kind of unit since a moment: the outcomes of a metric, or what its calls were worth.';

create or replace function private.baseline_units(experiment public.experiments, metric public.outcome_metrics, since timestamptz)
returns table (y double precision, d double precision)
language plpgsql stable
set search_path = ''
set enable_nestloop = off
as $$
declare
  how constant text := case when metric.kind = 'ratio' then 'sum' else private.fold_of(metric) end;
begin
  return query
  with valued as (
    select u.unit_id, e.side,
      case how when 'max' then max(e.value) when 'sum' then sum(e.value) else avg(e.value) end as value
    from private.recent_units(experiment, since) u
    left join (
      select 'y' as side, n.* from private.metric_events(experiment, coalesce(metric.numerator_metric_id, metric.id), since) n
      union all
      select 'd', n.* from private.metric_events(experiment, metric.denominator_metric_id, since) n
      where metric.denominator_metric_id is not null
    ) e on e.unit_id = u.unit_id and e.occurred_at >= u.first_at and e.occurred_at < u.first_at + metric.attribution_window
    group by u.unit_id, e.side
  )
  select max(v.value) filter (where v.side = 'y'), max(v.value) filter (where v.side = 'd')
  from valued v
  group by v.unit_id;
end
$$;

comment on function private.baseline_units(public.experiments, public.outcome_metrics, timestamptz) is
'What a metric was for the recent units, one row a unit, as it will be in the experiment: y, and d of a ratio; null where there was nothing.';

create or replace function private.baseline(experiment public.experiments, metric public.outcome_metrics, since timestamptz)
returns table (n bigint, mean double precision, variance double precision)
language plpgsql stable
set search_path = ''
as $$
declare
  readout stats.readout;
begin
  if metric.kind = 'ratio' then
    readout := (select stats.ratio_readout(row(count(*), avg(coalesce(b.y, 0)), avg(coalesce(b.d, 0)), null, null,
      regr_sxx(coalesce(b.y, 0), coalesce(b.y, 0)), regr_sxy(coalesce(b.y, 0), coalesce(b.d, 0)), null, null,
      regr_sxx(coalesce(b.d, 0), coalesce(b.d, 0)), null, null, null, null, null)::stats.moments)
      from private.baseline_units(experiment, metric, since) b where metric.when_absent = 'zero' or b.y is not null or b.d is not null);
  elsif metric.kind = 'quantile' then
    readout := (select stats.quantile_readout(array_agg(b.y), metric.quantile)
      from private.baseline_units(experiment, metric, since) b where b.y is not null);
  else
    readout := (select stats.readout_of(count(*), avg(v.value), var_samp(v.value) / nullif(count(*), 0))
      from (select coalesce(b.y, case metric.when_absent when 'zero' then 0 end) as value
        from private.baseline_units(experiment, metric, since) b) v where v.value is not null);
  end if;
  return query select coalesce(readout.n, 0)::bigint, readout.value, readout.variance * readout.n;
end
$$;

comment on function private.baseline(public.experiments, public.outcome_metrics, timestamptz) is
'A metric''s mean, ratio or quantile over the recent units, and how much one unit varies: n times the squared standard error.';
