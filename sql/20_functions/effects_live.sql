-- Effects from the moments that the compactor keeps: a page reads few rows, however many events they stand for. Planning
-- would take longer than reading: hence plpgsql, whose plans are kept, and generic ones, which no call makes anew.
create type private.kept_sums as (
  metric_id uuid, phase_id uuid, variant_id uuid, dimension text, segment text, units_with_value bigint,
  y numeric, d numeric, yy numeric, yd numeric, dd numeric,
  x numeric, w numeric, yx numeric, yw numeric, dx numeric, dw numeric, xx numeric, xw numeric, ww numeric
);

comment on type private.kept_sums is 'What an arm''s units come to, from x on with what was before their exposure: null by segment, where nobody asks for it.';

create or replace function private.total_moments(experiment_id uuid, dimensions text[], standing text)
returns setof private.kept_sums
language plpgsql stable
set search_path = ''
as $$
begin
  return query select m.metric_id, m.phase_id, m.variant_id, m.dimension, m.segment, m.units_with_value, m.y, m.d, m.yy, m.yd, m.dd,
    m.x, m.w, m.yx, m.yw, m.dx, m.dw, m.xx, m.xw, m.ww
  from private.effect_moments m
  where m.experiment_id = total_moments.experiment_id and m.dimension = any (dimensions) and m.entry_day = 'infinity'
    and m.standing = total_moments.standing;
end
$$;

comment on function private.total_moments(uuid, text[], text) is 'An experiment''s moments over all cohorts, of one standing: nothing is added up.';

create or replace function private.open_moments(experiment_id uuid, dimensions text[], standings text[], since timestamptz)
returns setof private.kept_sums
language plpgsql stable
set search_path = ''
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
begin
  if since is not null then
    return query
    select c.metric_id, c.phase_id, c.variant_id, s.dimension, s.segment, c.units_with_value, c.y, c.d, c.yy, c.yd, c.dd,
      c.x, c.w, c.yx, c.yw, c.dx, c.dw, c.xx, c.xw, c.ww
    from private.cells_of_values(open_moments.experiment_id, array(
      select u.unit_id from private.open_units(open_moments.experiment_id, since) u), dimensions <> array['all']) c
    cross join lateral private.dimensions_of(c.intent_id, c.segments) s
    where s.dimension = any (dimensions) and c.standing = any (standings);
  end if;
end
$$;

comment on function private.open_moments(uuid, text[], text[], timestamptz) is
'The moments of the units that entered after a moment, of each dimension in as many rows as there are sorts of units; nothing without a moment.';

create or replace function private.cohort_moments(
  experiment_id uuid, dimensions text[], standings text[], from_day date, to_day date, since timestamptz default null
) returns setof private.kept_sums
language plpgsql stable
set search_path = ''
as $$
begin
  return query
  select m.metric_id, m.phase_id, m.variant_id, m.dimension, m.segment, sum(m.units_with_value)::bigint, sum(m.y), sum(m.d),
    sum(m.yy), sum(m.yd), sum(m.dd), sum(m.x) filter (where m.is_all), sum(m.w) filter (where m.is_all),
    sum(m.yx) filter (where m.is_all), sum(m.yw) filter (where m.is_all), sum(m.dx) filter (where m.is_all),
    sum(m.dw) filter (where m.is_all), sum(m.xx) filter (where m.is_all), sum(m.xw) filter (where m.is_all),
    sum(m.ww) filter (where m.is_all)
  from (
    select k.metric_id, k.phase_id, k.variant_id, k.dimension, k.segment, k.units_with_value, k.y, k.d, k.yy, k.yd, k.dd,
      k.x, k.w, k.yx, k.yw, k.dx, k.dw, k.xx, k.xw, k.ww, k.dimension = 'all' as is_all
    from private.effect_moments k
    where k.experiment_id = cohort_moments.experiment_id and k.dimension = any (dimensions) and k.standing = any (standings)
      and k.entry_day >= from_day and k.entry_day <= to_day and k.entry_day < 'infinity'
    union all
    select t.*, t.dimension = 'all'
    from unnest(standings) as s (standing)
    cross join lateral private.total_moments(cohort_moments.experiment_id, dimensions, s.standing) t where from_day = 'infinity'
    union all
    select o.*, o.dimension = 'all'
    from private.open_moments(cohort_moments.experiment_id, dimensions, standings, since) o) m
  group by m.metric_id, m.phase_id, m.variant_id, m.dimension, m.segment;
end
$$;

comment on function private.cohort_moments(uuid, text[], text[], date, date, timestamptz) is
E'An experiment''s moments, some standings put together: of those that entered from a day to a day (infinity: the totals), or after a moment.';

