-- How many units a comparison needs, what it can see with those that it gets, and how long that takes.
create or replace function stats.t_power(noncentrality double precision, critical double precision, df double precision)
returns double precision
language sql immutable strict parallel safe
set search_path = ''
as $$
  -- T is a normal over an estimated standard deviation: the normal's chance at every one that df may estimate, averaged.
  -- The logarithm of that standard deviation has a smooth density that is gone at both ends, so that equal steps are exact.
  with width as (
    select 0.15 / sqrt(2 * df) as h where df between 0.1 and 1e6 and abs(noncentrality) < 1e100 and abs(critical) < 1e100),
  steps as (
    select exp(i * h) as s, exp(greatest(df * (i * h - (exp(2 * i * h) - 1) / 2), -80)) as weight
    from width cross join lateral generate_series(-ceil((35 / df + 0.5) / h)::integer, 60) i
  )
  select sum(weight * greatest(stats.normal_sf(stats.tame(critical) * s - noncentrality) + stats.normal_sf(stats.tame(critical) * s + noncentrality), 1e-200))
    / sum(weight)
  from steps
$$;

comment on function stats.t_power(double precision, double precision, double precision) is
'The chance that a two-sided t test sees an effect of so many standard errors: both tails of the noncentral t beyond the critical value. For 0.1 to a million degrees of freedom.';

create or replace function stats.reach(alpha double precision, power double precision, df double precision)
returns double precision
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  freedom constant double precision := case when df is null then 'Infinity' else greatest(df, 1) end;
  critical double precision;
  middle double precision;
  spread double precision;
  effort double precision;
  seen double precision;
begin
  if not (alpha > 1e-100 and alpha < 1 and power > 0.5 and power < 1) then
    return null;
  end if;
  critical := case when df is null then stats.normal_quantile(1 - alpha / 2) else stats.t_critical(alpha, freedom) end;
  -- The estimated standard deviation is 1 - 1/4df on average, with variance 1/2df.
  middle := critical * (1 - 0.25 / freedom);
  spread := sqrt(1 + critical ^ 2 / freedom / 2);
  effort := middle + stats.normal_quantile(power) * spread;
  for round in 1..3 loop
    seen := case when freedom < 400 then stats.t_power(effort, critical, freedom)
      else stats.normal_sf((middle - effort) / spread) + stats.normal_sf((middle + effort) / spread) end;
    effort := effort + (stats.normal_quantile(power) - stats.normal_quantile(seen)) * spread;
  end loop;
  return effort;
end
$$;

comment on function stats.reach(double precision, double precision, double precision) is
E'How many standard errors an effect must be to be seen at alpha with this power (above one half), on either side: of the noncentral t with df, or of the normal when df is null.\nFrom 400 df by the normal of the same mean and variance, right to 1e-5.';

create or replace function stats.sample_size(
  variance double precision, effect double precision, share0 double precision, share1 double precision,
  alpha double precision, power double precision, is_normal boolean default false
) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  spread constant double precision := stats.tame(variance) * (1 / nullif(stats.tame(share0), 0) + 1 / nullif(stats.tame(share1), 0))
    / nullif(stats.tame(effect), 0) ^ 2;
  units double precision := spread * stats.reach(alpha, power, null) ^ 2;
  again double precision;
begin
  -- The t of so many units is a little wider than the normal: they are counted again with it.
  for round in 1..50 loop
    exit when is_normal or units is null;
    again := spread * stats.reach(alpha, power, units * (share0 + share1) - 2) ^ 2;
    exit when abs(again - units) < 1e-9 * units;
    units := again;
  end loop;
  return units;
end
$$;

comment on function stats.sample_size(
  double precision, double precision, double precision, double precision, double precision, double precision, boolean
) is E'Units over all arms (not rounded) until a two-sided test of two means at alpha sees the effect with this power; the two arms get share0 and share1 of them.\nBy the noncentral t; is_normal takes z instead. Cohen (1988).';

create or replace function stats.subjects_needed(
  variance double precision, effect double precision, share0 double precision, share1 double precision,
  alpha double precision, power double precision
) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  units constant double precision := stats.sample_size(variance, effect, share0, share1, alpha, power);
begin
  return case when units is not null then greatest(ceil(units), 4) end;
end
$$;

comment on function stats.subjects_needed(
  double precision, double precision, double precision, double precision, double precision, double precision
) is 'stats.sample_size in whole subjects, at least two an arm.';

create or replace function stats.sample_size_of_shares(
  p0 double precision, p1 double precision, alpha double precision, power double precision,
  is_arcsine boolean default false
) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
begin
  if not (p0 between 0 and 1 and p1 between 0 and 1) or abs(p0 - p1) < 1e-70 or least(nullif(p0, 0), nullif(p1, 0)) < 1e-70 then
    return null;
  elsif is_arcsine then
    return 2 * (stats.reach(alpha, power, null) / (2 * asin(sqrt(p1)) - 2 * asin(sqrt(p0)))) ^ 2;
  end if;
  return (p0 * (1 - p0) + p1 * (1 - p1)) * ((stats.normal_quantile(1 - alpha / 2) + stats.normal_quantile(power)) / (p1 - p0)) ^ 2;
end
$$;

comment on function stats.sample_size_of_shares(
  double precision, double precision, double precision, double precision, boolean
) is 'Units in each of two equal arms (not rounded) until a two-sided z test sees shares p0 and p1 apart: unpooled, or by the arcsine. Cohen (1988).';

create or replace function stats.detectable_effect(
  variance double precision, n0 double precision, n1 double precision, alpha double precision, power double precision,
  is_normal boolean default false
) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
begin
  return case when n0 >= 2 and n1 >= 2 and n0 < 1e15 and n1 < 1e15 and variance >= 0 then
    stats.reach(alpha, power, case when not is_normal then n0 + n1 - 2 end) * sqrt(stats.tame(variance) * (1 / n0 + 1 / n1)) end;
end
$$;

comment on function stats.detectable_effect(
  double precision, double precision, double precision, double precision, double precision, boolean
) is 'The smallest difference that a two-sided test of two means at alpha sees with this power; null with fewer than two units an arm.';

create or replace function stats.days_to_decide(
  needed double precision, units_per_day double precision, whole_weeks boolean default true
) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  days constant double precision := ceil(greatest(stats.tame(needed), 0) / case when units_per_day > 1e-9 then least(units_per_day, 1e15) end - 1e-9);
begin
  return case when needed < 1e15 and units_per_day < 'infinity' then case when whole_weeks then 7 * ceil(days / 7) else days end end;
end
$$;

comment on function stats.days_to_decide(double precision, double precision, boolean) is
'Days until so many units have come; whole weeks, so that each weekday counts alike. Null when nobody comes.';
