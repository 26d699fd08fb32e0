-- Every design here is a weighted sum of readouts of independent cells: an interaction, a Shapley credit, a difference
-- in differences, a post-stratified effect. The sum of readouts is a readout again, so its error needs no formula of its own.
create type stats.estimate as (
  estimate double precision, std_error double precision, degrees_of_freedom double precision,
  ci_low double precision, ci_high double precision, p_value double precision, reason_code text
);

comment on type stats.estimate is 'What was found: the estimate, its standard error, degrees of freedom, interval and two-sided p, or the reason why a part of it is absent.';

create or replace function stats.usable(series double precision[]) returns double precision[]
language sql immutable strict parallel safe
set search_path = ''
return (select array_agg(case when abs(v) < 1e70 then v end order by i) from unnest(series) with ordinality u (v, i));

comment on function stats.usable(double precision[]) is
'The same numbers in the same places; null for NaN, infinity and what is beyond 1e70, where squares would overflow.';

create or replace function stats.weighed(weights double precision[], cells stats.readout[]) returns stats.readout
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  total stats.readout := row (0, 0, 0, 0);
  cell stats.readout;
begin
  if weights is null or cardinality(weights) is distinct from cardinality(cells)
    or not 1e5 > all (weights) or not -1e5 < all (weights) then
    return null;
  end if;
  for i in 1..cardinality(weights) loop
    cell := cells[i];
    continue when abs(weights[i]) < 1e-12;
    total.n := total.n + coalesce(cell.n, 0);
    total.value := total.value + weights[i] * cell.value;
    total.variance := total.variance + weights[i] ^ 2 * cell.variance;
    total.spread := total.spread + weights[i] ^ 4 * cell.spread;
  end loop;
  return total;
end
$$;

comment on function stats.weighed(double precision[], stats.readout[]) is
'The sum of weight × readout over independent cells, as a readout. A cell without a value leaves the sum without one, unless its weight is 0.';

create or replace function stats.estimate_of(
  cell stats.readout, alpha double precision default 0.05, degrees_of_freedom double precision default null
) returns stats.estimate
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  answer stats.estimate;
  half double precision;
begin
  answer.estimate := cell.value;
  answer.std_error := sqrt(cell.variance);
  answer.reason_code := case
    when coalesce(cell.n, 0) = 0 then 'no_subjects'
    when cell.value is null then 'no_value'
    when cell.variance is null then 'too_few_subjects'
    when cell.variance <= 0 then 'zero_variance'
  end;
  if answer.reason_code is not null then
    return answer;
  end if;
  answer.degrees_of_freedom := coalesce(
    case when degrees_of_freedom <= 'infinity' then degrees_of_freedom end, cell.variance ^ 2 / nullif(cell.spread, 0));
  if answer.degrees_of_freedom = 'infinity' then
    half := stats.normal_quantile(1 - alpha / 2) * answer.std_error;
    answer.p_value := stats.normal_two_sided_p(answer.estimate / answer.std_error);
  else
    half := stats.t_critical(alpha, answer.degrees_of_freedom) * answer.std_error;
    answer.p_value := stats.t_two_sided_p(answer.estimate / answer.std_error, answer.degrees_of_freedom);
  end if;
  answer.ci_low := answer.estimate - half;
  answer.ci_high := answer.estimate + half;
  return answer;
end
$$;

comment on function stats.estimate_of(stats.readout, double precision, double precision) is
E'A readout against 0. Degrees of freedom: Satterthwaite''s (1946) unless given; infinity means the normal distribution.\nWhat cannot be computed is null with a reason: no_subjects, no_value (a cell has none), too_few_subjects, zero_variance.';

create or replace function stats.exact_parts(parts double precision[], total double precision) returns numeric[]
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  target numeric;
  size double precision;
  digits integer;
  rounded numeric[];
  largest integer;
  gap numeric;
begin
  -- Of whatever shape.
  parts := array(select p from unnest(parts) p);
  select max(abs(p)), bool_and(p > '-infinity' and p < 'infinity')::integer into size, digits from unnest(parts) p;
  if digits is distinct from 1 or total is null or not (total > '-infinity' and total < 'infinity')
    or array_position(parts, null) is not null then
    return null;
  end if;
  target := total::text::numeric;
  digits := greatest(scale(target), coalesce(17 - floor(log(nullif(greatest(size, abs(total)), 0)))::integer, 0));
  rounded := (select array_agg(round(p::text::numeric, digits) order by n) from unnest(parts) with ordinality u (p, n));
  gap := target - (select sum(p) from unnest(rounded) p);
  -- Only rounding may be hidden in a part. A real gap is somebody's mistake, and has no parts.
  if abs(gap) > 1e-9 * (select sum(abs(p)) from unnest(rounded) p) + 1e-9 * abs(target) then
    return null;
  end if;
  largest := (select n from unnest(parts) with ordinality u (p, n) order by abs(p) desc, n limit 1);
  rounded[largest] := rounded[largest] + gap;
  return rounded;
end
$$;

comment on function stats.exact_parts(double precision[], double precision) is
E'The parts of a total as decimal numbers that add up to the total''s shortest decimal, to the last digit: what rounding left over goes to the largest part.\nNull when a part is absent, or when the parts miss the total by more than rounding (1e-9 relative).';
