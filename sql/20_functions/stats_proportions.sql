-- Shares of successes: intervals that stay within 0 and 1, and the classical tests of two of them.
create type stats.interval as (low double precision, high double precision);

comment on type stats.interval is 'Two ends.';

create type stats.proportions as (
  difference double precision, std_error double precision, wald_low double precision, wald_high double precision,
  newcombe_low double precision, newcombe_high double precision, z_pooled double precision,
  p_value_pooled double precision, log10_p_pooled double precision, reason_code text
);

comment on type stats.proportions is 'A difference of two shares: Wald''s and Newcombe''s intervals, and the pooled z test.';

create or replace function stats.wilson(
  successes double precision, n double precision, alpha double precision default 0.05
) returns stats.interval
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  z constant double precision := stats.normal_critical(alpha);
  middle double precision;
  half double precision;
begin
  if z is null or not stats.are_counts(array[successes], array[n]) or n = 0 then
    return null;
  end if;
  middle := (successes + z * z / 2) / (n + z * z);
  half := z * sqrt(successes * (n - successes) / n + z * z / 4) / (n + z * z);
  return row(case when successes = 0 then 0 else middle - half end, case when successes = n then 1 else middle + half end)::stats.interval;
end
$$;

comment on function stats.wilson(double precision, double precision, double precision) is
'The interval of one share. Wilson (1927).';

create or replace function stats.proportions(
  k0 double precision, n0 double precision, k1 double precision, n1 double precision,
  alpha double precision default 0.05
) returns stats.proportions
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  answer stats.proportions;
  p0 double precision;
  p1 double precision;
  half double precision;
  w0 constant stats.interval := stats.wilson(k0, n0, alpha);
  w1 constant stats.interval := stats.wilson(k1, n1, alpha);
begin
  answer.reason_code := case when coalesce(n0, 0) = 0 or coalesce(n1, 0) = 0 then 'no_subjects'
    when not stats.are_counts(array[k0, k1], array[n0, n1]) then 'bad_counts' when w0 is null or w1 is null then 'bad_level' end;
  if answer.reason_code is not null then
    return answer;
  end if;
  p0 := k0 / n0;
  p1 := k1 / n1;
  answer.difference := p1 - p0;
  answer.std_error := sqrt(p0 * (1 - p0) / n0 + p1 * (1 - p1) / n1);
  half := stats.normal_critical(alpha) * answer.std_error;
  answer.wald_low := answer.difference - half;
  answer.wald_high := answer.difference + half;
  answer.newcombe_low := answer.difference - sqrt((p1 - w1.low) ^ 2 + (w0.high - p0) ^ 2);
  answer.newcombe_high := answer.difference + sqrt((w1.high - p1) ^ 2 + (p0 - w0.low) ^ 2);
  half := (k0 + k1) / (n0 + n1);
  answer.z_pooled := answer.difference / nullif(sqrt(half * (1 - half) * (1 / n0 + 1 / n1)), 0);
  answer.p_value_pooled := stats.normal_two_sided_p(answer.z_pooled);
  answer.log10_p_pooled := stats.normal_two_sided_log10_p(answer.z_pooled);
  answer.reason_code := case when answer.z_pooled is null then 'zero_variance' end;
  return answer;
end
$$;

comment on function stats.proportions(double precision, double precision, double precision, double precision, double precision) is
E'k1 of n1 less k0 of n0: unpooled Wald interval, Newcombe''s (1998, method 10) from Wilson''s, z test with the pooled share.\nReasons: no_subjects, bad_counts (successes beyond n, or what is no count), bad_level, zero_variance (no z).';
