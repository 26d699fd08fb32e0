-- Posterior probabilities: the chance that the variant wins, and what each decision may cost.
create type stats.posterior as (
  mean double precision, std_dev double precision, chance_to_win double precision,
  risk_ship double precision, risk_keep double precision, ci_low double precision, ci_high double precision,
  reason_code text
);

comment on type stats.posterior is E'What is believed of a difference.\nchance_to_win: that the variant is better. risk_ship: expected loss when it is shipped; risk_keep: when the control is kept.';

create or replace function stats.bayes_normal(
  difference double precision, std_error double precision,
  prior_mean double precision default 0, prior_sd double precision default null,
  higher_is_better boolean default true, alpha double precision default 0.05
) returns stats.posterior
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  critical constant double precision := stats.normal_critical(alpha);
  reason constant text := case when difference is null or std_error is null then 'too_few_subjects'
    when not (abs(difference) < 1e70 and std_error >= 0 and std_error < 1e70) then 'out_of_range'
    when std_error < 1e-70 then 'zero_variance' when critical is null then 'bad_level'
    when not (prior_sd between 1e-70 and 1e70 and coalesce(abs(prior_mean), 0) < 1e70) then 'bad_prior' end;
  mean double precision := case when abs(difference) < 1e-70 then 0 else difference end;
  std_dev double precision := std_error;
  weight double precision;
  z double precision;
  small double precision;
begin
  if reason is not null then
    return row(null, null, null, null, null, null, null, reason)::stats.posterior;
  elsif prior_sd is not null then
    weight := 1 / (1 + (prior_sd / std_error) ^ 2);
    mean := weight * coalesce(stats.tame(prior_mean), 0) + (1 - weight) * mean;
    std_dev := prior_sd / sqrt(1 + (prior_sd / std_error) ^ 2);
  end if;
  z := mean / std_dev * case when higher_is_better then 1 else -1 end;
  -- The two losses are z apart.
  small := stats.normal_loss(abs(z));
  small := case when small < 1e-230 and std_dev < 1e-5 then 0 else small end;
  return row(mean, std_dev, stats.normal_cdf(z), std_dev * (small + greatest(-z, 0)), std_dev * (small + greatest(z, 0)),
    mean - critical * std_dev, mean + critical * std_dev, null)::stats.posterior;
end
$$;

comment on function stats.bayes_normal(
  double precision, double precision, double precision, double precision, boolean, double precision
) is E'The posterior of a difference with a known standard error, by precision weights; flat when prior_sd is null.\nGelman, Carlin, Stern, Dunson, Vehtari and Rubin (2013), chapter 2. The risks are in the unit of the difference.';

create or replace function stats.beta_greater_sum(
  a0 double precision, b0 double precision, a1 double precision, b1 double precision
) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  term double precision := 1;
  total double precision := 0;
  ln_scale double precision := stats.ln_beta(a0, b0 + b1) - stats.ln_beta(a0, b0);
begin
  for i in 0..a1::integer - 1 loop
    total := total + term;
    term := term * (a0 + i) * (b1 + i) / ((a0 + b0 + b1 + i) * (1 + i));
    if total > 1e200 then
      term := term / total;
      ln_scale := ln_scale + ln(total);
      total := 1;
    end if;
  end loop;
  return least(1, stats.exp_or_zero(ln_scale + ln(total)));
end
$$;

comment on function stats.beta_greater_sum(double precision, double precision, double precision, double precision) is
'P(B > A) for A ~ Beta(a0, b0), B ~ Beta(a1, b1), by a sum of a1 terms; a1 is whole. Evan Miller (2014).';

create or replace function stats.beta_greater(
  a0 double precision, b0 double precision, a1 double precision, b1 double precision
) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  most constant double precision := 20000;
begin
  if not (least(a0, b0, a1, b1) >= 1e-9 and greatest(a0, b0, a1, b1) < 1e15) then
    return null;
  end if;
  -- Four sums give the same number: the shortest whole one, and one of the two that keep a small answer small.
  return case
    when a1 = floor(a1) and a1 <= most and (a1 <= b0 or b0 <> floor(b0)) then stats.beta_greater_sum(a0, b0, a1, b1)
    when b0 = floor(b0) and b0 <= most then stats.beta_greater_sum(b1, a1, b0, a0)
    when a0 = floor(a0) and a0 <= most then 1 - stats.beta_greater_sum(a1, b1, a0, b0)
    when b1 = floor(b1) and b1 <= most then 1 - stats.beta_greater_sum(b0, a0, b1, a1)
    else stats.normal_cdf((a1 / (a1 + b1) - a0 / (a0 + b0))
      / sqrt(a1 * b1 / (a1 + b1) ^ 2 / (a1 + b1 + 1) + a0 * b0 / (a0 + b0) ^ 2 / (a0 + b0 + 1)))
  end;
end
$$;

comment on function stats.beta_greater(double precision, double precision, double precision, double precision) is
E'P(B > A) for two independent beta variables: exact while one parameter is whole and at most 20,000 (10 ms), normal beyond.';

create or replace function stats.bayes_beta(
  k0 double precision, n0 double precision, k1 double precision, n1 double precision,
  prior_a double precision default 1, prior_b double precision default 1, alpha double precision default 0.05
) returns stats.posterior
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  answer stats.posterior;
  a0 constant double precision := prior_a + k0;
  b0 constant double precision := prior_b + n0 - k0;
  a1 constant double precision := prior_a + k1;
  b1 constant double precision := prior_b + n1 - k1;
  m0 double precision;
  m1 double precision;
begin
  answer.reason_code := case when not stats.are_counts(array[k0, k1], array[n0, n1]) then 'bad_counts'
    when not (least(prior_a, prior_b) >= 1e-9 and greatest(prior_a, prior_b) < 1e15) then 'bad_prior'
    when stats.normal_critical(alpha) is null then 'bad_level' end;
  if answer.reason_code is not null then
    return answer;
  end if;
  m0 := a0 / (a0 + b0);
  m1 := a1 / (a1 + b1);
  answer.mean := m1 - m0;
  answer.std_dev := sqrt(m0 * (1 - m0) / (a0 + b0 + 1) + m1 * (1 - m1) / (a1 + b1 + 1));
  answer.ci_low := answer.mean - stats.normal_critical(alpha) * answer.std_dev;
  answer.ci_high := answer.mean + stats.normal_critical(alpha) * answer.std_dev;
  answer.chance_to_win := stats.beta_greater(a0, b0, a1, b1);
  answer.risk_keep := greatest(0, m1 * stats.beta_greater(a0, b0, a1 + 1, b1) - m0 * stats.beta_greater(a0 + 1, b0, a1, b1));
  answer.risk_ship := greatest(0, m0 * stats.beta_greater(a1, b1, a0 + 1, b0) - m1 * stats.beta_greater(a1 + 1, b1, a0, b0));
  return answer;
end
$$;

comment on function stats.bayes_beta(
  double precision, double precision, double precision, double precision, double precision, double precision, double precision
) is E'The posterior of a difference of two shares, k1 of n1 less k0 of n0, each with a beta prior: exact chance and risks.\nThe interval is the normal one of the exact mean and standard deviation. Gelman et al. (2013), chapter 2.';
