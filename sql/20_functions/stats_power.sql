-- How many subjects a comparison of two means needs, and what it can see with those that it gets.
create or replace function stats.subjects_needed(
  variance double precision, effect double precision, share0 double precision, share1 double precision,
  alpha double precision, power double precision
) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  spread constant double precision := variance * (1 / nullif(share0, 0) + 1 / nullif(share1, 0)) / nullif(effect, 0) ^ 2;
  reach double precision := stats.normal_quantile(1 - alpha / 2) + stats.normal_quantile(power);
  subjects double precision := spread * reach ^ 2;
begin
  if subjects is null then
    return null;
  end if;
  -- The t of so many subjects is a little wider than the normal: they are counted again with it.
  for round in 1..20 loop
    reach := stats.t_critical(alpha, greatest(subjects * (share0 + share1) - 2, 1))
      + stats.t_critical(2 * (1 - power), greatest(subjects * (share0 + share1) - 2, 1));
    exit when abs(spread * reach ^ 2 - subjects) < 1e-6 * subjects;
    subjects := spread * reach ^ 2;
  end loop;
  return greatest(ceil(subjects), 4);
end
$$;

comment on function stats.subjects_needed(
  double precision, double precision, double precision, double precision, double precision, double precision
) is E'Subjects, over all arms, until a two-sided Welch test at alpha sees the effect with this power; the two arms get share0 and share1 of them.\nThe usual approximation by central t: within a subject or two of the noncentral one. Power is above one half.';

create or replace function stats.detectable_effect(
  variance double precision, n0 double precision, n1 double precision, alpha double precision, power double precision
) returns double precision
language sql immutable strict parallel safe
set search_path = ''
return case when n0 >= 2 and n1 >= 2 then
  (stats.t_critical(alpha, n0 + n1 - 2) + stats.t_critical(2 * (1 - power), n0 + n1 - 2)) * sqrt(variance * (1 / n0 + 1 / n1))
end;

comment on function stats.detectable_effect(
  double precision, double precision, double precision, double precision, double precision
) is 'The smallest difference that a two-sided Welch test at alpha sees with this power; null with fewer than two subjects an arm.';
