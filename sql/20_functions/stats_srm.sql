-- Sample ratio: did the arms get the units that their weights promised?
create type stats.sample_ratio as (
  statistic double precision, degrees_of_freedom integer, p_value double precision, log10_p double precision,
  status text, reason_code text
);

comment on type stats.sample_ratio is 'ok, mismatch or not_enough_data, with the chi-square that says so; unexpected_arm when an arm of weight 0 has units.';

create or replace function stats.are_weighed(counts double precision[], weights double precision[]) returns boolean
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return (
    select coalesce(bool_and((n is null or n between 0 and 1e15) and (w is null or w = 0 or w between 1e-9 and 1e15)), true)
    from unnest(counts, weights) a (n, w));
end
$$;

comment on function stats.are_weighed(double precision[], double precision[]) is
'True when all are counts of arms (0 to 1e15) with weights (0, or 1e-9 to 1e15); an absent one is neither.';

create or replace function stats.srm(
  counts double precision[], weights double precision[], alpha double precision default 0.001
) returns stats.sample_ratio
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  answer stats.sample_ratio;
  smallest double precision;
  astray boolean;
begin
  if not stats.are_weighed(counts, weights) then
    return row(null, null, null, null, 'not_enough_data', 'bad_counts')::stats.sample_ratio;
  end if;
  select sum((n - total * w / whole) ^ 2 / (total * w / whole)), count(*) - 1, min(total * w / whole)
  into answer.statistic, answer.degrees_of_freedom, smallest
  from (select n, w, nullif(sum(n) over (), 0) as total, sum(w) over () as whole
    from unnest(counts, weights) a (n, w) where w > 0) arms;
  astray := exists (select from unnest(counts, weights) a (n, w) where n > 0 and coalesce(w, 0) <= 0);
  answer.p_value := stats.chi2_sf(answer.statistic, answer.degrees_of_freedom);
  answer.log10_p := stats.chi2_log10_sf(answer.statistic, answer.degrees_of_freedom);
  answer.reason_code := case when astray then 'unexpected_arm'
    when smallest is null then 'no_subjects' when answer.degrees_of_freedom < 1 then 'one_arm'
    when smallest < 5 then 'too_few_subjects' end;
  answer.status := case when astray then 'mismatch' when answer.reason_code is not null then 'not_enough_data'
    when answer.p_value < alpha then 'mismatch' else 'ok' end;
  return answer;
end
$$;

comment on function stats.srm(double precision[], double precision[], double precision) is
E'Pearson''s (1900) chi-square of counts against weights; degrees of freedom are the arms with a weight, less one.\nUnder five expected units in an arm nothing is judged. Reasons: unexpected_arm, no_subjects, one_arm, too_few_subjects, bad_counts.';

create type stats.anytime_ratio as (log_bayes_factor double precision, p_value double precision, status text, reason_code text);

comment on type stats.anytime_ratio is 'Evidence against the promised shares that may be looked at after every unit.';

create or replace function stats.srm_anytime(
  counts double precision[], weights double precision[], k double precision default 100,
  alpha double precision default 0.001
) returns stats.anytime_ratio
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  answer stats.anytime_ratio;
  total double precision;
begin
  if not stats.are_weighed(counts, weights) or not (k >= 1e-6 and k < 1e9) then
    return row(null, null, 'not_enough_data', case when k >= 1e-6 and k < 1e9 then 'bad_counts' else 'bad_prior' end)::stats.anytime_ratio;
  end if;
  select coalesce(sum(n), 0),
    sum(stats.ln_gamma(k * w / whole + n) - stats.ln_gamma(k * w / whole) - n * ln(w / whole))
  into total, answer.log_bayes_factor
  from (select n, w, sum(w) over () as whole from unnest(counts, weights) a (n, w) where w > 0) arms;
  answer.log_bayes_factor := answer.log_bayes_factor - (stats.ln_gamma(k + total) - stats.ln_gamma(k));
  answer.p_value := case when total > 0 then stats.exp_or_zero(-greatest(answer.log_bayes_factor, 0)) end;
  answer.reason_code := case
    when exists (select from unnest(counts, weights) a (n, w) where n > 0 and coalesce(w, 0) <= 0) then 'unexpected_arm'
    when total = 0 then 'no_subjects' end;
  answer.status := case when answer.reason_code = 'unexpected_arm' or answer.p_value < alpha then 'mismatch'
    when answer.reason_code is not null then 'not_enough_data' else 'ok' end;
  return answer;
end
$$;

comment on function stats.srm_anytime(double precision[], double precision[], double precision, double precision) is
E'The same question at any time: a Dirichlet(k · weights) mixture against the weights. Lindon and Malek (2022).\np = min(1, 1 / Bayes factor) stays below alpha with chance alpha however often it is looked at.';
