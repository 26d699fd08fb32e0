-- From cells to effects, whatever the cells were made of: moments kept by the compactor, or raw rows. A cell is one arm
-- of one comparison in one phase. Phases are never pooled: they are put together by their number of units.
create type private.effect_cell as (
  metric_id uuid, variant_id uuid, dimension text, segment text, phase_id uuid, is_treated boolean,
  is_ratio boolean, keeps_absent boolean, counted stats.moments, everyone stats.moments
);

comment on type private.effect_cell is E'An arm of a comparison in a phase and segment.\ncounted: moments of the units that count; everyone: of all its units, with what was before their exposure.';

create type private.effect_pair as (
  metric_id uuid, variant_id uuid, dimension text, segment text,
  control stats.readout, variant stats.readout, adjusted_control stats.readout, adjusted_variant stats.readout
);

comment on type private.effect_pair is 'What the two arms of a comparison say, plain and adjusted for what was before the exposure; adjusted is null where there is no past that varies.';

create or replace function private.plain_readout(cell private.effect_cell) returns stats.readout
language plpgsql immutable
set search_path = ''
as $$
begin
  return case when (cell).is_ratio then stats.ratio_readout((cell).counted) else stats.mean_readout((cell).counted) end;
end
$$;

comment on function private.plain_readout(private.effect_cell) is 'What an arm says: a mean over units, or a ratio of two.';

create or replace function private.adjusted_readout(cell private.effect_cell, pool stats.moments) returns stats.readout
language plpgsql immutable
set search_path = ''
as $$
begin
  -- Where absence is excluded, the mean is a ratio too: of the values to how many there are.
  return case
    when (cell).is_ratio or not (cell).keeps_absent then stats.ratio_cuped_readout((cell).everyone, pool)
    else stats.cuped_readout((cell).everyone, pool, true)
  end;
end
$$;

comment on function private.adjusted_readout(private.effect_cell, stats.moments) is
'What an arm says less what its past explains; the pool is both arms of the phase.';

create or replace function private.stratified(parts stats.readout[], weights double precision[]) returns stats.readout
language plpgsql immutable
set search_path = ''
as $$
begin
  return case when cardinality(parts) = 1 then parts[1] else stats.combined(parts, weights) end;
end
$$;

comment on function private.stratified(stats.readout[], double precision[]) is 'Readouts of phases put together by weight.';

create or replace function private.pairs_of(cells private.effect_cell[]) returns setof private.effect_pair
language sql stable
set search_path = ''
as $$
  with phases as materialized (
    select c.metric_id, c.variant_id, c.dimension, c.segment, c.phase_id,
      (array_agg(c) filter (where not c.is_treated))[1] as c0, (array_agg(c) filter (where c.is_treated))[1] as c1
    from unnest(cells) c
    group by c.metric_id, c.variant_id, c.dimension, c.segment, c.phase_id
  ),
  -- Materialized: else each use of a readout computes it again.
  read as materialized (
    select p.*, private.plain_readout(p.c0) as r0, private.plain_readout(p.c1) as r1,
      case when ((p.c0).everyone).xx > 0 and ((p.c1).everyone).xx > 0
        then stats.merged(array[(p.c0).everyone, (p.c1).everyone]) end as pool
    from phases p
  ),
  adjusted as materialized (
    select r.*, (r.r0).variance + (r.r1).variance is not null as usable, coalesce((r.r0).n, 0) + coalesce((r.r1).n, 0) as w,
      case when (r.pool).n is not null then private.adjusted_readout(r.c0, r.pool) end as a0,
      case when (r.pool).n is not null then private.adjusted_readout(r.c1, r.pool) end as a1
    from read r
  )
  select a.metric_id, a.variant_id, a.dimension, a.segment,
    case when bool_or(a.usable) then private.stratified(array_agg(a.r0) filter (where a.usable), array_agg(a.w) filter (where a.usable))
      else row(sum((a.r0).n), sum((a.r0).n * (a.r0).value) / nullif(sum((a.r0).n), 0), null, null)::stats.readout end,
    case when bool_or(a.usable) then private.stratified(array_agg(a.r1) filter (where a.usable), array_agg(a.w) filter (where a.usable))
      else row(sum((a.r1).n), sum((a.r1).n * (a.r1).value) / nullif(sum((a.r1).n), 0), null, null)::stats.readout end,
    case when bool_and((a.a0).variance is not null) filter (where a.usable)
      then private.stratified(array_agg(a.a0) filter (where a.usable), array_agg(a.w) filter (where a.usable)) end,
    case when bool_and((a.a1).variance is not null) filter (where a.usable)
      then private.stratified(array_agg(a.a1) filter (where a.usable), array_agg(a.w) filter (where a.usable)) end
  from adjusted a
  group by a.metric_id, a.variant_id, a.dimension, a.segment
