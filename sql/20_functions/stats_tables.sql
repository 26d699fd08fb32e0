-- Counts in tables: do the rows have the same mix, is there one odds ratio in all strata.
create or replace function stats.contingency_chi2(counts double precision[]) returns table (
  statistic double precision, degrees_of_freedom integer, p_value double precision, reason_code text
)
language sql immutable parallel safe rows 1
set search_path = ''
as $$
  with cells as (
    select n, sum(n) over (partition by r) as of_row, sum(n) over (partition by c) as of_column, sum(n) over () as total, r, c
    from generate_subscripts(counts, 1) r
    cross join generate_subscripts(counts, 2) c
    cross join lateral (select case when counts[r][c] between 0 and 1e15 then counts[r][c] else 0 end as n) as cell
  ),
  test as (
    select sum((n * total / of_row / of_column - 1) ^ 2 * of_row * of_column / total) as statistic,
      ((count(distinct r) - 1) * (count(distinct c) - 1))::integer as df
    from cells where of_row > 0 and of_column > 0
  )
  select case when df > 0 then statistic end, case when df > 0 then df end,
    case when df > 0 then stats.chi2_sf(statistic, df) end, case when df > 0 then null else 'too_few_subjects' end
  from test
$$;

comment on function stats.contingency_chi2(double precision[]) is
E'One row: do the rows of a table of counts have the same mix of columns? Pearson''s (1900) chi-square without continuity correction; empty rows and columns are not there.';

create or replace function stats.mix_shift(strata text[], controls double precision[], variants double precision[])
returns table (stratum text, share_control double precision, share_variant double precision, shift double precision)
language sql immutable parallel safe rows 10
set search_path = ''
as $$
  select strata[i], u.n0 / c.total, u.n1 / v.total, u.n1 / v.total - u.n0 / c.total
  from generate_subscripts(strata, 1) i
  cross join lateral (select case when controls[i] between 0 and 1e15 then controls[i] end as n0,
    case when variants[i] between 0 and 1e15 then variants[i] end as n1) u
  cross join (select nullif(sum(n), 0) as total from unnest(controls) n where n between 0 and 1e15) c
  cross join (select nullif(sum(n), 0) as total from unnest(variants) n where n between 0 and 1e15) v
  order by i
$$;

comment on function stats.mix_shift(text[], double precision[], double precision[]) is
'One row per stratum: its share of each arm''s subjects, and by how much the share differs.';

create or replace function stats.are_counts(successes double precision[], n double precision[]) returns boolean
language sql immutable parallel safe
set search_path = ''
return coalesce((
  select bool_and(coalesce((k = 0 or k >= 1e-9) and k <= total and total < 1e15, false)) from unnest(successes, n) u (k, total)), false);

comment on function stats.are_counts(double precision[], double precision[]) is 'True when all are successes among so many: 0 or from 1e-9 to 1e15.';

create type stats.odds as (
  odds_ratio double precision, log_odds_std_error double precision, risk_ratio double precision
);

comment on type stats.odds is 'Odds and risk of the variant against control over all strata.';

create or replace function stats.mantel_haenszel(
  successes_control double precision[], n_control double precision[],
  successes_variant double precision[], n_variant double precision[]
) returns stats.odds
language sql immutable parallel safe
set search_path = ''
return (
  with tables as (
    select a, n1 - a as b, c, n0 - c as d, n1 + n0 as n
    from unnest(successes_control, n_control, successes_variant, n_variant) as u (c, n0, a, n1)
    where n1 + n0 > 0 and stats.are_counts(successes_control, n_control) and stats.are_counts(successes_variant, n_variant)
  ),
  sums as (
    select nullif(sum(a * d / n), 0) as ad, nullif(sum(b * c / n), 0) as bc,
      sum((a + d) * a * d / n ^ 2) as pr, sum((a + d) * b * c / n ^ 2 + (b + c) * a * d / n ^ 2) as ps,
      sum((b + c) * b * c / n ^ 2) as qs, sum(a * (c + d) / n) as risk_variant, sum(c * (a + b) / n) as risk_control
    from tables
  )
  select row (ad / bc, sqrt(pr / (2 * ad ^ 2) + ps / (2 * ad * bc) + qs / (2 * bc ^ 2)),
    risk_variant / nullif(risk_control, 0))::stats.odds
  from sums
);

comment on function stats.mantel_haenszel(double precision[], double precision[], double precision[], double precision[]) is
E'The common odds and risk ratio over strata of successes among subjects. Mantel and Haenszel (1959); error of the log odds ratio by Robins, Breslow and Greenland (1986).';

