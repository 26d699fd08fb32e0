-- Everything that two readouts say of a comparison, and the verdict. One road for the views, the workers and the command line.
create type stats.effect_numbers as (
  n_control bigint, n_variant bigint, mean_control double precision, mean_variant double precision,
  difference double precision, std_error double precision, degrees_of_freedom double precision,
  ci_low double precision, ci_high double precision, p_value double precision, log10_p double precision,
  sequential_low double precision, sequential_high double precision, sequential_p_value double precision,
  lift double precision, lift_low double precision, lift_high double precision,
  chance_to_win double precision, risk_ship double precision, risk_keep double precision,
  unadjusted_difference double precision, unadjusted_std_error double precision, unadjusted_ci_low double precision,
  unadjusted_ci_high double precision, unadjusted_p_value double precision, variance_reduction double precision,
  method text
);

comment on type stats.effect_numbers is 'A comparison in numbers, under the names of experiment_effects.';

create type stats.compared as (
  control stats.readout, variant stats.readout, adjusted_control stats.readout, adjusted_variant stats.readout
);

comment on type stats.compared is 'What two arms say, plain and adjusted for what was before; adjusted is null where there is no past that varies.';

create type stats.effect as (numbers stats.effect_numbers, reason_code text, lift_reason text);

comment on type stats.effect is 'A comparison in numbers, and why some of them are absent.';

create or replace function stats.is_adjusted(arms stats.compared) returns boolean
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return coalesce((arms.adjusted_control).variance + (arms.adjusted_variant).variance
    < (arms.control).variance + (arms.variant).variance, false);
end
$$;

comment on function stats.is_adjusted(stats.compared) is 'True where what was before makes the standard error of the difference smaller: then the adjusted readouts are shown.';

create or replace function stats.shown_arms(arms stats.compared) returns stats.compared
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return case when stats.is_adjusted(arms) then row(
    row((arms.control).n, (arms.adjusted_control).value, (arms.adjusted_control).variance, (arms.adjusted_control).spread),
    row((arms.variant).n, (arms.adjusted_variant).value, (arms.adjusted_variant).variance, (arms.adjusted_variant).spread),
    null, null)::stats.compared else row(arms.control, arms.variant, null, null)::stats.compared end;
end
$$;

comment on function stats.shown_arms(stats.compared) is
'The readouts that are shown: adjusted ones where they are surer. They count as many units as the plain ones.';

create or replace function stats.contrast_of(other stats.estimate, raw stats.contrast) returns stats.contrast
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return row(raw.n_control, raw.n_variant, raw.mean_control, raw.mean_variant, other.estimate, other.std_error,
    other.degrees_of_freedom, other.ci_low, other.ci_high, other.p_value,
    case when other.p_value > 0 then log(other.p_value) end, other.reason_code)::stats.contrast;
end
$$;

comment on function stats.contrast_of(stats.estimate, stats.contrast) is
'An estimate that was made another way (over clusters), in the place of the difference of two readouts.';

create or replace function stats.effect_of(
  arms stats.compared, method text, higher_is_better boolean default true, alpha double precision default 0.05,
  tuning double precision default 5000, instead stats.estimate default null
) returns stats.effect
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  raw constant stats.contrast := stats.contrast(arms.control, arms.variant, alpha);
  is_other constant boolean := (instead).std_error is not null;
  is_adjusted constant boolean := not is_other and (arms.adjusted_control).variance is not null and stats.is_adjusted(arms);
  seen constant stats.compared := case when is_adjusted then stats.shown_arms(arms) else arms end;
  shown constant stats.contrast := case when is_other then stats.contrast_of(instead, raw)
    when is_adjusted then stats.contrast(seen.control, seen.variant, alpha) else raw end;
  always constant stats.sequence := case when is_other
    then stats.confidence_sequence(shown.difference, shown.std_error, raw.n_control + raw.n_variant, alpha, tuning)
    else stats.anytime_of(seen.control, seen.variant, shown.reason_code, alpha, tuning) end;
  rel constant stats.relative := stats.lift_of(
    seen.control, seen.variant, case when is_other then raw.reason_code else shown.reason_code end, alpha, false);
  belief constant stats.posterior := stats.bayes_normal(
    shown.difference, shown.std_error, higher_is_better => higher_is_better, alpha => alpha);
begin
  return row(row(
    coalesce(raw.n_control, 0)::bigint, coalesce(raw.n_variant, 0)::bigint, raw.mean_control, raw.mean_variant,
    shown.difference, shown.std_error, shown.degrees_of_freedom, shown.ci_low, shown.ci_high, shown.p_value, shown.log10_p,
    always.ci_low, always.ci_high, always.p_value, rel.lift, rel.ci_low, rel.ci_high,
    belief.chance_to_win, belief.risk_ship, belief.risk_keep,
    raw.difference, raw.std_error, raw.ci_low, raw.ci_high, raw.p_value,
    case when is_adjusted then stats.variance_reduction(raw, shown) end,
    case when is_other then 'cluster_cr1' when is_adjusted then 'cuped_' || method else method end
    )::stats.effect_numbers, shown.reason_code, rel.reason_code)::stats.effect;
end
$$;

comment on function stats.effect_of(stats.compared, text, boolean, double precision, double precision, stats.estimate) is
E'Everything that two arms say of a comparison: adjusted for the past where that makes the standard error smaller, else plain.\nn and means are always the plain ones. tuning is how many units are planned; instead takes the place of the difference (clusters).';

create or replace function stats.verdict(
  difference double precision, p double precision, higher_is_better boolean, alpha double precision default 0.05,
  reason_code text default null
) returns text
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return case
    when reason_code is not null then null
    when p is null or difference is null then 'waiting'
    when p >= alpha then 'undecided'
    when (difference > 0) = higher_is_better then 'better'
    else 'worse'
  end;
end
$$;

comment on function stats.verdict(double precision, double precision, boolean, double precision, text) is
E'better or worse when the corrected any-time p is below alpha, else undecided; waiting while there is no such p yet.\nNull where a reason_code says that there is nothing to believe.';