create or replace function private.kept_moments(
  experiment_id uuid, dimensions text[], standings text[], from_day date, to_day date, closing private.closing default null
) returns setof private.kept_sums
language plpgsql stable
set search_path = ''
set enable_mergejoin = off
as $$
begin
  if from_day is not null or to_day is not null then
    return query select c.* from private.cohort_moments(experiment_id, dimensions, standings,
      coalesce(from_day, '-infinity'), least(to_day, closing.closed, 'infinity')) c;
  elsif closing is null and cardinality(standings) = 1 then
    return query select t.* from private.total_moments(experiment_id, dimensions, standings[1]) t;
  else
    return query
    select t.metric_id, t.phase_id, t.variant_id, t.dimension, t.segment, t.units_with_value - coalesce(o.units_with_value, 0),
      t.y - coalesce(o.y, 0), t.d - coalesce(o.d, 0), t.yy - coalesce(o.yy, 0), t.yd - coalesce(o.yd, 0), t.dd - coalesce(o.dd, 0),
      t.x - coalesce(o.x, 0), t.w - coalesce(o.w, 0), t.yx - coalesce(o.yx, 0), t.yw - coalesce(o.yw, 0), t.dx - coalesce(o.dx, 0),
      t.dw - coalesce(o.dw, 0), t.xx - coalesce(o.xx, 0), t.xw - coalesce(o.xw, 0), t.ww - coalesce(o.ww, 0)
    from (
      select a.* from private.total_moments(experiment_id, dimensions, standings[1]) a where cardinality(standings) = 1
      union all
      select b.* from private.cohort_moments(experiment_id, dimensions, standings, 'infinity', 'infinity') b
      where cardinality(standings) > 1) t
    left join private.cohort_moments(experiment_id, dimensions, standings, closing.closed + 1, 'infinity', closing.open_since) o
      on o.metric_id = t.metric_id and o.phase_id = t.phase_id and o.variant_id = t.variant_id and o.dimension = t.dimension
      and o.segment = t.segment;
  end if;
end
$$;

comment on function private.kept_moments(uuid, text[], text[], date, date, private.closing) is
E'An experiment''s moments, some standings put together: of all cohorts, or of those that entered from a day to a day.\nclosing leaves out those whose window is open: the totals less the days that are still open, or less the units.';

create or replace function private.kept_arms(experiment_id uuid) returns table (
  phase_id uuid, variant_id uuid, arm_id uuid, is_treated boolean, cut_by uuid
)
language plpgsql stable rows 4
set search_path = ''
as $$
begin
  return query
  select a.phase_id, a.variant_id, a.arm_id, a.is_treated, case when not a.is_treated and k.phase_id is not null then a.variant_id end
  from private.comparison_arms a
  -- As it is counted: a rollback that no tick has seen yet has not happened yet.
  left join (
    select cut.phase_id, cut.variant_id from private.counted_experiments c
    cross join lateral unnest(c.cut_phases, c.cut_variants) as cut (phase_id, variant_id)
    where c.experiment_id = kept_arms.experiment_id) k on k.phase_id = a.phase_id and k.variant_id = a.variant_id
  where a.experiment_id = kept_arms.experiment_id;
end
$$;

comment on function private.kept_arms(uuid) is
E'The two arms of each comparison and phase of an experiment.\ncut_by: the variant was rolled back, and this control is to be read as it was counted until then.';

create or replace function private.counted_spans(experiment_id uuid, kinds boolean[], by_days boolean) returns table (
  metric_id uuid, is_ratio boolean, keeps_absent boolean, is_closed boolean, span interval, closing private.closing
)
language plpgsql stable rows 5
set search_path = ''
as $$
begin
  return query
  with metrics as (
    select m.id, m.kind = 'ratio' as is_ratio, m.when_absent = 'zero' as keeps_absent, k.is_closed,
      case when k.is_closed then m.attribution_window end as span
    from public.experiment_metrics em
    join public.outcome_metrics m on m.id = em.metric_id
    cross join unnest(kinds) as k (is_closed)
    where em.experiment_id = counted_spans.experiment_id and m.kind <> 'quantile'
  ),
  spans as materialized (
    select m.span, case when m.span is not null then private.closing_of(counted_spans.experiment_id, m.span, by_days) end as closing
    from metrics m group by m.span
  )
  select m.id, m.is_ratio, m.keeps_absent, m.is_closed, m.span, s.closing
  from metrics m join spans s on s.span is not distinct from m.span;
end
$$;

comment on function private.counted_spans(uuid, boolean[], boolean) is
'The metrics of an experiment that are added up: of all units (kinds has false), and of those whose window is closed (true), which is asked once a length of window.';

create or replace function private.counted_units(
  experiment_id uuid, dimensions text[], standings text[], from_day date, to_day date, closing private.closing
) returns table (phase_id uuid, variant_id uuid, dimension text, segment text, units numeric)
language plpgsql stable rows 50
set search_path = ''
as $$
begin
  return query
  select u.phase_id, u.variant_id, u.dimension, u.segment, sum(u.units)
  from private.kept_units(counted_units.experiment_id, dimensions, from_day, to_day, closing) u
  where u.standing = any (standings)
  group by u.phase_id, u.variant_id, u.dimension, u.segment
  having sum(u.units) > 0;
