-- Which items of one list are which items of another: the base of every diff and merge. Deterministic, and bounded:
-- a longest common subsequence where that is cheap, a good one where it is not.
create or replace function private.longest_chain(values_in_order integer[]) returns integer[]
language plpgsql immutable
set search_path = ''
as $$
declare
  tails integer[] := '{}'::integer[];
  ends integer[] := '{}'::integer[];
  before integer[] := array_fill(null::integer, array[cardinality(values_in_order)]);
  chain integer[] := '{}'::integer[];
  value integer;
  tall integer;
  at_place integer;
begin
  for place in 1..cardinality(values_in_order) loop
    value := values_in_order[place];
    tall := width_bucket(value - 1, tails) + 1;
    if tails[tall] is distinct from value then
      tails[tall] := value;
      ends[tall] := place;
      before[place] := ends[tall - 1];
    end if;
  end loop;
  at_place := ends[cardinality(ends)];
  for place in reverse cardinality(ends)..1 loop
    chain[place] := at_place;
    at_place := before[at_place];
  end loop;
  return chain;
end
$$;

comment on function private.longest_chain(integer[]) is
'The places of a longest strictly increasing subsequence: of equal ones the first that can be built, always the same.';

create or replace function private.candidate_pairs(
  a integer[], b integer[], out left_at integer[], out right_at integer[], out is_exact boolean
)
language sql immutable
set search_path = ''
as $$
  with mine as (select n::integer, v, row_number() over (partition by v order by n) as rank
    from unnest(a) with ordinality as t (v, n)),
  yours as (select n::integer, v, row_number() over (partition by v order by n) as rank
    from unnest(b) with ordinality as t (v, n)),
  cost as (select coalesce(sum(x.times * y.times), 0) <= 60000 as is_low
    from (select v, count(*) as times from mine group by v) x
    join (select v, count(*) as times from yours group by v) y using (v))
  select coalesce(array_agg(m.n order by m.n, y.n desc), '{}'), coalesce(array_agg(y.n order by m.n, y.n desc), '{}'),
    (select is_low from cost)
  from mine m join yours y on y.v = m.v
  where m.rank = y.rank or (select is_low from cost)
$$;

comment on function private.candidate_pairs(integer[], integer[]) is
'Equal items, ordered so that a rising chain is a common subsequence: all of them, or, where those would be too many, the k-th occurrence with the k-th.';

create or replace function private.common_start(a integer[], b integer[]) returns integer
language plpgsql immutable
set search_path = ''
as $$
declare
  most integer := least(cardinality(a), cardinality(b));
  same integer := 0;
begin
  while same < most and a[same + 1] = b[same + 1] loop
    same := same + 1;
  end loop;
  return same;
end
$$;

comment on function private.common_start(integer[], integer[]) is 'How many items two lists begin with alike.';

create or replace function private.common_end(a integer[], b integer[], most integer) returns integer
language plpgsql immutable
set search_path = ''
as $$
declare
  same integer := 0;
begin
  while same < most and a[cardinality(a) - same] = b[cardinality(b) - same] loop
    same := same + 1;
  end loop;
  return same;
end
$$;

comment on function private.common_end(integer[], integer[], integer) is
'How many items, at most so many, two lists end with alike.';

create or replace function private.align_ids(a integer[], b integer[], depth integer default 0) returns integer[]
language plpgsql immutable
set search_path = ''
as $$
declare
  head integer := private.common_start(a, b);
  tail integer := private.common_end(a, b, least(cardinality(a), cardinality(b)) - head);
  middle_a integer[] := a[head + 1:cardinality(a) - tail];
  middle_b integer[] := b[head + 1:cardinality(b) - tail];
  start integer[] := array(select n from generate_series(1, head) n);
  finish integer[] := array(select cardinality(b) - tail + n from generate_series(1, tail) n);
begin
  if cardinality(middle_a) = 0 or cardinality(middle_b) = 0 or depth > 5 then
    return start || array_fill(null::integer, array[cardinality(middle_a)]) || finish;
  end if;
  return start
    || array(select m.j + head
      from unnest(private.align_middle(middle_a, middle_b, depth)) with ordinality as m (j, i) order by m.i)
    || finish;
end
$$;

comment on function private.align_ids(integer[], integer[], integer) is
'For every item of a list, the place of the same item in the other, in rising order; null where it has none.';

create or replace function private.align_middle(a integer[], b integer[], depth integer) returns integer[]
language plpgsql immutable
set search_path = ''
as $$
declare
  pairs record := private.candidate_pairs(a, b);
  matched integer[] := '{}'::integer[];
  last_j integer := 0;
  place integer;
begin
  foreach place in array private.longest_chain(pairs.right_at) loop
    matched := matched
      || private.align_gap(a, b, cardinality(matched), pairs.left_at[place], last_j, pairs.right_at[place], pairs.is_exact, depth)
      || pairs.right_at[place];
    last_j := pairs.right_at[place];
  end loop;
  return matched
    || private.align_gap(a, b, cardinality(matched), cardinality(a) + 1, last_j, cardinality(b) + 1, pairs.is_exact, depth);
end
$$;

comment on function private.align_middle(integer[], integer[], integer) is
'As align_ids, for lists that neither begin nor end alike.';

create or replace function private.align_gap(
  a integer[], b integer[], last_i integer, next_i integer, last_j integer, next_j integer, is_exact boolean, depth integer
) returns integer[]
language plpgsql immutable
set search_path = ''
as $$
begin
  if is_exact or next_i - last_i = 1 or next_j - last_j = 1 or cardinality(a) = next_i - last_i - 1 then
    return array_fill(null::integer, array[next_i - last_i - 1]);
  end if;
  return array(
    select m.j + last_j
    from unnest(private.align_ids(a[last_i + 1:next_i - 1], b[last_j + 1:next_j - 1], depth + 1))
      with ordinality as m (j, i)
    order by m.i);
end
$$;

comment on function private.align_gap(integer[], integer[], integer, integer, integer, integer, boolean, integer) is
'As align_ids, for what lies between two matches of a list; where the search was exact there is nothing more to find.';

create or replace function private.align(a text[], b text[]) returns integer[]
language sql immutable
set search_path = ''
as $$
  with items as (
    select 1 as side, n, v from unnest(a) with ordinality as t (v, n)
    union all select 2, n, v from unnest(b) with ordinality as t (v, n)),
  numbered as (select side, n, (dense_rank() over (order by v collate "C"))::integer as id from items)
  select private.align_ids(
    coalesce(array_agg(id order by n) filter (where side = 1), '{}'),
    coalesce(array_agg(id order by n) filter (where side = 2), '{}'))
  from numbered
$$;

comment on function private.align(text[], text[]) is
'For every text of a list, the place of the same text in the other list, in rising order; null where it has none.';
