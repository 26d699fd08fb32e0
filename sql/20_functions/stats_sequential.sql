-- Looking at any time: intervals that hold at all looks together.
create type stats.sequence as (
  ci_low double precision, ci_high double precision, p_value double precision, log10_p double precision,
  reason_code text
);

comment on type stats.sequence is 'An interval and a p that stay valid however often they are looked at.';

create or replace function stats.confidence_sequence(
  difference double precision, std_error double precision, n double precision,
  alpha double precision default 0.05, tuning double precision default 5000
) returns stats.sequence
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  answer stats.sequence;
  rho2 constant double precision := (-2 * ln(alpha) + ln(1 - 2 * ln(alpha))) / tuning;
  grown constant double precision := n * rho2 + 1;
  half double precision;
  ln_p double precision;
begin
  answer.reason_code := case when difference is null or std_error is null or not n >= 2 then 'too_few_subjects'
    when std_error = 0 then 'zero_variance' end;
  if answer.reason_code is not null then
    return answer;
  end if;
  half := std_error * sqrt(2 * grown / (n * rho2) * (0.5 * ln(grown) - ln(alpha)));
  answer.ci_low := difference - half;
  answer.ci_high := difference + half;
  ln_p := least(0, 0.5 * ln(grown) - (difference / std_error) ^ 2 / 2 * (n * rho2 / grown));
  answer.p_value := stats.exp_or_zero(ln_p);
  answer.log10_p := ln_p / ln(10::double precision);
  return answer;
end
$$;

comment on function stats.confidence_sequence(
  double precision, double precision, double precision, double precision, double precision
) is E'The asymptotic confidence sequence of a difference after n units of both arms. Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024).\nIt is narrowest about n = tuning: say how many subjects you expect. std_error is of the difference now.';

create or replace function stats.intersected(before stats.sequence, latest stats.sequence) returns stats.sequence
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return row(greatest(before.ci_low, latest.ci_low), least(before.ci_high, latest.ci_high),
    least(before.p_value, latest.p_value), least(before.log10_p, latest.log10_p),
    case when greatest(before.ci_low, latest.ci_low) > least(before.ci_high, latest.ci_high) then 'looks_disagree'
      when before.p_value is null then latest.reason_code end)::stats.sequence;
end
$$;

comment on function stats.intersected(stats.sequence, stats.sequence) is
E'Two looks at one sequence put together: the running minimum of p and what both intervals hold.\nlooks_disagree when they have nothing in common: the effect is not one number over time.';
