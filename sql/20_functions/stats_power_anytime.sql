-- The same questions for somebody who looks at any time: how many units until the confidence sequence leaves zero.
create or replace function stats.anytime_power(
  distance double precision, n double precision, alpha double precision, tuning double precision
) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  r constant double precision := n * stats.mixture_rate(alpha, tuning);
  level double precision;
  height double precision;
  slope double precision;
  drift double precision;
begin
  if not (r >= 1e-12 and r < 1e15 and abs(distance) < 1e15) or r is null then
    return null;
  end if;
  level := 0.5 * ln(r + 1) - ln(alpha);
  height := sqrt(2 * (r + 1) / r * level);
  slope := (2 * level + 1) / (2 * height);
  drift := abs(distance) - slope;
  return stats.normal_cdf(abs(distance) - height) + stats.normal_cdf(slope - height - drift)
    * stats.exp_or_zero(least(2 * (height - slope) * drift, 700));
end
$$;

comment on function stats.anytime_power(double precision, double precision, double precision, double precision) is
E'The chance that the confidence sequence has left zero by n units, when the difference is then distance standard errors.\nA Brownian path against the straight line that touches the sequence''s edge at n (Siegmund 1985): never more than the truth, and within a hundredth of it.';

create or replace function stats.anytime_sample_size(
  variance double precision, effect double precision, share0 double precision, share1 double precision,
  alpha double precision, power double precision, tuning double precision default 0
) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  once constant double precision := stats.subjects_needed(variance, effect, share0, share1, alpha, power);
  unit_error constant double precision := case when once is not null then
    sqrt(stats.tame(variance) * (1 / share0 + 1 / share1)) end;
  planned constant double precision := case when tuning > 0 then tuning else once end;
  low double precision := 2;
  high double precision := once;
begin
  if not (once < 1e13 and planned < 1e15 and unit_error > 0) or once is null then
    return null;
  end if;
  while high < 1e14 and stats.anytime_power(effect / unit_error * sqrt(high), high, alpha, planned) < power loop
    high := 2 * high;
  end loop;
  while high - low > 1e-6 * high loop
    if stats.anytime_power(effect / unit_error * sqrt((low + high) / 2), (low + high) / 2, alpha, planned) < power then
      low := (low + high) / 2;
    else
      high := (low + high) / 2;
    end if;
  end loop;
  return ceil(greatest(high, 20 / least(share0, share1)));
end
$$;

comment on function stats.anytime_sample_size(
  double precision, double precision, double precision, double precision, double precision, double precision, double precision
) is E'Units over all arms until the confidence sequence has left zero with this power, were the difference effect: about 1.7 times those of one look.\ntuning is the planned size that the sequence is set for; 0 is that of one look, which is about the best. At least twenty an arm.';

create or replace function stats.anytime_detectable_effect(
  variance double precision, n0 double precision, n1 double precision, alpha double precision, power double precision,
  tuning double precision default 5000
) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  low double precision := 0;
  high double precision := 100;
begin
  if not (least(n0, n1) >= 20 and n0 + n1 < 1e15 and variance >= 0 and alpha > 0 and alpha < 1 and power > 0.5 and power < 1
    and tuning > 0) or stats.anytime_power(0, n0 + n1, alpha, tuning) is null then
    return null;
  end if;
  while high - low > 1e-9 loop
    if stats.anytime_power((low + high) / 2, n0 + n1, alpha, tuning) < power then
      low := (low + high) / 2;
    else
      high := (low + high) / 2;
    end if;
  end loop;
  return high * sqrt(stats.tame(variance) * (1 / n0 + 1 / n1));
end
$$;

comment on function stats.anytime_detectable_effect(
  double precision, double precision, double precision, double precision, double precision, double precision
) is 'The smallest difference for which the confidence sequence leaves zero by n0 + n1 units with this power; null below twenty units an arm.';
