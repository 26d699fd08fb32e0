-- Effects from the moments that the compactor keeps: a page reads few rows, however many events they stand for. Planning
-- would take longer than reading: hence plpgsql, whose plans are kept, and generic ones, which no call makes anew.
create or replace function private.kept_moments(experiment_id uuid, dimensions text[], from_day date, to_day date)
returns setof private.effect_moments
language plpgsql stable
set search_path = ''
as $$
begin
  if from_day is null and to_day is null then
    return query select m.* from private.effect_moments m
    where m.experiment_id = kept_moments.experiment_id and m.dimension = any (dimensions) and m.entry_day = 'infinity';
  else
    return query select m.* from private.effect_moments m
    where m.experiment_id = kept_moments.experiment_id and m.dimension = any (dimensions) and m.entry_day < 'infinity'
      and m.entry_day >= coalesce(from_day, '-infinity') and m.entry_day <= coalesce(to_day, 'infinity');
  end if;
end
$$;

comment on function private.kept_moments(uuid, text[], date, date) is
'An experiment''s moments: of all cohorts, or of those that entered from a day to a day.';

create or replace function private.kept_units(experiment_id uuid, dimensions text[], from_day date, to_day date)
returns setof private.unit_cells
language plpgsql stable
set search_path = ''
as $$
begin
  if from_day is null and to_day is null then
    return query select c.* from private.unit_cells c
    where c.experiment_id = kept_units.experiment_id and c.dimension = any (dimensions) and c.entry_day = 'infinity';
  else
    return query select c.* from private.unit_cells c
    where c.experiment_id = kept_units.experiment_id and c.dimension = any (dimensions) and c.entry_day < 'infinity'
      and c.entry_day >= coalesce(from_day, '-infinity') and c.entry_day <= coalesce(to_day, 'infinity');
  end if;
end
$$;

comment on function private.kept_units(uuid, text[], date, date) is 'How many units an experiment has, as kept_moments.';

create or replace function private.live_cells(experiment_id uuid, dimensions text[], from_day date, to_day date)
returns setof private.effect_cell
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  standings constant text[] := (select case e.switchers when 'first_arm' then array['counted', 'switcher'] else array['counted'] end
    from public.experiments e where e.id = live_cells.experiment_id);
begin
  return query
  with units as (
    select u.phase_id, u.variant_id, u.dimension, u.segment, sum(u.units) as units
    from private.kept_units(live_cells.experiment_id, dimensions, from_day, to_day) u
    where u.standing = any (standings)
    group by 1, 2, 3, 4
  ),
  sums as (
    select m.metric_id, m.phase_id, m.variant_id, m.dimension, m.segment, sum(m.units_with_value) as valued,
      sum(m.y) as y, sum(m.d) as d, sum(m.x) as x, sum(m.w) as w, sum(m.yy) as yy, sum(m.yd) as yd, sum(m.yx) as yx,
      sum(m.yw) as yw, sum(m.dd) as dd, sum(m.dx) as dx, sum(m.dw) as dw, sum(m.xx) as xx, sum(m.xw) as xw, sum(m.ww) as ww
    from private.kept_moments(live_cells.experiment_id, dimensions, from_day, to_day) m
    where m.standing = any (standings)
    group by 1, 2, 3, 4, 5
  ),
  cells as (
    select em.metric_id, u.phase_id, u.variant_id, u.dimension, u.segment, m.kind = 'ratio' as is_ratio,
      m.when_absent = 'zero' as keeps_absent, u.units,
      case m.when_absent when 'zero' then u.units else coalesce(s.valued, 0) end as counted, u.dimension = 'all' and s.xx > 0 as has_past,
      coalesce(s.y, 0) as y, coalesce(s.d, 0) as d, s.x, s.w, coalesce(s.yy, 0) as yy, coalesce(s.yd, 0) as yd, s.yx, s.yw,
      coalesce(s.dd, 0) as dd, s.dx, s.dw, s.xx, s.xw, s.ww
    from units u
    cross join public.experiment_metrics em
    join public.outcome_metrics m on m.id = em.metric_id
    left join sums s on s.metric_id = em.metric_id and s.phase_id = u.phase_id and s.variant_id = u.variant_id
      and s.dimension = u.dimension and s.segment = u.segment
    where em.experiment_id = live_cells.experiment_id and m.kind <> 'quantile'
  ),
  -- Once an arm, however many variants the control is compared with.
  moments as materialized (
    select c.*, stats.moments_of_sums(c.counted, c.y, c.d, null, null, c.yy, c.yd, null, null, c.dd, null, null, null, null, null) as k,
      case when c.has_past then stats.moments_of_sums(
        c.units, c.y, c.d, c.x, c.w, c.yy, c.yd, c.yx, c.yw, c.dd, c.dx, c.dw, c.xx, c.xw, c.ww) end as e
    from cells c
  )
  select m.metric_id, a.variant_id, m.dimension, m.segment, m.phase_id, a.is_treated, m.is_ratio, m.keeps_absent, m.k, m.e
  from moments m
  join private.comparison_arms a on a.phase_id = m.phase_id and a.arm_id = m.variant_id
  where a.experiment_id = live_cells.experiment_id and not a.is_cut;
end
$$;

comment on function private.live_cells(uuid, text[], date, date) is
E'The cells of an experiment from its moments, for some dimensions, of all cohorts or of some. The past is told of all subjects together, not by segment.\nWithout those of a variant that was rolled back: its control must stop counting with it, which moments do not tell.';

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

