-- Effects from the moments that the compactor keeps: a page reads few rows, however many events they stand for. Planning
-- would take longer than reading: hence plpgsql, whose plans are kept, and generic ones, which no call makes anew.
create or replace function private.kept_moments(
  experiment_id uuid, dimensions text[], standings text[], from_day date, to_day date
) returns setof private.effect_moments
language plpgsql stable
set search_path = ''
as $$
begin
  -- The common case adds nothing up.
  if from_day is null and to_day is null and cardinality(standings) = 1 then
    return query select m.* from private.effect_moments m
    where m.experiment_id = kept_moments.experiment_id and m.dimension = any (dimensions) and m.entry_day = 'infinity'
      and m.standing = standings[1];
    return;
  end if;
  return query
  select m.workspace_id, m.experiment_id, m.metric_id, m.phase_id, m.variant_id, 'counted', m.dimension, m.segment, 'infinity'::date,
    sum(m.units_with_value)::bigint, sum(m.outcomes_used)::bigint, sum(m.outcomes_before)::bigint, sum(m.outcomes_after)::bigint,
    sum(m.y), sum(m.d), sum(m.x), sum(m.w), sum(m.yy), sum(m.yd), sum(m.yx), sum(m.yw), sum(m.dd), sum(m.dx), sum(m.dw),
    sum(m.xx), sum(m.xw), sum(m.ww)
  from private.effect_moments m
  where m.experiment_id = kept_moments.experiment_id and m.dimension = any (dimensions) and m.standing = any (standings)
    and case when from_day is null and to_day is null then m.entry_day = 'infinity'
      else m.entry_day < 'infinity' and m.entry_day >= coalesce(from_day, '-infinity') and m.entry_day <= coalesce(to_day, 'infinity') end
  group by m.workspace_id, m.experiment_id, m.metric_id, m.phase_id, m.variant_id, m.dimension, m.segment;
end
$$;

comment on function private.kept_moments(uuid, text[], text[], date, date) is
'An experiment''s moments, some standings put together: of all cohorts, or of those that entered from a day to a day.';

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
  with arms as materialized (select a.* from private.kept_arms(live_cells.experiment_id) a),
  metrics as (
    select m.id, m.kind = 'ratio' as is_ratio, m.when_absent = 'zero' as keeps_absent
    from public.experiment_metrics em
    join public.outcome_metrics m on m.id = em.metric_id
    where em.experiment_id = live_cells.experiment_id and m.kind <> 'quantile'
  ),
  units as (
    select u.phase_id, u.variant_id, u.dimension, u.segment, sum(u.units) as units
    from private.kept_units(live_cells.experiment_id, dimensions, from_day, to_day) u
    where u.standing = any (standings)
    group by 1, 2, 3, 4
  ),
  -- Once an arm, however many variants the control is compared with.
  read as materialized (
    select m.*, u.phase_id, u.variant_id, u.dimension, u.segment, a.cut_by,
      private.counted_moments(s, case when m.keeps_absent then u.units else coalesce(s.units_with_value, 0) end, m.is_ratio) as counted,
      case when u.dimension = 'all' and s.xx > 0 then private.whole_moments(s, u.units) end as everyone
    from units u
    join (select distinct a.phase_id, a.arm_id, a.cut_by from arms a) a on a.phase_id = u.phase_id and a.arm_id = u.variant_id
    cross join metrics m
    left join private.kept_moments(live_cells.experiment_id, dimensions, standings, from_day, to_day) s
      on s.metric_id = case when a.cut_by is null then m.id else private.cut_metric(m.id, u.phase_id, a.cut_by) end
      and s.phase_id = u.phase_id and s.variant_id = u.variant_id and s.dimension = u.dimension and s.segment = u.segment
  )
  select r.id, a.variant_id, r.dimension, r.segment, r.phase_id, a.is_treated, r.is_ratio, r.keeps_absent, r.counted, r.everyone
  from read r
  join arms a on a.phase_id = r.phase_id and a.arm_id = r.variant_id and a.cut_by is not distinct from r.cut_by;