end
$$;

comment on function private.counted_units(uuid, text[], text[], date, date, private.closing) is
'How many units of some standings an arm has by segment, where it has any.';

create or replace function private.live_cells(
  experiment_id uuid, dimensions text[], from_day date, to_day date, kinds boolean[] default '{false}'
) returns setof private.effect_cell
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  standings constant text[] := (select case e.switchers when 'first_arm' then array['counted', 'switcher'] else array['counted'] end
    from public.experiments e where e.id = live_cells.experiment_id);
begin
  return query
  with metrics as materialized (
    select m.* from private.counted_spans(live_cells.experiment_id, kinds, from_day is not null or to_day is not null) m),
  spans as (select distinct on (m.span) m.span, m.closing from metrics m),
  units as materialized (
    select w.span, u.* from spans w
    cross join lateral private.counted_units(live_cells.experiment_id, dimensions, standings, from_day, to_day, w.closing) u),
  sums as materialized (
    select w.span, s.* from spans w
    cross join lateral private.kept_moments(live_cells.experiment_id, dimensions, standings, from_day, to_day, w.closing) s)
  select m.metric_id, a.variant_id, u.dimension, u.segment, m.is_closed, u.phase_id, a.is_treated, m.is_ratio, m.keeps_absent, case
      when m.is_ratio then stats.ratio_readout(stats.moments_of_sums(n.n, coalesce(s.y, 0), coalesce(s.d, 0), null, null,
        coalesce(s.yy, 0), coalesce(s.yd, 0), null, null, coalesce(s.dd, 0), null, null, null, null, null))
      else stats.mean_of_sums(n.n, coalesce(s.y, 0), coalesce(s.yy, 0)) end,
    case when u.dimension = 'all' and s.xx > 0 then stats.moments_of_sums(
      u.units, s.y, s.d, s.x, s.w, s.yy, s.yd, s.yx, s.yw, s.dd, s.dx, s.dw, s.xx, s.xw, s.ww) end
  from units u
  join private.kept_arms(live_cells.experiment_id) a on a.phase_id = u.phase_id and a.arm_id = u.variant_id
  join metrics m on m.span is not distinct from u.span
  left join sums s on s.span is not distinct from m.span
    and s.metric_id = case when a.cut_by is null then m.metric_id else private.cut_metric(m.metric_id, u.phase_id, a.cut_by) end
    and s.phase_id = u.phase_id and s.variant_id = u.variant_id and s.dimension = u.dimension and s.segment = u.segment
  -- Units without a row are zero.
  cross join lateral (select case when m.keeps_absent then u.units else coalesce(s.units_with_value, 0) end as n) n;
end
$$;

comment on function private.live_cells(uuid, text[], date, date, boolean[]) is
E'The cells of an experiment from its moments, for some dimensions, of all cohorts or of some. The past is told of all subjects together, not by segment.\nkinds: of all units (has false), of those whose window is closed (has true).';

create or replace function private.raw_cells(experiment_id uuid, as_of timestamptz, mature_only boolean, keeps_switchers boolean)
returns setof private.effect_cell
language sql stable
set search_path = ''
as $$
  select c.metric_id, c.variant_id, 'all', '', false, c.phase_id, c.is_treated = 1, m.is_ratio = 1, m.keeps_absent = 1,
    case when m.is_ratio = 1 then stats.ratio_readout(k.counted) else stats.mean_readout(k.counted) end,
    row(c.units, c.mean_y, c.mean_d, c.mean_x, c.mean_w, c.yy * u.n, c.yd * u.n, c.yx * u.n, c.yw * u.n, c.dd * u.n,
      c.dx * u.n, c.dw * u.n, c.xx * u.n, c.xw * u.n, c.ww * u.n)::stats.moments
  from private.core_cells(raw_cells.experiment_id, private.microseconds(coalesce(as_of, 'infinity')),
    raw_cells.mature_only::integer, raw_cells.keeps_switchers::integer) c
  join private.core_metrics m on m.experiment_id = raw_cells.experiment_id and m.metric_id = c.metric_id and m.slot = 'y'
  join public.outcome_metrics o on o.id = c.metric_id and o.kind <> 'quantile'
  cross join lateral (select row(c.counted, c.counted_y, c.counted_d, null, null, c.counted_yy * (c.counted - 1), c.counted_yd * (c.counted - 1),
    null, null, c.counted_dd * (c.counted - 1), null, null, null, null, null)::stats.moments as counted) k
  cross join lateral (select (c.units - 1)::double precision as n) u
$$;

comment on function private.raw_cells(uuid, timestamptz, boolean, boolean) is 'The cells of an experiment from its raw rows, as of a moment.';