create or replace function private.cut_cells(experiment_id uuid) returns setof private.effect_cell
language plpgsql stable security definer
set search_path = ''
as $$
begin
  -- Who cannot see the experiment gets nothing; who can may read its outcomes.
  if not (private.caller_is_server() or exists (
    select from public.experiments e where e.id = cut_cells.experiment_id and e.workspace_id in (select private.my_workspaces())
      and (private.key_environments() is null or e.environment_id = any (private.key_environments()))
  )) or not exists (
    select from private.comparison_arms a where a.experiment_id = cut_cells.experiment_id and a.is_cut
  ) then
    return;
  end if;
  return query
  select c.* from private.raw_cells(cut_cells.experiment_id, null, false, (
    select e.switchers = 'first_arm' from public.experiments e where e.id = cut_cells.experiment_id)) c
  where (c.phase_id, c.variant_id) in (
    select a.phase_id, a.variant_id from private.comparison_arms a where a.experiment_id = cut_cells.experiment_id and a.is_cut);
end
$$;

comment on function private.cut_cells(uuid) is
E'The cells of variants that were rolled back, from raw: nothing that happened after the rollback counts, for either arm.\nDefiner: the core is closed to the API''s roles; it asks who calls itself.';

create type private.effect_about as (
  metric_id uuid, metric_key text, metric_name text, metric_kind text, metric_unit text, metric_direction text,
  metric_role text, variant_id uuid, variant_key text, variant_name text, control_variant_id uuid
);

comment on type private.effect_about is 'What is compared with what.';

create type private.effect_row as (
  about private.effect_about, dimension text, segment text, numbers stats.effect_numbers,
  adjusted_p_value double precision, correction text, verdict text, reason_code text,
  control stats.readout, variant stats.readout
);

comment on type private.effect_row is 'One effect: what it is about, its numbers, what is left of its p after the others were counted too, its verdict.';

create or replace function private.said_of_cells(experiment_id uuid, cells private.effect_cell[], by_segment boolean)
returns table (
  about private.effect_about, dimension text, segment text, said stats.effect, control stats.readout,
  variant stats.readout, correction text, family text, place bigint
)
language plpgsql stable
set search_path = ''
as $$
begin
  return query
  select (c.metric_id, c.metric_key, c.metric_name, c.metric_kind, c.metric_unit, c.metric_direction, c.metric_role,
      c.variant_id, c.variant_key, c.variant_name, c.control_variant_id)::private.effect_about,
    p.dimension, p.segment, private.numbers_of(p, c.metric_kind = 'ratio', c.metric_direction = 'increase'),
    p.control, p.variant, f.correction, f.family, row_number() over (partition by f.correction, f.family)
  from private.comparisons c
  left join private.pairs_of(cells) p on p.metric_id = c.metric_id and p.variant_id = c.variant_id
  cross join lateral (
    select case
        when by_segment or c.metric_role = 'secondary' then 'benjamini_hochberg'
        when c.metric_role = 'primary' then 'holm'
        else 'none'
      end as correction,
      case when by_segment then c.metric_id || p.dimension else '' end as family) f
  where c.experiment_id = said_of_cells.experiment_id and (p.metric_id is not null or not by_segment);
end
$$;

comment on function private.said_of_cells(uuid, private.effect_cell[], boolean) is
'The numbers of each comparison, and with which others its p is corrected.';

create or replace function private.effects_of_cells(
  experiment_id uuid, cells private.effect_cell[], by_segment boolean, srm_status text
) returns setof private.effect_row
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
begin
  return query
  with told as materialized (
    select s.*, ((s.said).numbers).sequential_p_value as p
    from private.said_of_cells(effects_of_cells.experiment_id, cells, by_segment) s
  ),
  families as (
    select t.correction, t.family, case t.correction
        when 'holm' then stats.holm(array_agg(t.p order by t.place))
        when 'benjamini_hochberg' then stats.benjamini_hochberg(array_agg(t.p order by t.place))
        else array_agg(t.p order by t.place)
      end as adjusted
    from told t
    group by t.correction, t.family
  )
  select t.about, t.dimension, t.segment, (t.said).numbers, q.p, t.correction,
    stats.verdict(((t.said).numbers).difference, q.p, (t.about).metric_direction = 'increase', 0.05, q.reason_code), q.reason_code,
    t.control, t.variant
  from told t
  join families f on f.correction = t.correction and f.family = t.family
  cross join lateral (
    select f.adjusted[t.place] as p, case
        when (t.about).metric_kind = 'quantile' then 'kind_not_supported'
        else coalesce((t.said).reason_code, case when srm_status = 'mismatch' then 'sample_ratio_mismatch' end)
      end as reason_code) q;
end
$$;

comment on function private.effects_of_cells(uuid, private.effect_cell[], boolean, text) is
E'An experiment''s effects from its cells: one a comparison, or one a comparison and segment.\nThe p of the sequence is corrected: Holm (1979) over primary metric × arms, Benjamini and Hochberg (1995) over secondary ones, and over the segments of a dimension.';

create or replace function private.effect_rows(experiment_id uuid, dimensions text[], from_day date, to_day date)
returns setof private.effect_row
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  by_segment constant boolean := dimensions <> array['all'];
  cells private.effect_cell[] := array(
    select c from private.live_cells(effect_rows.experiment_id, dimensions, from_day, to_day) c);
begin
  if not by_segment and from_day is null and to_day is null then
    cells := cells || array(select c from private.cut_cells(effect_rows.experiment_id) c);
  end if;
  return query select r.* from private.effects_of_cells(
    effect_rows.experiment_id, cells, by_segment, (private.split_of(effect_rows.experiment_id)).srm_status) r;
end
$$;

comment on function private.effect_rows(uuid, text[], date, date) is
'The effects of an experiment in some dimensions, of all cohorts or of those that entered from a day to a day.';
