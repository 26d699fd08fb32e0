-- What is out of the ordinary in a series. Every function takes the values in order and gives a row for each.
create or replace function stats.median(values_of double precision[]) returns double precision
language sql immutable strict parallel safe
set search_path = ''
return (select percentile_cont(0.5) within group (order by v) from unnest(values_of) v where abs(v) < 1e70);

comment on function stats.median(double precision[]) is 'The median; absent values are not counted, nor NaN or what is beyond 1e70.';

create or replace function stats.robust_scale(values_of double precision[]) returns double precision
language sql immutable strict parallel safe
set search_path = ''
return (
  select percentile_cont(0.5) within group (order by abs(v - m)) / stats.normal_quantile(0.75)
  from unnest(values_of) v cross join stats.median(values_of) m where abs(v) < 1e70
);

comment on function stats.robust_scale(double precision[]) is
'The median absolute deviation over 0.6745, so that it is the standard deviation of normal values. Hampel (1974).';

create or replace function stats.robust_z(
  value double precision, center double precision, scale double precision, is_count boolean default false
) returns double precision
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return case
    when not (abs(value) < 1e70 and abs(center) < 1e70 and (scale = 0 or scale between 1e-140 and 1e70)) then null
    when scale > 0 then (value - center) / scale
    when scale = 0 and is_count then (value - center) / sqrt(greatest(center, 1))
  end;
end
$$;

comment on function stats.robust_z(double precision, double precision, double precision, boolean) is
E'How many robust standard deviations a value lies from the center. Null when more than half of the baseline is equal, so that its scale is 0; counts are then measured by the square root of the center, as Poisson''s are.';

create or replace function stats.robust_scores(
  series double precision[], is_baseline boolean[] default null, seasons integer[] default null, is_count boolean default false
) returns table (
  place integer, value double precision, expected double precision, center double precision, scale double precision,
  z double precision, reason_code text
)
language sql immutable parallel safe rows 100
set search_path = ''
as $$
  with points as (
    select i, v, coalesce(b, is_baseline is null) as known, s
    from unnest(stats.usable(series), is_baseline, seasons) with ordinality u (v, b, s, i) where i <= cardinality(series)
  ),
  season as (
    select s, percentile_cont(0.5) within group (order by v) as m from points where known and seasons is not null group by s
  ),
  residuals as (
    select p.i, p.v, p.known, case when seasons is null then 0 else n.m end as m
    -- Equal or both absent, said so that it can be hashed.
    from points p left join season n on coalesce(n.s, 0) = coalesce(p.s, 0) and (n.s is null) = (p.s is null)
  ),
  base as (
    select stats.median(array_agg(v - m)) as center, stats.robust_scale(array_agg(v - m)) as scale
    from residuals where known and v is not null
  )
  select r.i::integer, r.v, r.m + b.center, b.center, b.scale, z.z,
    case
      when r.v is null then 'no_value' when b.center is null or r.m is null then 'no_baseline' when z.z is null then 'zero_variance'
    end
  from residuals r
  cross join base b
  cross join lateral (select stats.robust_z(r.v, r.m + b.center, b.scale, is_count) as z offset 0) z
  order by r.i
$$;

comment on function stats.robust_scores(double precision[], boolean[], integer[], boolean) is
E'One row per point: its robust z against the baseline points (all, unless said): distance from the median over 1.4826 × the median absolute deviation.\nWith seasons (the hour of the week, the month), first less the median of the baseline''s same season. expected is what the point would be at z 0; center and scale are the baseline''s. Alert on 3, page on 5.';

create or replace function stats.ewma(
  series double precision[], smoothing double precision default 0.3,
  center double precision default null, scale double precision default null, width double precision default 3
) returns table (place integer, value double precision, smoothed double precision, low double precision, high double precision, is_out boolean)
language sql immutable parallel safe rows 100
set search_path = ''
as $$
  with recursive cleaned as (select stats.usable(series) as y),
  limits as (
    select coalesce(center, stats.median(y)) as middle,
      width * coalesce(scale, stats.robust_scale(y)) * sqrt(smoothing / (2 - smoothing)) as half
    from cleaned
    where smoothing between 1e-9 and 1 and coalesce(greatest(abs(center), abs(scale), abs(width)), 0) < 1e70
  ),
  chain as (
    select 1 as i, y[1] as s, y from cleaned where cardinality(y) > 0
    union all
    select i + 1, coalesce(smoothing * y[i + 1] + (1 - smoothing) * s, s, y[i + 1]), y from chain where i < cardinality(y)
  )
  select c.i, c.y[c.i], c.s, l.middle - l.half, l.middle + l.half, abs(c.s - l.middle) > l.half
  from chain c cross join limits l
  order by c.i
$$;

comment on function stats.ewma(double precision[], double precision, double precision, double precision, double precision) is
E'One row per point: s = smoothing × value + (1 - smoothing) × the s before, from the first value on; an absent value changes nothing. Roberts (1959).\nControl limits: center ± width × scale × sqrt(smoothing / (2 - smoothing)); center and scale are the median and the robust scale of the series unless given.';
