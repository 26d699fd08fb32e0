-- How many units a comparison needs, what it can see with those that it gets, and how long that takes.
create or replace function stats.reach(alpha double precision, power double precision, df double precision)
returns double precision
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  if not (alpha > 0 and alpha < 1 and power > 0.5 and power < 1) then
    return null;
  elsif df is null then
    return stats.normal_quantile(1 - alpha / 2) + stats.normal_quantile(power);
  end if;
  return stats.t_critical(alpha, greatest(df, 1)) + stats.t_critical(2 * (1 - power), greatest(df, 1));
end
$$;

comment on function stats.reach(double precision, double precision, double precision) is
'How many standard errors an effect must be to be seen at alpha with this power (above one half): of t with df, or of the normal when df is null.';

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
) is E'Units over all arms (not rounded) until a two-sided test of two means at alpha sees the effect with this power; the two arms get share0 and share1 of them.\nBy central t, within a twentieth of a unit of the noncentral one; is_normal takes z instead. Cohen (1988).';

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
declare
  reach constant double precision := stats.reach(alpha, power, null);
begin
  if not (p0 between 0 and 1 and p1 between 0 and 1) or p0 = p1 then
    return null;
  elsif is_arcsine then
    return 2 * (reach / (2 * asin(sqrt(p1)) - 2 * asin(sqrt(p0)))) ^ 2;
  end if;
  return (p0 * (1 - p0) + p1 * (1 - p1)) * (reach / (p1 - p0)) ^ 2;
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
  return case when n0 >= 2 and n1 >= 2 then
    stats.reach(alpha, power, case when not is_normal then n0 + n1 - 2 end) * sqrt(variance * (1 / n0 + 1 / n1)) end;
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
  days constant double precision := ceil(greatest(needed, 0) / nullif(units_per_day, 0) - 1e-9);
begin
  return case when units_per_day > 0 then case when whole_weeks then 7 * ceil(days / 7) else days end end;
end
$$;

comment on function stats.days_to_decide(double precision, double precision, boolean) is
'Days until so many units have come; whole weeks, so that each weekday counts alike. Null when nobody comes.';