$$;

comment on function private.pairs_of(private.effect_cell[]) is
E'Each comparison''s two readouts, its phases put together by their number of units (post-stratified).\nA phase with fewer than two units in an arm has no variance there and is left out; where none has, the means alone are told.';

create type private.effect_numbers as (
  n_control bigint, n_variant bigint, mean_control double precision, mean_variant double precision,
  difference double precision, std_error double precision, degrees_of_freedom double precision,
  ci_low double precision, ci_high double precision, p_value double precision, log10_p double precision,
  sequential_low double precision, sequential_high double precision, sequential_p_value double precision,
  lift double precision, lift_low double precision, lift_high double precision,
  chance_to_win double precision, risk_ship double precision, risk_keep double precision,
  unadjusted_difference double precision, unadjusted_std_error double precision, unadjusted_ci_low double precision,
  unadjusted_ci_high double precision, unadjusted_p_value double precision, variance_reduction double precision,
  method text
);

comment on type private.effect_numbers is 'Everything that two readouts say of a comparison.';

create type private.effect_said as (numbers private.effect_numbers, reason_code text);

comment on type private.effect_said is 'A comparison in numbers, and why some of them are absent.';

create or replace function private.numbers_of(pair private.effect_pair, is_ratio boolean, higher_is_better boolean)
returns private.effect_said
language plpgsql immutable
set search_path = ''
as $$
declare
  raw constant stats.contrast := stats.contrast(pair.control, pair.variant);
  is_adjusted constant boolean := coalesce((pair.adjusted_control).variance + (pair.adjusted_variant).variance
    < (pair.control).variance + (pair.variant).variance, false);
  control constant stats.readout := case when is_adjusted then pair.adjusted_control else pair.control end;
  variant constant stats.readout := case when is_adjusted then pair.adjusted_variant else pair.variant end;
  shown constant stats.contrast := case when is_adjusted then stats.contrast(control, variant) else raw end;
  always stats.sequence;
  rel stats.relative;
  belief stats.posterior;
begin
  if shown.std_error > 0 then
    always := stats.confidence_sequence(shown.difference, shown.std_error, raw.n_control + raw.n_variant);
    belief := stats.bayes_normal(shown.difference, shown.std_error, higher_is_better => higher_is_better);
  end if;
  rel := stats.lift(control, variant);
  return row(row(
    coalesce(raw.n_control, 0)::bigint, coalesce(raw.n_variant, 0)::bigint, raw.mean_control, raw.mean_variant, shown.difference, shown.std_error,
    shown.degrees_of_freedom, shown.ci_low, shown.ci_high, shown.p_value, shown.log10_p,
    always.ci_low, always.ci_high, always.p_value, rel.lift, rel.ci_low, rel.ci_high,
    belief.chance_to_win, belief.risk_ship, belief.risk_keep,
    raw.difference, raw.std_error, raw.ci_low, raw.ci_high, raw.p_value,
    case when is_adjusted then stats.variance_reduction(raw, shown) end,
    case when is_adjusted then 'cuped_' else '' end || case when is_ratio then 'ratio_delta' else 'welch_t' end
    )::private.effect_numbers, raw.reason_code)::private.effect_said;
end
$$;

comment on function private.numbers_of(private.effect_pair, boolean, boolean) is
E'A comparison in numbers: adjusted for the past where that makes the standard error smaller, else plain.\nn and means are always the plain ones.';
