-- Which of the things that a deployment changed at once did it: told where a full factorial experiment ran exactly its two
-- versions, and everything between them.
create or replace function private.cell_of(variant_ids uuid[], action_id uuid, content_hash text) returns integer
language sql stable
set search_path = ''
return (
  select u.n - 1 from unnest(variant_ids) with ordinality u (id, n)
  join public.prompt_versions v on v.id = private.version_of(u.id, cell_of.action_id)
  where v.content_hash = cell_of.content_hash
  order by u.n limit 1
);

comment on function private.cell_of(uuid[], uuid, text) is 'The first cell of a design that runs this very content for an action; null when none does.';

create or replace function private.factorial_of(mark private.change_marks)
returns table (experiment_id uuid, from_cell integer, to_cell integer)
language sql stable rows 1
set search_path = ''
as $$
  with sides as (
    select c.action_id, c.intent_id, was.content_hash as was, becomes.content_hash as becomes
    from public.changes c
    join public.prompt_versions was on was.id = (c.detail ->> 'previous_version_id')::uuid
    join public.prompt_versions becomes on becomes.id = (c.detail ->> 'version_id')::uuid
    where c.id = (mark).change_id and cardinality((mark).fields) > 0
  ),
  known as (
    select e.id, e.started_at, private.cell_of(d.variant_ids, s.action_id, s.was) as from_cell,
      private.cell_of(d.variant_ids, s.action_id, s.becomes) as to_cell
    from sides s
    join public.experiments e on e.workspace_id = (mark).workspace_id and e.environment_id = (mark).environment_id
      and e.capability_id = (mark).capability_id and e.started_at is not null
    cross join lateral private.factor_design(e.id) d
    where private.is_over(e.id, s.action_id, s.intent_id)
  )
  select k.id, k.from_cell, k.to_cell from known k
  where k.from_cell <> k.to_cell
  order by k.started_at desc, k.id limit 1
$$;

comment on function private.factorial_of(private.change_marks) is
'The latest full factorial experiment over the scope whose arms ran the contents before and after a deployment, and in which cells; none when there is none.';

create or replace function private.between_cells(cells stats.readout[], from_cell integer, bits integer[]) returns stats.readout[]
language sql immutable
set search_path = ''
as $$
  select array_agg(cells[1 + (from_cell # switched.mask)] order by place)
  from generate_series(0, (1 << cardinality(bits)) - 1) place
  cross join lateral (
    select coalesce(bit_or(1 << bits[j]), 0) as mask from generate_subscripts(bits, 1) j where (place >> (j - 1)) & 1 = 1) as switched
$$;

comment on function private.between_cells(stats.readout[], integer, integer[]) is
'The cells between two of a design: some bits switched, the others as they are. In order of those bits.';

create type private.field_credit as (
  metric_id uuid, factor_id uuid, method text, difference double precision, std_error double precision,
  degrees_of_freedom double precision, ci_low double precision, ci_high double precision, p_value double precision,
  mean_before double precision, mean_after double precision, n_before bigint, n_after bigint, reason_code text
);

comment on type private.field_credit is 'What a deployment did to a metric, or one of the things that it changed.';

create or replace function private.field_credits(experiment_id uuid, from_cell integer, to_cell integer)
returns setof private.field_credit
language sql stable rows 6
set search_path = ''
as $$
  with switched as (select array_agg(i order by i) as bits from generate_series(0, 5) i where ((from_cell # to_cell) >> i) & 1 = 1),
  found as materialized (
    select (c.about).metric_id, c.factor_ids, c.reason_code, s.bits, array(select c.factor_keys[b + 1] from unnest(s.bits) b) as keys,
      c.factor_keys, private.between_cells(c.cells, from_cell, s.bits) as cells
    from private.factor_cells(field_credits.experiment_id) c cross join switched s
  )
  select f.metric_id, null::uuid, 'factorial_contrast', j.difference, j.std_error, j.degrees_of_freedom, j.ci_low, j.ci_high, j.p_value,
    j.mean_control, j.mean_variant, j.n_control::bigint, j.n_variant::bigint, coalesce(j.reason_code, f.reason_code)
  from found f cross join lateral stats.contrast(f.cells[1], f.cells[cardinality(f.cells)]) j
  union all
  select f.metric_id, f.factor_ids[array_position(f.factor_keys, p.player)], 'shapley', p.credit::double precision, p.std_error,
    p.degrees_of_freedom, p.ci_low, p.ci_high, p.p_value, null, null, null, null, coalesce(p.reason_code, f.reason_code)
  from found f cross join lateral stats.shapley(f.keys, f.cells) p
  where cardinality(f.bits) > 1
$$;

comment on function private.field_credits(uuid, integer, integer) is
'One row per metric for the step from one cell of a factorial experiment to another (factor_id is null), and one per thing that the step switches where it switches several: its Shapley credit. The credits add up to the step.';
