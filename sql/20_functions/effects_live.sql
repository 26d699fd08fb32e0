-- Effects from the moments that the compactor keeps: a page reads few rows, however many events they stand for. Planning
-- would take longer than reading: hence plpgsql, whose plans are kept, and generic ones, which no call makes anew.
create or replace function private.kept_moments(
  experiment_id uuid, dimensions text[], standings text[], from_day date, to_day date, closing private.closing default null
) returns setof private.effect_moments
language plpgsql stable
set search_path = ''
as $$
begin
  -- The common case adds nothing up.
  if from_day is null and to_day is null and closing is null and cardinality(standings) = 1 then
    return query select m.* from private.effect_moments m
    where m.experiment_id = kept_moments.experiment_id and m.dimension = any (dimensions) and m.entry_day = 'infinity'
      and m.standing = standings[1];
    return;
  end if;
  return query
  select m.workspace_id, m.experiment_id, m.metric_id, m.phase_id, m.variant_id, 'counted', m.dimension, m.segment, 'infinity'::date,
    sum(m.units_with_value * k.sign)::bigint, sum(m.outcomes_used * k.sign)::bigint, sum(m.outcomes_before * k.sign)::bigint,
    sum(m.outcomes_after * k.sign)::bigint, sum(m.y * k.sign), sum(m.d * k.sign), sum(m.x * k.sign), sum(m.w * k.sign),
    sum(m.yy * k.sign), sum(m.yd * k.sign), sum(m.yx * k.sign), sum(m.yw * k.sign), sum(m.dd * k.sign), sum(m.dx * k.sign),
    sum(m.dw * k.sign), sum(m.xx * k.sign), sum(m.xw * k.sign), sum(m.ww * k.sign)
  from (
    select k.* from private.effect_moments k
    where k.experiment_id = kept_moments.experiment_id and k.dimension = any (dimensions)
      and case when from_day is null and to_day is null then k.entry_day = 'infinity' or k.entry_day > closing.closed
        else k.entry_day < 'infinity' and k.entry_day >= coalesce(from_day, '-infinity')
          and k.entry_day <= least(to_day, closing.closed, 'infinity') end
    union all
    select o.* from private.open_moments(kept_moments.experiment_id, closing.open_since) o where o.dimension = any (dimensions)) m
  cross join lateral (
    select case when from_day is null and to_day is null and m.entry_day < 'infinity' then -1 else 1 end as sign) k
  where m.standing = any (standings)
  group by m.workspace_id, m.experiment_id, m.metric_id, m.phase_id, m.variant_id, m.dimension, m.segment;
end
$$;

comment on function private.kept_moments(uuid, text[], text[], date, date, private.closing) is
E'An experiment''s moments, some standings put together: of all cohorts, or of those that entered from a day to a day.\nclosing leaves out those whose window is open: the totals less the days that are still open, or less the units.';

create or replace function private.counted_moments(sums private.effect_moments, units numeric, is_ratio boolean) returns stats.moments
language plpgsql immutable
set search_path = ''
as $$
begin
  if is_ratio then
    return stats.moments_of_sums(units, coalesce(sums.y, 0), coalesce(sums.d, 0), null, null, coalesce(sums.yy, 0), coalesce(sums.yd, 0),
      null, null, coalesce(sums.dd, 0), null, null, null, null, null);
  end if;
  return stats.moments_of_sums(units, coalesce(sums.y, 0), null, null, null, coalesce(sums.yy, 0), null, null, null, null, null, null,
    null, null, null);
end
$$;

comment on function private.counted_moments(private.effect_moments, numeric, boolean) is
'The moments of the units that count, as far as a metric''s readout asks for them; units without a row are zero.';

create or replace function private.whole_moments(sums private.effect_moments, units numeric) returns stats.moments
language plpgsql immutable
set search_path = ''
as $$
begin
  return stats.moments_of_sums(units, sums.y, sums.d, sums.x, sums.w, sums.yy, sums.yd, sums.yx, sums.yw, sums.dd, sums.dx, sums.dw,
    sums.xx, sums.xw, sums.ww);
end
$$;

comment on function private.whole_moments(private.effect_moments, numeric) is 'The moments of all units of an arm, with what was before their exposure.';

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

