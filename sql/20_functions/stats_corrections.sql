-- Many answers at once: p values that allow for how many were asked for. Order is kept, null stays null.
create or replace function stats.holm(p_values double precision[]) returns double precision[]
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  places constant integer[] := array(
    select i from unnest(p_values) with ordinality a (p, i) where p is not null order by p);
  n constant integer := cardinality(places);
  worst double precision := 0;
  adjusted double precision[] := array_fill(null::double precision, array[cardinality(p_values)]);
begin
  for k in 1..n loop
    worst := least(1, greatest(worst, p_values[places[k]] * (n - k + 1)));
    adjusted[places[k]] := worst;
  end loop;
  return adjusted;
end
$$;

comment on function stats.holm(double precision[]) is
'Adjusted p values that hold the chance of any false alarm: for primary metrics and arms. Holm (1979).';

create or replace function stats.benjamini_hochberg(p_values double precision[]) returns double precision[]
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  places constant integer[] := array(
    select i from unnest(p_values) with ordinality a (p, i) where p is not null order by p);
  n constant integer := cardinality(places);
  worst double precision := 1;
  adjusted double precision[] := array_fill(null::double precision, array[cardinality(p_values)]);
begin
  for k in reverse n..1 loop
    worst := least(worst, p_values[places[k]] * n / k);
    adjusted[places[k]] := worst;
  end loop;
  return adjusted;
end
$$;

comment on function stats.benjamini_hochberg(double precision[]) is
'Adjusted p values that hold the share of false alarms among the alarms: for secondary metrics and segments. Benjamini and Hochberg (1995).';
