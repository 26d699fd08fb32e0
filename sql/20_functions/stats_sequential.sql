-- Looking at any time: intervals that hold at all looks together.
create type stats.sequence as (
  ci_low double precision, ci_high double precision, p_value double precision, log10_p double precision,
  reason_code text
);

comment on type stats.sequence is 'An interval and a p that stay valid however often they are looked at.';

create or replace function stats.mixture_rate(alpha double precision, tuning double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
begin
  return case when alpha > 0 and alpha < 1 and tuning >= 1e-6 and tuning < 1e15 then
    (-2 * ln(alpha) + ln(1 - 2 * ln(alpha))) / tuning end;
end
$$;

comment on function stats.mixture_rate(double precision, double precision) is
'ρ² of the normal mixture whose interval at alpha is narrowest about n = tuning; null for what is no alpha or no size.';

create or replace function stats.confidence_sequence(
  difference double precision, std_error double precision, n double precision,
  alpha double precision default 0.05, tuning double precision default 5000
) returns stats.sequence
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  rho2 constant double precision := stats.mixture_rate(alpha, tuning);
  grown constant double precision := least(n, 1e15) * rho2 + 1;
  reason constant text := case when difference is null or std_error is null or n is null or n < 2 then 'too_few_subjects'
    when not (abs(difference) < 1e70 and std_error >= 0 and std_error < 1e70 and n < 1e15) then 'out_of_range'
    when rho2 is null then 'bad_level' when std_error < 1e-70 then 'zero_variance' end;
  half double precision;
  ln_p double precision;
begin
  if reason is not null then
    return row(null, null, null, null, reason)::stats.sequence;
  end if;
  half := std_error * sqrt(2 * grown / (n * rho2) * (0.5 * ln(grown) - ln(alpha)));
  ln_p := least(0, 0.5 * ln(grown) - (difference / std_error) ^ 2 / 2 * (n * rho2 / grown));
  return row(difference - half, difference + half, case when ln_p > -690 then exp(ln_p) else 0 end, ln_p / 2.302585092994046, null)::stats.sequence;
end
$$;

comment on function stats.confidence_sequence(
  double precision, double precision, double precision, double precision, double precision
) is E'The asymptotic confidence sequence of a difference after n units of both arms. Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024).\nIt is narrowest about n = tuning: say how many subjects you expect. std_error is of the difference now.';

create or replace function stats.anytime_of(
  control stats.readout, variant stats.readout, reason text, alpha double precision, tuning double precision
) returns stats.sequence
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  -- The squared standard error of the difference if units of both arms vary alike: Student's, not Welch's.
  alike double precision;
begin
  if reason is not null or least(control.n, variant.n) < 20 then
    return row(null, null, null, null, coalesce(reason, 'too_early'))::stats.sequence;
  end if;
  alike := (control.variance * control.n * (control.n - 1) + variant.variance * variant.n * (variant.n - 1))
    / (control.n + variant.n - 2) * (1 / control.n + 1 / variant.n);
  return stats.confidence_sequence(variant.value - control.value, sqrt(greatest(control.variance + variant.variance, alike)),
    control.n + variant.n, alpha, tuning);
end
$$;

comment on function stats.anytime_of(stats.readout, stats.readout, text, double precision, double precision) is
'stats.anytime, where stats.reason has been asked already.';

create or replace function stats.anytime(
  control stats.readout, variant stats.readout, alpha double precision default 0.05, tuning double precision default 5000
) returns stats.sequence
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return stats.anytime_of(control, variant, stats.reason(control, variant), alpha, tuning);
end
$$;

comment on function stats.anytime(stats.readout, stats.readout, double precision, double precision) is
E'The confidence sequence of two arms, which speaks from 20 units an arm on: before, large samples are no approximation.\nIt takes the larger of Welch''s and Student''s standard error: with arms of equal size they are the same; a small arm beside a large one, in which nothing rare has happened yet, has no variance of its own to judge by.';

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
