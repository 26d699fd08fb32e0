-- Forecasts with parameters that are given, not fitted: one pass, no surprises. Bands come from the errors of the
-- forecasts one step ahead.
create or replace function stats.seasonal_naive(
  series double precision[], season integer, horizon integer default 1, alpha double precision default 0.05
) returns table (
  place integer, value double precision, forecast double precision, low double precision, high double precision, rmse double precision
)
language sql immutable parallel safe rows 100
set search_path = ''
as $$
  with size as (select y, cardinality(y) as n from stats.usable(series) y where season between 1 and cardinality(y)),
  points as (
    select i, y[i] as value, y[case when i <= n then i - season else n - season + 1 + (i - n - 1) % season end] as forecast,
      case when i <= n then 1 else 1 + (i - n - 1) / season end as cycles
    from size cross join lateral generate_series(1, n + least(greatest(horizon, 0), 10000)) i
  ),
  errors as (select sqrt(avg((p.value - p.forecast) ^ 2)) as rmse from points p)
  select p.i, p.value, p.forecast, p.forecast - z * e.rmse * sqrt(p.cycles), p.forecast + z * e.rmse * sqrt(p.cycles), e.rmse
  from points p cross join errors e cross join stats.normal_quantile(1 - alpha / 2) z
  order by p.i
$$;

comment on function stats.seasonal_naive(double precision[], integer, integer, double precision) is
E'One row per point and per step of the horizon: the value of the same place in the last cycle. The band widens with the square root of the cycles ahead. rmse is that of the forecasts of known points.\nNo rows when the series is shorter than a season.';

create or replace function stats.smoothing_path(
  series double precision[], smoothing double precision, trend_smoothing double precision,
  first_level double precision default null, first_trend double precision default 0
) returns table (place integer, forecast double precision, level double precision, trend double precision)
language plpgsql immutable parallel safe rows 100
set search_path = ''
as $$
declare
  before double precision;
begin
  series := stats.usable(series);
  level := coalesce(stats.tame(first_level), series[1]);
  trend := stats.tame(first_trend);
  if not (smoothing between 0 and 1 and coalesce(trend_smoothing between 0 and 1, true)) then
    return;
  end if;
  for i in 1..coalesce(cardinality(series), 0) loop
    place := i;
    forecast := level + trend;
    before := level;
    -- An absent value is what was forecast.
    level := coalesce(smoothing * series[i] + (1 - smoothing) * forecast, forecast, series[i]);
    trend := coalesce(trend_smoothing * (level - before) + (1 - trend_smoothing) * trend, 0);
    return next;
  end loop;
end
$$;

comment on function stats.smoothing_path(double precision[], double precision, double precision, double precision, double precision) is
'One row per point: what was forecast for it, and level and trend after it. Level begins at the first value, trend at 0, unless they are given. No rows when a smoothing is not within 0 and 1.';

create or replace function stats.exponential_smoothing(
  series double precision[], smoothing double precision default 0.3, trend_smoothing double precision default null,
  horizon integer default 1, alpha double precision default 0.05,
  first_level double precision default null, first_trend double precision default 0
) returns table (
  place integer, value double precision, forecast double precision, low double precision, high double precision, rmse double precision
)
language sql immutable parallel safe rows 100
set search_path = ''
as $$
  with path as (
    select p.*, y[p.place] as value
    from stats.usable(series) y cross join lateral stats.smoothing_path(y, smoothing, trend_smoothing, first_level, first_trend) p
    where smoothing between 1e-9 and 1 and coalesce(trend_smoothing between 1e-9 and 1, true)
  ),
  last_one as (select p.* from path p order by p.place desc limit 1),
  errors as (select count(*) as n, avg((p.value - p.forecast) ^ 2) as mse from path p where p.value is not null),
  ahead as (
    select l.place + h as place, null::double precision as value, l.level + h * l.trend as forecast,
      1 + sum((smoothing * (1 + h * coalesce(trend_smoothing, 0))) ^ 2) over (order by h)
        - (smoothing * (1 + h * coalesce(trend_smoothing, 0))) ^ 2 as growth
    from last_one l cross join generate_series(1, least(horizon, 10000)) h
  ),
  points as (
    select p.place, p.value, p.forecast, 1 as growth from path p
    union all select a.place, a.value, a.forecast, a.growth from ahead a
  )
  select p.place, p.value, p.forecast, p.forecast - z * sqrt(e.mse * p.growth), p.forecast + z * sqrt(e.mse * p.growth), sqrt(e.mse)
  from points p cross join errors e cross join stats.normal_quantile(1 - alpha / 2) z
  order by p.place
$$;

comment on function stats.exponential_smoothing(
  double precision[], double precision, double precision, integer, double precision, double precision, double precision
) is
E'One row per point and per step of the horizon: simple exponential smoothing (Brown, 1959), or Holt''s (1957) linear trend when trend_smoothing is given.\nThe band is that of the model with additive errors (Hyndman and others, 2008), from the root mean square of the errors one step ahead.';
