-- Many answers at once: p values that allow for how many were asked for. Order is kept, null stays null.
create or replace function stats.holm(p_values double precision[]) returns double precision[]
language sql immutable strict parallel safe
set search_path = ''
as $$
  with ranked as (
    select i, p, count(p) over () - row_number() over (order by p) + 1 as times
    from unnest(p_values) with ordinality a (p, i) where p is not null
  ),
  adjusted as (select i, least(1, max(p * times) over (order by p, times desc)) as p from ranked)
  select coalesce(array_agg(j.p order by a.i), '{}')
  from unnest(p_values) with ordinality a (p, i) left join adjusted j on j.i = a.i
$$;

comment on function stats.holm(double precision[]) is
'Adjusted p values that hold the chance of any false alarm: for primary metrics and arms. Holm (1979).';

create or replace function stats.benjamini_hochberg(p_values double precision[]) returns double precision[]
language sql immutable strict parallel safe
set search_path = ''
as $$
  with ranked as (
    select i, p, count(p) over ()::double precision / row_number() over by_p as times, row_number() over by_p as place
    from unnest(p_values) with ordinality a (p, i) where p is not null
    window by_p as (order by p)
  ),
  adjusted as (select i, least(1, min(p * times) over (order by place desc)) as p from ranked)
  select coalesce(array_agg(j.p order by a.i), '{}')
  from unnest(p_values) with ordinality a (p, i) left join adjusted j on j.i = a.i
$$;

comment on function stats.benjamini_hochberg(double precision[]) is
'Adjusted p values that hold the share of false alarms among the alarms: for secondary metrics and segments. Benjamini and Hochberg (1995).';