create or replace function stats.breslow_day(
  successes_control double precision[], n_control double precision[],
  successes_variant double precision[], n_variant double precision[], odds_ratio double precision
) returns table (statistic double precision, degrees_of_freedom integer)
language sql immutable parallel safe rows 1
set search_path = ''
as $$
  with tables as (
    select a, n1, a + c as m, n0 - c - a as rest, odds_ratio * (n1 + a + c) + (n0 - c - a) as half_b
    from unnest(successes_control, n_control, successes_variant, n_variant) as u (c, n0, a, n1)
    where n1 > 0 and n0 > 0 and a + c > 0 and a + c < n1 + n0 and odds_ratio between 1e-15 and 1e15
      and stats.are_counts(successes_control, n_control) and stats.are_counts(successes_variant, n_variant)
  ),
  -- The count that the common odds ratio expects, margins kept: the root of a quadratic, in the form that does not
  -- cancel and also holds at odds ratio 1.
  expected as (
    select t.*, 2 * odds_ratio * n1 * m / (half_b + sqrt(greatest(half_b ^ 2 - 4 * (odds_ratio - 1) * odds_ratio * n1 * m, 0))) as e
    from tables t
  )
  select sum((a - e) ^ 2 * (1 / e + 1 / (m - e) + 1 / (n1 - e) + 1 / (rest + e))), (count(*) - 1)::integer
  from expected where e > 0 and m - e > 0 and n1 - e > 0 and rest + e > 0
$$;

comment on function stats.breslow_day(
  double precision[], double precision[], double precision[], double precision[], double precision
) is 'One row: is the odds ratio the same in all strata? Breslow and Day (1980), without Tarone''s correction. Strata in which nothing could vary are not counted.';

create or replace function stats.cmh(
  successes_control double precision[], n_control double precision[],
  successes_variant double precision[], n_variant double precision[], alpha double precision default 0.05
) returns table (
  odds_ratio double precision, odds_ratio_low double precision, odds_ratio_high double precision,
  log_odds_std_error double precision, risk_ratio double precision,
  statistic double precision, p_value double precision,
  corrected_statistic double precision, corrected_p_value double precision,
  breslow_day_statistic double precision, breslow_day_degrees_of_freedom integer, breslow_day_p_value double precision,
  reason_code text
)
language sql immutable parallel safe rows 1
set search_path = ''
as $$
  with sums as (
    select sum(a - n1 * (a + c) / n) as gap, nullif(sum(n1 * n0 * (a + c) * (n - a - c) / (n ^ 2 * (n - 1))), 0) as v
    from (
      select c, n0, a, n1, n1 + n0 as n
      from unnest(successes_control, n_control, successes_variant, n_variant) as u (c, n0, a, n1)) as t
    where n > 1 and stats.are_counts(successes_control, n_control) and stats.are_counts(successes_variant, n_variant)
  ),
  tests as (select s.gap ^ 2 / s.v as plain, greatest(abs(s.gap) - 0.5, 0) ^ 2 / s.v as corrected from sums s)
  select o.odds_ratio, o.odds_ratio / exp(z.factor), o.odds_ratio * exp(z.factor),
    o.log_odds_std_error, o.risk_ratio, t.plain, stats.chi2_sf(t.plain, 1), t.corrected, stats.chi2_sf(t.corrected, 1),
    b.statistic, b.degrees_of_freedom, stats.chi2_sf(b.statistic, b.degrees_of_freedom),
    case when not (stats.are_counts(successes_control, n_control) and stats.are_counts(successes_variant, n_variant)) then 'bad_counts'
      when t.plain is null then 'zero_variance' when o.odds_ratio is null then 'zero_cell' end
  from tests t
  cross join stats.mantel_haenszel(successes_control, n_control, successes_variant, n_variant) o
  cross join lateral (select least(stats.normal_quantile(1 - alpha / 2) * o.log_odds_std_error, 500) as factor) z
  cross join lateral stats.breslow_day(successes_control, n_control, successes_variant, n_variant, o.odds_ratio) b
$$;

comment on function stats.cmh(double precision[], double precision[], double precision[], double precision[], double precision) is
E'One row: successes in two arms over strata. Cochran (1954), Mantel and Haenszel (1959), with and without continuity correction; common odds and risk ratio; Breslow and Day''s test that it is common.\nWithin half a unit of the expectation the corrected p is 1, as the exact conditional one is; R drops the correction there.\nCounts per stratum: successes and subjects of control, then of the variant. zero_cell: no odds ratio, because a side has no success or no failure at all.';
