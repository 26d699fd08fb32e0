-- Contrasts: two readouts in, one answer out. What cannot be computed is null, and reason_code says why.
create type stats.contrast as (
  n_control double precision, n_variant double precision,
  mean_control double precision, mean_variant double precision,
  difference double precision, std_error double precision, degrees_of_freedom double precision,
  ci_low double precision, ci_high double precision, p_value double precision, log10_p double precision,
  reason_code text
);

comment on type stats.contrast is E'Variant minus control with its standard error, Welch and Satterthwaite''s degrees of freedom, interval and two-sided p.\nlog10_p goes on where p_value ends, at 1e-300.';

create type stats.relative as (
  lift double precision, std_error double precision, ci_low double precision, ci_high double precision,
  p_value double precision, reason_code text
);

comment on type stats.relative is 'A relative difference with its interval; 0.05 is five per cent.';

create or replace function stats.reason(control stats.readout, variant stats.readout) returns text
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return case
    when coalesce(control.n, 0) = 0 and coalesce(variant.n, 0) = 0 then 'no_subjects'
    when coalesce(control.n, 0) < 2 or coalesce(variant.n, 0) < 2 then 'too_few_subjects'
    when control.value is null or variant.value is null then 'no_value'
    when control.variance is null or variant.variance is null then 'out_of_range'
    when control.variance + variant.variance = 0 then 'zero_variance'
  end;
end
$$;

comment on function stats.reason(stats.readout, stats.readout) is
E'Why two readouts give no interval and no p: no_subjects, too_few_subjects (an arm has fewer than two), no_value (a ratio whose denominators are all zero), out_of_range (beyond 1e70), zero_variance. Null when they do.';

create or replace function stats.welch_df(control stats.readout, variant stats.readout) returns double precision
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return (control.variance + variant.variance) ^ 2 / nullif(control.spread + variant.spread, 0);
end
$$;

comment on function stats.welch_df(stats.readout, stats.readout) is
'Degrees of freedom of a difference with unequal variances. Welch (1947), Satterthwaite (1946).';

create or replace function stats.contrast(
  control stats.readout, variant stats.readout, alpha double precision default 0.05
) returns stats.contrast
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  reason constant text := stats.reason(control, variant);
  difference constant double precision := variant.value - control.value;
  std_error constant double precision := sqrt(control.variance + variant.variance);
  df double precision;
  half double precision;
  ln_p double precision;
begin
  if reason is null then
    df := stats.welch_df(control, variant);
    half := stats.t_critical(alpha, df) * std_error;
    ln_p := stats.t_two_sided_ln_p(difference / std_error, df);
  end if;
  return row(control.n, variant.n, control.value, variant.value, difference, std_error, df, difference - half, difference + half,
    case when ln_p > -690 then exp(ln_p) else stats.exp_or_zero(ln_p) end, ln_p / 2.302585092994046, reason)::stats.contrast;
end
$$;

comment on function stats.contrast(stats.readout, stats.readout, double precision) is
E'Variant minus control with unequal variances: interval at 1 - alpha and two-sided p from Student''s t. Welch (1947).\nAn arm of one unit has a difference and no interval; equal values everywhere have a standard error of 0 and no p.';

create or replace function stats.baseline_sign(control stats.readout, alpha double precision default 0.05)
returns double precision
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  away constant double precision := abs(control.value) / nullif(sqrt(control.variance), 0);
begin
  return case
    when abs(control.value) < 1e-70 then 0
    when control.variance = 0 then sign(control.value)
    -- Twenty standard errors are enough for everybody: no p needs to be computed.
    when away > 20 and alpha > 1e-9 and control.variance ^ 2 > 12 * control.spread then sign(control.value)
    when stats.t_two_sided_p(away, control.variance ^ 2 / control.spread) < alpha then sign(control.value)
    when control.variance > 0 then 0
  end;
end
$$;

comment on function stats.baseline_sign(stats.readout, double precision) is
'1 or -1 when a readout''s own interval lies clear of zero on that side, 0 when it covers zero: then nothing can be relative to it.';

