-- A table of rows, taken to the same answer as an experiment of the platform: one number a unit, moments an arm, a
-- readout, a contrast. All formulas are schema stats'; what is here only counts and puts together.
create schema analysis;

create unlogged table analysis.readings (
  metric smallint not null, row_number bigint not null, unit text not null, variant text not null,
  segment text, cluster text, y double precision, d double precision, x double precision, w double precision
);

comment on table analysis.readings is 'One row per row of the file and metric: value or numerator y, denominator d, and the same from before, x and w.';

create unlogged table analysis.units (
  metric smallint not null, unit text not null, variant text not null, segment text not null,
  y double precision not null, d double precision not null, x double precision not null, w double precision not null
);

comment on table analysis.units is 'One row per unit in one arm that has a value.';

create unlogged table analysis.seen (unit text not null, variant text not null, is_switcher boolean not null, rows bigint not null);

comment on table analysis.seen is 'One row per unit: its arm, whether it was in another one, too, and its rows. All that is asked of the arms is asked here.';

create function analysis.look() returns void language sql as $$
  insert into analysis.seen
  select r.unit, min(r.variant), min(r.variant) <> max(r.variant), count(*) from analysis.readings r where r.metric = 1 group by r.unit
$$;

comment on function analysis.look() is 'Goes through the rows once, after they came.';

create function analysis.switchers() returns bigint language sql stable
return (select count(*) from analysis.seen s where s.is_switcher);

comment on function analysis.switchers() is 'Units that were seen in more than one arm.';

create function analysis.fold(metric smallint, fold text, is_ratio boolean, has_segments boolean) returns void language sql as $$
  insert into analysis.units
  select r.metric, r.unit, min(r.variant),
    -- That of the first row. No order by: it would sort all rows for a word each.
    coalesce(substr(min(case when has_segments then to_char(r.row_number, 'FM000000000000000') || coalesce(r.segment, '') end), 16), ''),
    case when is_ratio or fold = 'sum' then sum(r.y) when fold = 'max' then max(r.y) else avg(r.y) end,
    case when is_ratio then sum(r.d) else 1 end,
    coalesce(case when is_ratio then sum(r.x) else avg(r.x) end, 0),
    case when is_ratio then coalesce(sum(r.w), 0) when count(r.x) > 0 then 1 else 0 end
  from analysis.readings r
  where r.metric = fold.metric
  group by r.metric, r.unit
  having min(r.variant) = max(r.variant) and count(r.y) > 0 and (not is_ratio or count(r.d) > 0)
$$;

comment on function analysis.fold(smallint, text, boolean, boolean) is
'One number a unit: rows of a unit are averaged, added up, or the largest taken; a ratio adds up both its sides. Units in two arms are left out.';

create function analysis.moments(metric smallint, by_segment boolean)
returns table (variant text, segment text, m stats.moments) language sql stable as $$
  select u.variant, case when by_segment then u.segment end,
    row(count(*), avg(u.y), avg(u.d), avg(u.x), avg(u.w),
      regr_sxx(u.y, u.y), regr_sxy(u.y, u.d), regr_sxy(u.y, u.x), regr_sxy(u.y, u.w), regr_sxx(u.d, u.d),
      regr_sxy(u.d, u.x), regr_sxy(u.d, u.w), regr_sxx(u.x, u.x), regr_sxy(u.x, u.w), regr_sxx(u.w, u.w))::stats.moments
  from analysis.units u
  where u.metric = moments.metric
  group by 1, 2
$$;

comment on function analysis.moments(smallint, boolean) is 'Moments of the units of each arm, of all or of each segment.';

create function analysis.quantiles(metric smallint, by_segment boolean, quantile double precision)
returns table (variant text, segment text, r stats.readout) language sql stable as $$
  select x.variant, case when by_segment then x.segment end,
    stats.quantile_readout(array_agg(x.y), quantile, case when max(x.rows) > 1 then array_agg(x.cluster) end)
  from (
    select r.variant, coalesce(r.segment, '') as segment, r.y, coalesce(r.cluster, r.unit) as cluster,
      count(*) over (partition by coalesce(r.cluster, r.unit)) as rows
    from analysis.readings r
    where r.metric = quantiles.metric and r.y is not null
      and r.unit not in (select s.unit from analysis.seen s where s.is_switcher)
  ) as x
  group by 1, 2
$$;

comment on function analysis.quantiles(smallint, boolean, double precision) is
'A quantile of the rows of each arm; where units have several rows, they are its clusters.';

