-- An effect in strata: is it one effect, what is it in the mix of all, and does the pooled one mislead.
create or replace function stats.differences(controls stats.readout[], variants stats.readout[]) returns stats.readout[]
language sql immutable parallel safe
set search_path = ''
return (
  select array_agg(stats.weighed(array[-1, 1], array[controls[i], variants[i]]) order by i)
  from generate_series(1, greatest(cardinality(controls), cardinality(variants))) i
);

comment on function stats.differences(stats.readout[], stats.readout[]) is 'Variant minus control in each stratum, as readouts.';

create or replace function stats.strata_effects(
  strata text[], controls stats.readout[], variants stats.readout[], alpha double precision default 0.05
) returns table (
  stratum text, n_control double precision, n_variant double precision,
  mean_control double precision, mean_variant double precision,
  difference double precision, std_error double precision, degrees_of_freedom double precision,
  ci_low double precision, ci_high double precision, p_value double precision, log10_p double precision, reason_code text
)
language sql immutable parallel safe rows 10
set search_path = ''
as $$
  select strata[i], c.* from generate_subscripts(strata, 1) i cross join lateral stats.contrast(controls[i], variants[i], alpha) c
  order by i
$$;

comment on function stats.strata_effects(text[], stats.readout[], stats.readout[], double precision) is
'One row per stratum, in the order given: its contrast.';

create type stats.pooled_strata as (
  strata integer, fixed_estimate double precision, fixed_std_error double precision,
  q_statistic double precision, q_degrees_of_freedom integer, q_p_value double precision,
  i2 double precision, tau2 double precision,
  random_estimate double precision, random_std_error double precision
);

comment on type stats.pooled_strata is 'Effects of strata put together by their precision, with how much they differ: Q, I², tau².';

create or replace function stats.pooled_strata(differences stats.readout[]) returns stats.pooled_strata
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  answer stats.pooled_strata;
  sum_w double precision;
  sum_w2 double precision;
begin
  select count(*), sum(1 / d.variance), sum(1 / d.variance ^ 2), sum(d.value / d.variance) / sum(1 / d.variance)
    into answer.strata, sum_w, sum_w2, answer.fixed_estimate
  from unnest(differences) d where d.variance > 0;
  if answer.strata = 0 then
    return answer;
  end if;
  answer.fixed_std_error := sqrt(1 / sum_w);
  answer.q_statistic := (
    select sum((d.value - answer.fixed_estimate) ^ 2 / d.variance) from unnest(differences) d where d.variance > 0);
  answer.q_degrees_of_freedom := answer.strata - 1;
  answer.q_p_value := stats.chi2_sf(answer.q_statistic, answer.q_degrees_of_freedom);
  answer.i2 := greatest(0, 1 - answer.q_degrees_of_freedom / nullif(answer.q_statistic, 0));
  answer.tau2 := greatest(0, (answer.q_statistic - answer.q_degrees_of_freedom) / nullif(sum_w - sum_w2 / sum_w, 0));
  select sum(d.value / (d.variance + answer.tau2)) / sum(1 / (d.variance + answer.tau2)),
    sqrt(1 / sum(1 / (d.variance + answer.tau2)))
    into answer.random_estimate, answer.random_std_error
  from unnest(differences) d where d.variance > 0;
  return answer;
end
$$;

comment on function stats.pooled_strata(stats.readout[]) is
E'Fixed effect by inverse variance, Cochran''s (1954) Q, Higgins'' (2002) I² as a share, DerSimonian and Laird''s (1986) tau², never below 0, and the random effect with it.\nA stratum without any spread would weigh infinitely: it is not counted here.';

create or replace function stats.poststratified(differences stats.readout[]) returns stats.readout
language sql immutable parallel safe
set search_path = ''
return (
  select stats.combined(array_agg(row (d.n, d.value, d.variance, d.spread)::stats.readout), array_agg(d.n))
  from unnest(differences) d where d.variance is not null
);

comment on function stats.poststratified(stats.readout[]) is
E'The effect in the mix of all subjects: each stratum''s difference weighs as many subjects as it has, both arms together.\nThe same as regression on centred strata with interactions (Lin, 2013). A stratum whose variance is unknown is left out.';

create or replace function stats.stratified_effect(
  controls stats.readout[], variants stats.readout[], alpha double precision default 0.05
) returns table (
  strata integer, strata_left_out integer,
  fixed_estimate double precision, fixed_std_error double precision,
  q_statistic double precision, q_degrees_of_freedom integer, q_p_value double precision,
  i2 double precision, tau2 double precision, random_estimate double precision, random_std_error double precision,
  poststratified_estimate double precision, poststratified_std_error double precision,
  poststratified_degrees_of_freedom double precision, poststratified_ci_low double precision,
  poststratified_ci_high double precision, poststratified_p_value double precision, reason_code text
)
language sql immutable parallel safe rows 1
set search_path = ''
as $$
  with strata as (select stats.differences(controls, variants) as d),
  known as (
    select count(*) filter (where u.variance is not null)::integer as n, count(*)::integer as asked
    from strata s cross join unnest(s.d) u
  )
  select k.n, k.asked - k.n, p.fixed_estimate, p.fixed_std_error, p.q_statistic, p.q_degrees_of_freedom, p.q_p_value,
    p.i2, p.tau2, p.random_estimate, p.random_std_error, e.*
  from strata s
  cross join known k
  cross join stats.pooled_strata(s.d) p
  cross join stats.estimate_of(stats.poststratified(s.d), alpha) e
$$;

comment on function stats.stratified_effect(stats.readout[], stats.readout[], double precision) is
E'One row: the strata put together by precision (fixed), with room for real differences (random), and by size (post-stratified: the effect in the mix of all), and whether they differ (Q, I² as a share).\nA stratum with fewer than two subjects in an arm is left out, and counted.';

create or replace function stats.simpson(
  controls stats.readout[], variants stats.readout[]
) returns table (
  pooled_difference double precision, poststratified_difference double precision, std_error double precision,
  mix_statistic double precision, mix_degrees_of_freedom integer, mix_p_value double precision, warning boolean
)
language sql immutable parallel safe rows 1
set search_path = ''
as $$
  with arms as (
    select (select sum(c.n * c.value) / nullif(sum(c.n), 0) from unnest(controls) c where c.n > 0) as control,
      (select sum(v.n * v.value) / nullif(sum(v.n), 0) from unnest(variants) v where v.n > 0) as variant,
      stats.poststratified(stats.differences(controls, variants)) as p,
      (select array[array_agg(coalesce((controls[i]).n, 0)), array_agg(coalesce((variants[i]).n, 0))]
        from generate_series(1, greatest(cardinality(controls), cardinality(variants))) i) as counts
  )
  select a.variant - a.control, (a.p).value, sqrt((a.p).variance), x.statistic, x.degrees_of_freedom, x.p_value,
    ((a.variant - a.control) * (a.p).value < 0
      or abs(a.variant - a.control - (a.p).value) > 2 * sqrt((a.p).variance)) and x.p_value < 0.001
  from arms a
  cross join lateral stats.contingency_chi2(a.counts) x
$$;

comment on function stats.simpson(stats.readout[], stats.readout[]) is
E'One row: does the pooled difference mislead? A warning when the arms'' mixes of strata differ (chi-square, p below 0.001) and the pooled difference has another sign than the post-stratified one, or lies more than two of its standard errors away.\nSimpson (1951). Pooled over means; for ratios over subjects.';
