-- Quantiles and rows in clusters. Both take the rows of one arm as arrays, which array_agg makes fastest.
create or replace function stats.quantile_of(sorted double precision[], p double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  place constant double precision := case when p between 0 and 1 then p * (cardinality(sorted) - 1) + 1 end;
  low constant integer := floor(place)::integer;
begin
  return stats.tame(sorted[low])
    + case when place > low then (place - low) * (stats.tame(sorted[low + 1]) - stats.tame(sorted[low])) else 0 end;
end
$$;

comment on function stats.quantile_of(double precision[], double precision) is
'The quantile of values that are sorted already, interpolated as percentile_cont does.';

create or replace function stats.quantile_fractions(q double precision, n double precision) returns double precision[]
language sql immutable strict parallel safe
set search_path = ''
return (
  select array[q, greatest(q - half, 0), least(q + half, 1)]
  from (
    select stats.normal_quantile(0.975) * sqrt(q * (1 - q) / n) as half
    where q between 1e-12 and 1 - 1e-12 and n between 1 and 1e15) h
);

comment on function stats.quantile_fractions(double precision, double precision) is
E'The three quantiles that a quantile''s readout is made of: itself, and where its 95 % interval by ranks begins and ends.\nFor percentile_cont over rows that stay in their table.';

create or replace function stats.quantile_readout_of(
  n double precision, quantiles double precision[], inflation double precision default 1
) returns stats.readout
language sql immutable parallel safe
set search_path = ''
return stats.readout_of(n, quantiles[1], case when n >= 1 and n < 1e15 and inflation between 0 and 1e15 then
  (n - 1) / nullif(n, 0) * ((quantiles[3] - quantiles[2]) / (2 * stats.normal_quantile(0.975))) ^ 2 * inflation end);

comment on function stats.quantile_readout_of(double precision, double precision[], double precision) is
E'A readout from the quantiles at quantile_fractions(q, n): the width of the interval by ranks, read back as a variance.\ninflation is by how much clusters make the share below the quantile more variable (cluster_inflation).';

create or replace function stats.cluster_inflation(
  values_of double precision[], clusters text[], quantile double precision, q double precision
) returns double precision
language sql immutable strict parallel safe
set search_path = ''
return (
  with members as (
    select count(*) filter (where v <= quantile)::double precision as below, count(*)::double precision as rows
    from unnest(values_of, clusters) u (v, c) where abs(v) < 1e70 group by c
  ),
  share as (
    select count(*) as g, sum(rows) as n, avg(rows) as size, sum(below) / sum(rows) as r,
      var_samp(below) as bb, covar_samp(below, rows) as br, var_samp(rows) as rr
    from members
  )
  select (bb - 2 * r * br + r ^ 2 * rr) / size ^ 2 / g / nullif(q * (1 - q) / n, 0) from share where g > 1 and q between 1e-12 and 1 - 1e-12
);

comment on function stats.cluster_inflation(double precision[], text[], double precision, double precision) is
'The variance of the share of rows at or below the quantile when rows come in clusters (ratio by the delta method over clusters), over what it would be if they came alone. Deng, Knoblich and Lu (2018).';

create or replace function stats.quantile_readout(values_of double precision[], q double precision, clusters text[] default null)
returns stats.readout
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  sorted constant double precision[] := (select array_agg(v order by v) from unnest(values_of) v where abs(v) < 1e70);
  n constant double precision := coalesce(cardinality(sorted), 0);
  places constant double precision[] := stats.quantile_fractions(q, n);
  quantiles double precision[];
begin
  quantiles := array[stats.quantile_of(sorted, places[1]), stats.quantile_of(sorted, places[2]),
    stats.quantile_of(sorted, places[3])];
  return stats.quantile_readout_of(n, quantiles,
    case when clusters is null then 1 else stats.cluster_inflation(values_of, clusters, quantiles[1], q) end);
end
$$;

comment on function stats.quantile_readout(double precision[], double precision, text[]) is
E'One arm''s quantile as a readout: the rows'' values and, when rows come in clusters (one subject, many calls), the cluster of each.\nIts standard error is the interval by ranks at q ± 1.96 sqrt(q (1 - q) / n), read back, times the clusters'' inflation. Two of them make a contrast.';

create or replace function stats.clustered_slope(
  values_of double precision[], regressor double precision[], clusters text[], alpha double precision default 0.05
) returns stats.estimate
language sql immutable parallel safe
set search_path = ''
return (
  with rows as (
    select v, x, c from unnest(values_of, regressor, clusters) u (v, x, c) where abs(v) < 1e70 and abs(x) < 1e70 and c is not null
  ),
  fit as (
    select count(*)::double precision as n, avg(v) as mean_v, avg(x) as mean_x, nullif(regr_sxx(v, x), 0) as sxx,
      regr_sxy(v, x) as sxy
    from rows
  ),
  scores as (
    select sum((r.x - f.mean_x) * (r.v - f.mean_v - f.sxy / f.sxx * (r.x - f.mean_x))) / max(f.sxx) as u
    from rows r cross join fit f group by r.c
  ),
  total as (select count(*)::double precision as g, sum(u ^ 2) as uu from scores)
  select stats.estimate_of(
    row (f.n, f.sxy / f.sxx, case when t.g > 1 and f.n > 2 then t.g / (t.g - 1) * (f.n - 1) / (f.n - 2) * t.uu end, null)::stats.readout,
    alpha, t.g - 1)
  from fit f cross join total t
);

comment on function stats.clustered_slope(double precision[], double precision[], text[], double precision) is
E'The slope of value on one regressor when rows come in clusters; with a regressor of 0 and 1 it is variant minus control.\nCR1 errors: G / (G - 1) × (N - 1) / (N - 2), Student''s t with G - 1 degrees of freedom. Liang and Zeger (1986).';
