-- Before and after, with somebody to compare with.
create or replace function stats.difference_in_differences(
  control_before stats.readout, control_after stats.readout, variant_before stats.readout, variant_after stats.readout,
  alpha double precision default 0.05
) returns stats.estimate
language sql immutable parallel safe
set search_path = ''
return stats.estimate_of(
  stats.weighed(array[1, -1, -1, 1], array[control_before, control_after, variant_before, variant_after]), alpha, 'infinity');

comment on function stats.difference_in_differences(stats.readout, stats.readout, stats.readout, stats.readout, double precision) is
E'(variant after - before) - (control after - before), from four independent cells: regression with HC2 errors and the normal distribution.\nIt is the effect only if both would have moved alike without the change: look at pretrend.';

create or replace function stats.panel_difference_in_differences(
  before double precision[], after double precision[], is_treated boolean[], alpha double precision default 0.05
) returns stats.estimate
language sql immutable parallel safe
set search_path = ''
return (
  with changes as (
    select t, count(*) as n, avg(a - b) as mean, var_samp(a - b) as variance
    from unnest(before, after, is_treated) u (b, a, t) where abs(a) < 1e70 and abs(b) < 1e70 group by t
  )
  select stats.estimate_of(stats.weighed(array[-1, 1], array[
    (select stats.readout_of(n, mean, variance / n) from changes where not t),
    (select stats.readout_of(n, mean, variance / n) from changes where t)]), alpha)
);

comment on function stats.panel_difference_in_differences(double precision[], double precision[], boolean[], double precision) is
E'Difference in differences of units that were seen before and after: Welch''s interval of the units'' own changes. Units seen once are left out.';

create or replace function stats.pretrend(
  times double precision[], controls stats.readout[], variants stats.readout[]
) returns table (
  periods integer, slope double precision, std_error double precision, p_value double precision,
  q_statistic double precision, q_degrees_of_freedom integer, q_p_value double precision, reason_code text
)
language sql immutable parallel safe rows 1
set search_path = ''
as $$
  with gaps as (
    select t.at, g.value, 1 / g.variance as w
    from unnest(times) with ordinality t (at, i)
    join unnest(stats.differences(controls, variants)) with ordinality g (n, value, variance, spread, i) using (i)
    where g.variance > 0 and abs(t.at) < 1e70
  ),
  centre as (select sum(w * at) / sum(w) as at, sum(w * value) / sum(w) as value from gaps),
  fit as (
    select count(*)::integer as n, nullif(sum(w * (g.at - c.at) ^ 2), 0) as sxx,
      sum(w * (g.at - c.at) * g.value) as sxy, sum(w * (g.value - c.value) ^ 2) as q
    from gaps g cross join centre c
  )
  select n, sxy / sxx, sqrt(1 / sxx), stats.chi2_sf(sxy ^ 2 / sxx, 1), case when n > 1 then q end,
    case when n > 1 then n - 1 end, case when n > 1 then stats.chi2_sf(q, n - 1) end,
    case when n < 2 then 'too_few_periods' end
  from fit
$$;

comment on function stats.pretrend(double precision[], stats.readout[], stats.readout[]) is
E'One row: were the two moving alike before the change? The gap of each period before it, weighed by its precision: its slope per unit of time, and Cochran''s Q, whether all gaps are the same.\nA small p means that a difference in differences is not to be believed; a large one proves nothing.';
