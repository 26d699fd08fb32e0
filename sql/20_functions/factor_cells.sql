-- A full factorial experiment as cells: the readout of each combination of two levels, in order of the factors' bits.
create or replace function private.factor_design(experiment_id uuid) returns table (factor_ids uuid[], factor_keys text[], variant_ids uuid[])
language sql stable rows 1
set search_path = ''
as $$
  with factors as (
    select f.id, f.key, (row_number() over (order by f.position, f.key))::integer as bit, (
        select array_agg(l.id order by l.position, l.key) from public.factor_levels l where l.factor_id = f.id) as levels
    from public.factors f where f.experiment_id = factor_design.experiment_id
  ),
  arms as (
    select v.variant_id, sum(case v.level_id when f.levels[2] then 1 << (f.bit - 1) else 0 end) as cell
    from public.variant_levels v join factors f on f.id = v.factor_id
    where v.experiment_id = factor_design.experiment_id
    group by v.variant_id having count(*) = (select count(*) from factors)
  )
  select k.ids, k.keys, a.variants
  from (select array_agg(f.id order by f.bit) as ids, array_agg(f.key order by f.bit) as keys, bool_and(cardinality(f.levels) = 2) as are_two
    from factors f) k
  cross join (select array_agg(x.variant_id order by x.cell) as variants, count(distinct x.cell) as cells, min(x.cell) as first_cell
    from arms x) a
  where k.are_two and cardinality(k.ids) <= 6 and a.cells = 1 << cardinality(k.ids) and cardinality(a.variants) = a.cells
$$;

comment on function private.factor_design(uuid) is
'One row when an experiment is a full factorial of up to six factors with two levels each: its factors, and its arms in order of their bits, the control''s levels first. Else none.';

create or replace function private.factor_cells(experiment_id uuid) returns table (
  about private.effect_about, difference double precision, reason_code text, factor_ids uuid[], factor_keys text[], cells stats.readout[]
)
language sql stable rows 3
set search_path = ''
as $$
  with found as materialized (select f.* from private.effect_rows(factor_cells.experiment_id, array['all'], null, null) f)
  select last_cell.about, (last_cell.numbers).unadjusted_difference, last_cell.reason_code, d.factor_ids, d.factor_keys, (
    select array_agg(case when u.n = 1 then last_cell.control else c.variant end order by u.n)
    from unnest(d.variant_ids) with ordinality u (id, n)
    left join found c on (c.about).variant_id = u.id and (c.about).metric_id = (last_cell.about).metric_id)
  from private.factor_design(factor_cells.experiment_id) d
  join found last_cell on (last_cell.about).variant_id = d.variant_ids[cardinality(d.variant_ids)]
$$;

comment on function private.factor_cells(uuid) is 'One row per metric of a full factorial experiment: what each combination of levels says, from all old to all new.';