create function analysis.readouts(
  metric smallint, kind text, control text, by_segment boolean, quantile double precision
) returns table (
  variant text, segment text, plain0 stats.readout, plain1 stats.readout, adjusted0 stats.readout, adjusted1 stats.readout
) language sql stable as $$
  with arms as materialized (
    select a.variant, a.segment, a.m, case kind when 'ratio' then stats.ratio_readout(a.m) else stats.mean_readout(a.m) end as r
    from analysis.moments(metric, by_segment) a where kind <> 'quantile'
    union all
    select q.variant, q.segment, null, q.r from analysis.quantiles(metric, by_segment, quantile) q where kind = 'quantile'
  ),
  pairs as (
    select b.variant, b.segment, a.r as r0, b.r as r1, a.m as m0, b.m as m1,
      case when (a.m).xx > 0 and (b.m).xx > 0 then stats.merged(array[a.m, b.m]) end as pool
    from arms b
    left join arms a on a.variant = control and a.segment is not distinct from b.segment
    where b.variant <> control
  )
  select p.variant, p.segment, p.r0, p.r1,
    case when (p.pool).n is null then null when kind = 'ratio' then stats.ratio_cuped_readout(p.m0, p.pool)
      else stats.cuped_readout(p.m0, p.pool) end,
    case when (p.pool).n is null then null when kind = 'ratio' then stats.ratio_cuped_readout(p.m1, p.pool)
      else stats.cuped_readout(p.m1, p.pool) end
  from pairs p
$$;

comment on function analysis.readouts(smallint, text, text, boolean, double precision) is
'The two readouts of each variant against the control, plain and adjusted for the covariate.';

create function analysis.clustered(metric smallint, control text, variant text, alpha double precision)
returns stats.estimate language sql stable as $$
  select stats.clustered_slope(array_agg(r.y), array_agg((r.variant = clustered.variant)::integer::double precision),
    array_agg(r.cluster), alpha)
  from analysis.readings r
  where r.metric = clustered.metric and r.variant in (control, clustered.variant) and r.y is not null
    and r.unit in (select u.unit from analysis.units u where u.metric = clustered.metric)
$$;

comment on function analysis.clustered(smallint, text, text, double precision) is
'Variant minus control over rows that come in clusters.';

create function analysis.numbers(
  arms stats.compared, kind text, higher_is_better boolean, alpha double precision, planned double precision,
  cluster_estimate stats.estimate
) returns jsonb language sql immutable as $$
  select to_jsonb((f.e).numbers) || jsonb_build_object('lift_reason', (f.e).lift_reason, 'reason_code', (f.e).reason_code)
  from (select stats.effect_of(arms, case kind when 'ratio' then 'ratio_delta' when 'quantile' then 'quantile' else 'welch_t' end,
    higher_is_better, alpha, planned, cluster_estimate) as e) f
$$;

comment on function analysis.numbers(stats.compared, text, boolean, double precision, double precision, stats.estimate) is
'Everything that two readouts say, under the names of experiment_effects.';

create function analysis.effects(
  metric smallint, kind text, control text, by_segment boolean, has_clusters boolean, quantile double precision,
  higher_is_better boolean, alpha double precision, planned double precision
) returns table (variant text, segment text, numbers jsonb) language sql stable as $$
  select r.variant, r.segment, analysis.numbers(
    row(r.plain0, r.plain1, r.adjusted0, r.adjusted1)::stats.compared, kind, higher_is_better, alpha, planned,
    case when has_clusters and not by_segment and kind = 'mean' then analysis.clustered(metric, control, r.variant, alpha) end)
  from analysis.readouts(metric, kind, control, by_segment, quantile) r
  order by r.variant, r.segment
$$;

comment on function analysis.effects(
  smallint, text, text, boolean, boolean, double precision, boolean, double precision, double precision
) is 'The effect of each variant on one metric, over all units or in each segment.';

create function analysis.strata(metric smallint, kind text, control text, quantile double precision, alpha double precision)
returns table (variant text, pooled jsonb, simpson jsonb) language sql stable as $$
  select r.variant, to_jsonb(e), to_jsonb(s)
  from (
    select x.variant, array_agg(x.plain0 order by x.segment) as r0, array_agg(x.plain1 order by x.segment) as r1
    from analysis.readouts(metric, kind, control, true, quantile) x group by x.variant
  ) as r
  cross join lateral stats.stratified_effect(r.r0, r.r1, alpha) e
  cross join lateral stats.simpson(r.r0, r.r1) s
$$;

comment on function analysis.strata(smallint, text, text, double precision, double precision) is
'Per variant: the segments put together, whether they differ, and whether their mix misleads.';

create function analysis.arms() returns table (variant text, units bigint, rows bigint) language sql stable as $$
  select s.variant, count(*), sum(s.rows)::bigint from analysis.seen s where not s.is_switcher group by s.variant order by s.variant
$$;

comment on function analysis.arms() is 'The arms, with the units that are in one arm only.';