create or replace function private.live_cells(
  experiment_id uuid, dimensions text[], from_day date, to_day date, closed_only boolean default false
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
  with arms as materialized (select a.* from private.kept_arms(live_cells.experiment_id) a),
  metrics as (
    select m.id, m.kind = 'ratio' as is_ratio, m.when_absent = 'zero' as keeps_absent,
      case when closed_only then private.closing_of(em.experiment_id, m.attribution_window, from_day is not null or to_day is not null) end as closing
    from public.experiment_metrics em
    join public.outcome_metrics m on m.id = em.metric_id
    where em.experiment_id = live_cells.experiment_id and m.kind <> 'quantile'
  ),
  windows as (select distinct m.closing from metrics m),
  units as (
    select w.closing, u.phase_id, u.variant_id, u.dimension, u.segment, sum(u.units) as units
    from windows w
    cross join lateral private.kept_units(live_cells.experiment_id, dimensions, from_day, to_day, w.closing) u
    where u.standing = any (standings)
    group by 1, 2, 3, 4, 5
    having sum(u.units) > 0
  ),
  sums as (
    select w.closing, s as kept
    from windows w
    cross join lateral private.kept_moments(live_cells.experiment_id, dimensions, standings, from_day, to_day, w.closing) s
  ),
  -- Once an arm, however many variants the control is compared with.
  read as materialized (
    select m.*, u.phase_id, u.variant_id, u.dimension, u.segment, a.cut_by,
      private.counted_moments(s.kept, case when m.keeps_absent then u.units else coalesce((s.kept).units_with_value, 0) end, m.is_ratio) as counted,
      case when u.dimension = 'all' and (s.kept).xx > 0 then private.whole_moments(s.kept, u.units) end as everyone
    from units u
    join (select distinct a.phase_id, a.arm_id, a.cut_by from arms a) a on a.phase_id = u.phase_id and a.arm_id = u.variant_id
    join metrics m on m.closing is not distinct from u.closing
    left join sums s
      on s.closing is not distinct from m.closing and (s.kept).metric_id = case when a.cut_by is null then m.id else private.cut_metric(m.id, u.phase_id, a.cut_by) end
      and (s.kept).phase_id = u.phase_id and (s.kept).variant_id = u.variant_id and (s.kept).dimension = u.dimension
      and (s.kept).segment = u.segment
  )
  select r.id, a.variant_id, r.dimension, r.segment, r.phase_id, a.is_treated, r.is_ratio, r.keeps_absent, r.counted, r.everyone
  from read r
  join arms a on a.phase_id = r.phase_id and a.arm_id = r.variant_id and a.cut_by is not distinct from r.cut_by;
end
$$;

comment on function private.live_cells(uuid, text[], date, date, boolean) is
'The cells of an experiment from its moments, for some dimensions, of all cohorts or of some, or of those whose window is closed. The past is told of all subjects together, not by segment.';

create or replace function private.raw_cells(experiment_id uuid, as_of timestamptz, mature_only boolean, keeps_switchers boolean)
returns setof private.effect_cell
language sql stable
set search_path = ''
as $$
  select c.metric_id, c.variant_id, 'all', '', c.phase_id, c.is_treated = 1, m.is_ratio = 1, m.keeps_absent = 1,
    row(c.counted, c.counted_y, c.counted_d, null, null, c.counted_yy * k.n, c.counted_yd * k.n, null, null,
      c.counted_dd * k.n, null, null, null, null, null)::stats.moments,
    row(c.units, c.mean_y, c.mean_d, c.mean_x, c.mean_w, c.yy * u.n, c.yd * u.n, c.yx * u.n, c.yw * u.n, c.dd * u.n,
      c.dx * u.n, c.dw * u.n, c.xx * u.n, c.xw * u.n, c.ww * u.n)::stats.moments
  from private.core_cells(raw_cells.experiment_id, private.microseconds(coalesce(as_of, 'infinity')),
    raw_cells.mature_only::integer, raw_cells.keeps_switchers::integer) c
  join private.core_metrics m on m.experiment_id = raw_cells.experiment_id and m.metric_id = c.metric_id and m.slot = 'y'
  join public.outcome_metrics o on o.id = c.metric_id and o.kind <> 'quantile'
  cross join lateral (select (c.counted - 1)::double precision as n) k
  cross join lateral (select (c.units - 1)::double precision as n) u
$$;

comment on function private.raw_cells(uuid, timestamptz, boolean, boolean) is 'The cells of an experiment from its raw rows, as of a moment.';