create or replace function stats.lift_reason(control stats.readout, reason text, alpha double precision default 0.05)
returns text
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return case
    when reason <> 'zero_variance' then reason
    when stats.baseline_sign(control, alpha) = 0 then 'no_baseline'
    else reason
  end;
end
$$;

comment on function stats.lift_reason(stats.readout, text, double precision) is
'Why there is no lift: the reason that stats.reason gave, or no_baseline when the control is zero or its own interval covers zero.';

create or replace function stats.lift_linear(
  control stats.readout, variant stats.readout, alpha double precision default 0.05, with_p boolean default true,
  guarded boolean default true
) returns stats.relative
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  answer stats.relative;
  base constant double precision := abs(control.value);
  df double precision;
  half double precision;
begin
  answer.reason_code := stats.lift_reason(control, stats.reason(control, variant), alpha);
  if answer.reason_code = 'no_baseline' and base > 1e-70 and not guarded then
    answer.reason_code := stats.reason(control, variant);
  end if;
  if answer.reason_code is null or answer.reason_code = 'zero_variance' then
    df := stats.welch_df(control, variant);
    answer.lift := (variant.value - control.value) / base;
    answer.std_error := sqrt(
      variant.variance / base / base + control.variance / base / base * (variant.value / base) ^ 2);
    half := stats.t_critical(alpha, df) * nullif(answer.std_error, 0);
    answer.ci_low := answer.lift - half;
    answer.ci_high := answer.lift + half;
    answer.p_value := case when with_p then stats.t_two_sided_p(answer.lift / nullif(answer.std_error, 0), df) end;
  end if;
  return answer;
end
$$;

comment on function stats.lift_linear(stats.readout, stats.readout, double precision, boolean, boolean) is
E'The difference relative to the control''s absolute value, so that up is up also from a negative baseline; linear delta method.\nV = (v1 + v0 (m1 / m0)²) / m0², degrees of freedom of the absolute difference.\nguarded false: also from a control whose own interval covers zero, to hold the formula against other engines; results are never shown so.';

create or replace function stats.lift_of(
  control stats.readout, variant stats.readout, reason text, alpha double precision, with_p boolean
) returns stats.relative
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  m0 constant double precision := control.value;
  m1 constant double precision := variant.value;
  log0 stats.readout;
  log1 stats.readout;
  std_error double precision;
  df double precision;
  half double precision;
begin
  -- The logarithm of a mean has a variance only where the mean is clear of zero.
  if reason is not null or not (m0 > 0 and 5 * m1 > sqrt(variant.variance)) or stats.baseline_sign(control, alpha) = 0 then
    return stats.lift_linear(control, variant, alpha, with_p);
  end if;
  log0 := row(control.n, ln(m0), control.variance / m0 / m0, control.spread / m0 / m0 / m0 / m0);
  log1 := row(variant.n, ln(m1), variant.variance / m1 / m1, variant.spread / m1 / m1 / m1 / m1);
  std_error := sqrt(log0.variance + log1.variance);
  df := stats.welch_df(log0, log1);
  half := stats.t_critical(alpha, df) * std_error;
  return row((m1 - m0) / m0, std_error, case when half < 690 then exp(-half) else stats.exp_or_zero(-half) end * m1 / m0 - 1,
    case when half < 230 then exp(half) * m1 / m0 - 1 end,
    case when with_p then stats.t_two_sided_p((log1.value - log0.value) / std_error, df) end, null)::stats.relative;
end
$$;

comment on function stats.lift_of(stats.readout, stats.readout, text, double precision, boolean) is
'stats.lift, where stats.reason has been asked already.';

create or replace function stats.lift(
  control stats.readout, variant stats.readout, alpha double precision default 0.05, with_p boolean default true
) returns stats.relative
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return stats.lift_of(control, variant, stats.reason(control, variant), alpha, with_p);
end
$$;

comment on function stats.lift(stats.readout, stats.readout, double precision, boolean) is
E'The relative difference, by the delta method on the log scale: the interval never falls below -100 %.\nstd_error and p_value are those of ln(m1 / m0). Linear (lift_linear) where a mean is not clearly positive. Null when the control is not clear of zero. with_p false leaves p_value out, half of the work.';
