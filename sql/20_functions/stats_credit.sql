-- Credit for a joint change among the steps that made it up, when each combination of old and new steps was run.
create or replace function stats.set_share(size integer, of_all integer) returns double precision
language sql immutable strict parallel safe
set search_path = ''
return factorial(size) * factorial(of_all - size - 1) / factorial(of_all);

comment on function stats.set_share(integer, integer) is 'How often, over all orders of so many players, exactly this set of so many others comes before one: s! (n - s - 1)! / n!.';

create or replace function stats.owen_weight(player integer, cell integer, unions integer[]) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  own constant integer := (select bit_or(1 << (j - 1)::integer) from unnest(unions) with ordinality u (name, j)
    where name = unions[player]);
  me constant integer := 1 << (player - 1);
  whole_before integer := 0;
  union_mask integer;
begin
  for union_mask in
    select bit_or(1 << (j - 1)::integer) from unnest(unions) with ordinality u (name, j)
    where name <> unions[player] group by name
  loop
    -- A union comes as a whole or not at all.
    if cell & union_mask not in (0, union_mask) then
      return 0;
    end if;
    whole_before := whole_before + (cell & union_mask > 0)::integer;
  end loop;
  return case when cell & me > 0 then 1 else -1 end
    * stats.set_share(whole_before, (select count(distinct name) from unnest(unions) name)::integer)
    * stats.set_share(stats.bits(cell & own & ~me), stats.bits(own));
end
$$;

comment on function stats.owen_weight(integer, integer, integer[]) is
E'What a cell''s mean weighs in a player''s Owen (1977) value; unions names each player''s union.\nWith a union for each player it is Shapley''s (1953) value.';

create or replace function stats.owen(
  players text[], unions integer[], cells stats.readout[], alpha double precision default 0.05
) returns table (
  player text, credit numeric, total double precision,
  std_error double precision, degrees_of_freedom double precision,
  ci_low double precision, ci_high double precision, p_value double precision, reason_code text
)
language sql immutable parallel safe rows 3
set search_path = ''
as $$
  with whole as (
    select cells[cardinality(cells)].value - cells[1].value as difference
    where stats.factor_count(cardinality(cells)) = cardinality(players) and cardinality(unions) = cardinality(players)
  ),
  credits as (
    select i, stats.estimate_of(stats.weighed(
      (select array_agg(stats.owen_weight(i::integer, cell, unions) order by cell) from generate_series(0, cardinality(cells) - 1) cell),
      cells), alpha) as e
    from whole cross join generate_subscripts(players, 1) i
  ),
  exact as (
    select w.difference, stats.exact_parts(array_agg((c.e).estimate order by i), w.difference) as parts
    from whole w cross join credits c group by w.difference
  )
  select players[i], x.parts[i], x.difference, (c.e).std_error, (c.e).degrees_of_freedom, (c.e).ci_low, (c.e).ci_high,
    (c.e).p_value, (c.e).reason_code
  from credits c cross join exact x
  order by i
$$;

comment on function stats.owen(text[], integer[], stats.readout[], double precision) is
E'One row per step: its share of the difference between all steps new and all old, averaged over the orders in which unions of steps, and steps inside a union, could have been switched. Owen (1977); standard error by the delta method: a credit is linear in cell means.\nCells in order of their bits, as in factorial_effects; up to six steps. Credits add up to total, to the last digit. No rows when there are not 2^k cells.';

create or replace function stats.shapley(players text[], cells stats.readout[], alpha double precision default 0.05)
returns table (
  player text, credit numeric, total double precision,
  std_error double precision, degrees_of_freedom double precision,
  ci_low double precision, ci_high double precision, p_value double precision, reason_code text
)
language sql immutable parallel safe rows 3
set search_path = ''
as $$
  select o.* from stats.owen(players, (select array_agg(i) from generate_subscripts(players, 1) i), cells, alpha) o
$$;

comment on function stats.shapley(text[], stats.readout[], double precision) is
'One row per step: its share of the difference between all steps new and all old, averaged over all orders in which they could have been switched. Shapley (1953). See owen.';
