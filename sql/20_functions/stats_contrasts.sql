-- Contrasts from moments. An arm is three numbers: its mean, the variance of that mean, and its spread,
-- the sum of squares of the variance's parts each over (n - 1): what Welch and Satterthwaite divide by.
create type stats.contrast as (
  mean_control double precision, mean_variant double precision, difference double precision,
  std_error double precision, df double precision, half double precision
);

comment on type stats.contrast is 'A difference of two means, its standard error, degrees of freedom, and half its interval.';

create type stats.relative as (lift double precision, low double precision, high double precision);

comment on type stats.relative is 'A relative difference with its interval; 0.05 is five per cent.';

create or replace function stats.welch(
  m0 double precision, m1 double precision, v0 double precision, v1 double precision,
  q0 double precision, q1 double precision, alpha double precision
) returns stats.contrast
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  answer stats.contrast;
begin
  answer.mean_control := m0;
  answer.mean_variant := m1;
  if m0 is null or m1 is null or v0 is null or v1 is null then
    return answer;
  end if;
  answer.difference := m1 - m0;
  answer.std_error := sqrt(v0 + v1);
  answer.df := (v0 + v1) ^ 2 / nullif(q0 + q1, 0);
  answer.half := stats.t_critical(alpha, answer.df) * answer.std_error;
  return answer;
end
$$;

comment on function stats.welch(
  double precision, double precision, double precision, double precision, double precision, double precision,
  double precision
) is E'Mean one minus mean nought with unequal variances. Welch (1947), Satterthwaite (1946).\nWithout variances there is no difference to speak of; without any spread there is no interval.';

create or replace function stats.is_above_zero(
  m double precision, v double precision, q double precision, alpha double precision
) returns boolean
language sql immutable parallel safe
set search_path = ''
return m > coalesce(stats.t_critical(alpha, v ^ 2 / nullif(q, 0)) * sqrt(v), 0);

comment on function stats.is_above_zero(double precision, double precision, double precision, double precision) is
'True when a mean''s own interval lies above zero: only then can something be relative to it.';

create or replace function stats.lift(
  m0 double precision, m1 double precision, v0 double precision, v1 double precision,
  q0 double precision, q1 double precision, alpha double precision
) returns stats.relative
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  answer stats.relative;
  v double precision;
  half double precision;
begin
  if m1 is null or v0 is null or v1 is null or stats.is_above_zero(m0, v0, q0, alpha) is not true then
    return answer;
  end if;
  answer.lift := m1 / m0 - 1;
  if m1 > 0 then
    v := v0 / m0 ^ 2 + v1 / m1 ^ 2;
    half := sqrt(v) * stats.t_critical(alpha, v ^ 2 / nullif(q0 / m0 ^ 4 + q1 / m1 ^ 4, 0));
    answer.low := m1 / m0 * exp(-half) - 1;
    answer.high := m1 / m0 * exp(half) - 1;
  else
    half := nullif(sqrt(v1 + v0 * (m1 / m0) ^ 2) / m0, 0) * stats.t_critical(alpha, (v0 + v1) ^ 2 / nullif(q0 + q1, 0));
    answer.low := answer.lift - half;
    answer.high := answer.lift + half;
  end if;
  return answer;
end
$$;

comment on function stats.lift(
  double precision, double precision, double precision, double precision, double precision, double precision,
  double precision
) is E'The relative difference by the delta method: on the log scale, so that it never falls below -100 %, or linear where mean one is not positive.\nNull when mean nought is not clearly above zero.';