end
$$;

comment on function private.live_cells(uuid, text[], date, date) is
'The cells of an experiment from its moments, for some dimensions, of all cohorts or of some. The past is told of all subjects together, not by segment.';

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

create or replace function private.said_of_cells(
  experiment_id uuid, cells private.effect_cell[], quantiles private.effect_pair[], by_segment boolean
) returns table (
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
    p.dimension, p.segment,
    case c.metric_kind when 'quantile' then private.quantile_numbers(p, c.metric_direction = 'increase')
      else private.numbers_of(p, c.metric_kind = 'ratio', c.metric_direction = 'increase') end,
    p.control, p.variant, f.correction, f.family, row_number() over (partition by f.correction, f.family)
  from private.comparisons c
  left join (select s.* from private.pairs_of(cells) s union all select q.* from unnest(quantiles) q) p
    on p.metric_id = c.metric_id and p.variant_id = c.variant_id
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

comment on function private.said_of_cells(uuid, private.effect_cell[], private.effect_pair[], boolean) is
'The numbers of each comparison, and with which others its p is corrected.';

create or replace function private.effects_of_cells(
  experiment_id uuid, cells private.effect_cell[], quantiles private.effect_pair[], by_segment boolean, srm_status text
) returns setof private.effect_row
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
begin
  return query
  with told as materialized (
    select s.*, ((s.said).numbers).sequential_p_value as p
    from private.said_of_cells(effects_of_cells.experiment_id, cells, quantiles, by_segment) s
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
        when (t.about).metric_kind = 'quantile' and quantiles is null then 'kind_not_supported'
        when (t.about).metric_kind = 'quantile' and (t.control).n is null and (t.variant).n is null
          then private.why_no_quantile(effects_of_cells.experiment_id, (t.about).metric_id)
        else coalesce((t.said).reason_code, case when srm_status = 'mismatch' then 'sample_ratio_mismatch' end)
      end as reason_code) q;
end
$$;

comment on function private.effects_of_cells(uuid, private.effect_cell[], private.effect_pair[], boolean, text) is
E'An experiment''s effects from its cells: one a comparison, or one a comparison and segment.\nThe p of the sequence is corrected: Holm (1979) over primary metric × arms, Benjamini and Hochberg (1995) over secondary ones, and over the segments of a dimension.';

create or replace function private.sees_experiment(experiment_id uuid) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
  return private.caller_is_server() or exists (
    select from public.experiments e
    where e.id = sees_experiment.experiment_id and e.workspace_id in (select private.my_workspaces())
      and (private.key_environments() is null or e.environment_id = any (private.key_environments())));
end
$$;

comment on function private.sees_experiment(uuid) is
'Whether the caller may read an experiment: asked once by definers, which policies do not bind.';

create or replace function private.effect_rows(experiment_id uuid, dimensions text[], from_day date, to_day date)
returns setof private.effect_row
language plpgsql stable security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
begin
  if private.sees_experiment(effect_rows.experiment_id) then
    return query select r.* from private.effects_of_cells(
      effect_rows.experiment_id,
      array(select c from private.live_cells(effect_rows.experiment_id, dimensions, from_day, to_day) c),
      -- Cohorts have none: a quantile of some days is not made of quantiles of each.
      case when from_day is null and to_day is null then array(
        select q from private.kept_quantiles(effect_rows.experiment_id, dimensions) q) end,
      dimensions <> array['all'], (private.split_of(effect_rows.experiment_id)).srm_status) r;
  end if;
end
$$;

comment on function private.effect_rows(uuid, text[], date, date) is
E'The effects of an experiment in some dimensions, of all cohorts or of those that entered from a day to a day.\nDefiner: asks once who calls instead of each policy of ten tables; and plans that are kept for one role are not thrown away when the next caller of a pooled connection has another.';
