-- From units to sums: first by everything that tells units apart, then spread over what a page asks for.
create or replace function private.segments_of(names text[], attributes jsonb, known jsonb) returns jsonb
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  -- Asked for every unit, and most experiments declare none.
  return case when cardinality(names) = 0 then '{}' else (
    select coalesce(jsonb_object_agg(s.name, case when known -> s.name ? v.value then v.value else '(other)' end), '{}')
    from unnest(names) as s (name)
    cross join lateral (select left(coalesce(attributes ->> s.name, ''), 200)) as v (value)) end;
end
$$;

comment on function private.segments_of(text[], jsonb, jsonb) is
'The declared segments of a unit, from the attributes of its first exposure; empty text where it had none, (other) for what is not known.';

create or replace function private.dimensions_of(intent_id uuid, segments jsonb)
returns table (dimension text, segment text)
language plpgsql immutable parallel safe rows 2
set search_path = ''
as $$
begin
  return query
  select 'all', '' union all
  select 'intent', coalesce(intent_id::text, '') union all
  select 'attribute:' || s.key, s.value from jsonb_each_text(segments) s;
end
$$;

comment on function private.dimensions_of(uuid, jsonb) is 'The segments that a unit is summed in.';

create or replace function private.spread_moments(cells private.moment_cell[]) returns setof private.effect_moments
language plpgsql stable
set search_path = ''
set enable_nestloop = on
as $$
begin
  return query
  select c.workspace_id, c.experiment_id, c.metric_id, c.phase_id, c.variant_id, c.standing, s.dimension, s.segment,
    d.entry_day, sum(c.units_with_value)::bigint, sum(c.outcomes_used)::bigint, sum(c.outcomes_before)::bigint,
    sum(c.outcomes_after)::bigint, sum(c.y), sum(c.d), sum(c.x), sum(c.w), sum(c.yy), sum(c.yd), sum(c.yx), sum(c.yw),
    sum(c.dd), sum(c.dx), sum(c.dw), sum(c.xx), sum(c.xw), sum(c.ww)
  from unnest(cells) c
  cross join lateral private.dimensions_of(c.intent_id, c.segments) s
  cross join lateral (values (c.entry_day), ('infinity'::date)) as d (entry_day)
  group by 1, 2, 3, 4, 5, 6, 7, 8, 9;
end
$$;

comment on function private.spread_moments(private.moment_cell[]) is 'Sums by arm and cohort, for each segment and for the total of all cohorts.';

create or replace function private.spread_units(cells private.unit_cell[]) returns setof private.unit_cells
language plpgsql stable
set search_path = ''
as $$
begin
  return query
  select c.workspace_id, c.experiment_id, c.phase_id, c.variant_id, c.standing, s.dimension, s.segment, d.entry_day,
    sum(c.units)::bigint
  from unnest(cells) c
  cross join lateral private.dimensions_of(c.intent_id, c.segments) s
  cross join lateral (values (c.entry_day), ('infinity'::date)) as d (entry_day)
  group by 1, 2, 3, 4, 5, 6, 7, 8;
end
$$;

comment on function private.spread_units(private.unit_cell[]) is 'Units by arm and cohort, for each segment and for the total of all cohorts.';

create or replace function private.expected_cells(experiment_id uuid) returns setof private.unit_cells
language sql stable
set search_path = ''
as $$
  select s.* from private.spread_units(array(
    select (u.workspace_id, u.experiment_id, u.phase_id, u.variant_id, u.standing, u.intent_id, u.segments, u.entry_day,
      count(*))::private.unit_cell
    from private.experiment_units u where u.experiment_id = expected_cells.experiment_id
    group by u.workspace_id, u.experiment_id, u.phase_id, u.variant_id, u.standing, u.intent_id, u.segments, u.entry_day)) s
$$;

comment on function private.expected_cells(uuid) is 'How many units an experiment has by arm, cohort and segment, counted anew.';

create or replace function private.cells_of_values(
  experiment_id uuid, units text[] default null, by_segment boolean default true
) returns setof private.moment_cell
language plpgsql stable
set search_path = ''
-- With or without a list of units is not the same road.
set plan_cache_mode = force_custom_plan
set extra_float_digits = 1
as $$
begin
  return query
  select u.workspace_id, u.experiment_id, v.metric_id, u.phase_id, u.variant_id, u.standing, k.intent_id, k.segments,
    u.entry_day, count(*) filter (where v.outcomes_used > 0), sum(v.outcomes_used)::bigint, sum(v.outcomes_before)::bigint,
    sum(v.outcomes_after)::bigint, sum(n.y), sum(n.d), sum(n.x), sum(n.w), sum(n.y * n.y), sum(n.y * n.d), sum(n.y * n.x),
    sum(n.y * n.w), sum(n.d * n.d), sum(n.d * n.x), sum(n.d * n.w), sum(n.x * n.x), sum(n.x * n.w), sum(n.w * n.w)
  from private.unit_values v
  join private.experiment_units u on u.experiment_id = v.experiment_id and u.unit_id = v.unit_id
  cross join lateral (
    select case when by_segment then u.intent_id end, case when by_segment then u.segments else '{}' end) as k (intent_id, segments)
  cross join lateral (select case when v.y = trunc(v.y) and abs(v.y) < 1e15 then v.y::bigint::numeric else v.y::text::numeric end,
    case when v.d = trunc(v.d) and abs(v.d) < 1e15 then v.d::bigint::numeric else v.d::text::numeric end,
    case when v.x = trunc(v.x) and abs(v.x) < 1e15 then v.x::bigint::numeric else v.x::text::numeric end,
    case when v.w = trunc(v.w) and abs(v.w) < 1e15 then v.w::bigint::numeric else v.w::text::numeric end
    -- Else each use would convert it again.
    offset 0) as n (y, d, x, w)
  where v.experiment_id = cells_of_values.experiment_id and u.experiment_id = cells_of_values.experiment_id
    and (units is null or u.unit_id = any (units))
  group by u.workspace_id, u.experiment_id, v.metric_id, u.phase_id, u.variant_id, u.standing, k.intent_id, k.segments,
    u.entry_day;
end
$$;

comment on function private.cells_of_values(uuid, text[], boolean) is
'What an experiment''s units are worth, summed: all of them, or some; by segment, or all segments together.';

create or replace function private.expected_moments(experiment_id uuid) returns setof private.effect_moments
language sql stable
set search_path = ''
set enable_nestloop = off
set enable_sort = off
as $$
  select s.* from private.spread_moments(array(
    select c from private.cells_of_values(expected_moments.experiment_id) c)) s
$$;

comment on function private.expected_moments(uuid) is 'The moments of an experiment by arm, cohort and segment, summed anew.';
