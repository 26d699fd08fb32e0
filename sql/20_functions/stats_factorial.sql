-- Factorial designs of two-level factors from their cells. Cell i of 2^k, counted from 0, has factor j at its new level
-- when bit j - 1 of i is set: 0 is all old, 2^k - 1 all new.
create or replace function stats.bits(mask integer) returns integer
language sql immutable strict parallel safe
set search_path = ''
return bit_count(mask::bit(32))::integer;

comment on function stats.bits(integer) is 'How many bits are set.';

create or replace function stats.factor_count(cells integer) returns integer
language sql immutable strict parallel safe
set search_path = ''
return case when cells between 2 and 64 and stats.bits(cells) = 1 then stats.bits(cells - 1) end;

comment on function stats.factor_count(integer) is 'k when there are 2^k cells, from 1 to 6; null otherwise.';

create or replace function stats.names_in(mask integer, names text[]) returns text[]
language sql immutable strict parallel safe
set search_path = ''
return (select array_agg(n order by j) from unnest(names) with ordinality u (n, j) where mask & (1 << (j - 1)::integer) > 0);

comment on function stats.names_in(integer, text[]) is 'The names whose bits are set.';

create or replace function stats.factorial_weights(k integer, mask integer) returns double precision[]
language sql immutable strict parallel safe
set search_path = ''
return (
  select array_agg((-1) ^ stats.bits(mask & ~cell) / 2 ^ (k - stats.bits(mask)) order by cell)
  from generate_series(0, (1 << k) - 1) cell where k between 1 and 6 and mask between 0 and 63
);

comment on function stats.factorial_weights(integer, integer) is
'What each of 2^k cells weighs in the main effect or interaction of the factors in mask, coded -0.5 and +0.5.';

create or replace function stats.factorial_effects(
  factors text[], cells stats.readout[], alpha double precision default 0.05
) returns table (
  factors_of text[], interaction_order integer,
  estimate double precision, std_error double precision, degrees_of_freedom double precision,
  ci_low double precision, ci_high double precision, p_value double precision, reason_code text, p_holm double precision
)
language sql immutable parallel safe rows 7
set search_path = ''
as $$
  with effects as (
    select mask, e.*
    from stats.factor_count(cardinality(cells)) k
    cross join lateral generate_series(1, (1 << k) - 1) mask
    cross join lateral stats.estimate_of(stats.weighed(stats.factorial_weights(k, mask), cells), alpha) e
    where k = cardinality(factors)
  ),
  corrected as (select stats.holm(array_agg(p_value order by stats.bits(mask), mask)) as p from effects)
  select stats.names_in(mask, factors), stats.bits(mask), estimate, std_error, degrees_of_freedom, ci_low, ci_high, p_value,
    reason_code, c.p[row_number() over (order by stats.bits(mask), mask)]
  from effects cross join corrected c
  order by stats.bits(mask), mask
$$;

comment on function stats.factorial_effects(text[], stats.readout[], double precision) is
E'One row per main effect and interaction of up to six two-level factors: the coefficient of regression on all products of factors coded -0.5 and +0.5 with HC2 errors (MacKinnon and White, 1985), from cell means alone; Holm''s (1979) p over all rows.\nCells in order of their bits. No rows when there are not 2^k cells.';

create or replace function stats.experiment_interaction(
  neither stats.readout, only_first stats.readout, only_second stats.readout, together stats.readout,
  alpha double precision default 0.05
) returns stats.estimate
language sql immutable parallel safe
set search_path = ''
return stats.estimate_of(stats.weighed(array[1, -1, -1, 1], array[neither, only_first, only_second, together]), alpha);

comment on function stats.experiment_interaction(stats.readout, stats.readout, stats.readout, stats.readout, double precision) is
'Two experiments that share units: by how much the effect of the first differs where the second''s variant was there too. Cells: units with control in both, with the first''s variant alone, the second''s alone, both.';
