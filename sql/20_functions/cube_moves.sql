-- From events to cells: what is above the line and what below it, summed by bucket.
-- A ratio is its numerator over its denominator. A metric of calls is its sum over how many calls said it; so is a metric
-- of outcomes that leaves absence out, over how many outcomes. Where absence is zero, calls stand below the line.
create type private.cube_move as (
  workspace_id uuid, experiment_id uuid, metric_id uuid, phase_id uuid, variant_id uuid, standing text, intent text,
  action text, model text, day date, buckets integer[], y numeric[], d numeric[]
);

comment on type private.cube_move is 'By how much some buckets of a cell change.';

create or replace view private.cube_parts with (security_invoker = true) as
with slots as (
  select s.*, m.when_absent = 'zero' and s.source = 'outcomes' and not s.is_ratio as is_per_call
  from private.metric_slots s
  join public.outcome_metrics m on m.id = s.metric_id
  where m.kind <> 'quantile'
),
parts as (
  select s.*, s.slot = 'y' as is_above, case when s.is_ratio then s.slot = 'd' else not s.is_per_call end as is_below from slots s
  union all
  select s.workspace_id, s.environment_id, s.experiment_id, s.unit_kind, s.metric_id, s.is_ratio, s.slot, 'calls',
    '00000000-0000-0000-0000-000000000000', s.fold, s.attribution_window, s.is_per_call, false, true
  from slots s where s.is_per_call
)
select p.experiment_id, p.metric_id, p.event_metric_id, p.source, p.attribution_window, p.is_ratio, p.is_above, p.is_below,
  null::uuid as phase_id, null::uuid as arm_id, 'infinity'::timestamptz as counts_until
from parts p
union all
select p.experiment_id, private.cut_metric(p.metric_id, k.phase_id, k.variant_id), p.event_metric_id, p.source, p.attribution_window,
  p.is_ratio, p.is_above, p.is_below, k.phase_id, c.id, k.counts_until
from parts p
join private.phase_cuts k on k.experiment_id = p.experiment_id
join public.variants c on c.experiment_id = p.experiment_id and c.is_control;

comment on view private.cube_parts is 'One row per experiment × metric × kind of event: whether its value is above the line of a slice, and whether it is counted below it. Controls of variants that were rolled back twice, as in counted_metrics.';

create or replace view private.cube_rules with (security_invoker = true) as
-- The row's own version, too: who is rebuilt is counted anew.
select c.experiment_id, md5(c.rules_hash || c.xmin::text
  || coalesce(string_agg(p::text, ',' order by p.metric_id, p.source, p.event_metric_id, p.is_above), '')) as rules
from private.counted_experiments c
left join private.cube_parts p on p.experiment_id = c.experiment_id
where c.experiment_id not in (select h.experiment_id from private.held_experiments h)
group by c.experiment_id, c.rules_hash, c.xmin::text;

comment on view private.cube_rules is 'One row per experiment that the compactor counts: what its cells depend on besides raw rows.';

create or replace function private.cube_moves(
  outcomes private.cube_outcome[], calls private.cube_event[], from_tx bigint, to_tx bigint, sign integer default 1,
  were private.cube_unit_news[] default '{}', alone uuid default null
) returns private.cube_move[]
language plpgsql stable
set search_path = ''
set enable_nestloop = off
set enable_sort = off
set plan_cache_mode = force_generic_plan
set extra_float_digits = 1
as $$
begin
  return array(
    with parts as materialized (
      select p.* from private.cube_parts p where p.experiment_id in (select x.experiment_id from private.cube_experiments x)
    ),
    told as (
      select s.*, (s.at at time zone 'UTC')::date as day, p.metric_id as to_metric_id, p.is_above, p.is_below, p.is_ratio, case p.source
          when 'latency_ms' then s.latency_ms when 'cost_usd' then s.cost_usd when 'input_tokens' then s.input_tokens
          when 'output_tokens' then s.output_tokens when 'errors' then s.errors else s.value end as counted
      from private.cube_spots(outcomes, calls, from_tx, to_tx, were, alone) s
      join parts p on p.experiment_id = s.experiment_id and p.event_metric_id = s.metric_id
      where s.at < s.entered_at + p.attribution_window and s.at < p.counts_until
        and s.phase_id = coalesce(p.phase_id, s.phase_id) and s.variant_id = coalesce(p.arm_id, s.variant_id)
    ),
    exact as (
      select t.*, case when t.counted = trunc(t.counted) and abs(t.counted) < 1e15 then t.counted::bigint::numeric
        else t.counted::text::numeric end as sum
      from told t where t.counted is not null
    ),
    summed as (
      select e.workspace_id, e.experiment_id, e.to_metric_id, e.phase_id, e.variant_id, e.standing, e.intent_id, e.action, e.model,
        e.day, e.bucket, sign * coalesce(sum(e.sum) filter (where e.is_above), 0) as y,
        sign * (coalesce(sum(e.sum) filter (where e.is_below and e.is_ratio), 0) + count(*) filter (where e.is_below and not e.is_ratio)) as d
      from exact e
      group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    )
    select (s.workspace_id, s.experiment_id, s.to_metric_id, s.phase_id, s.variant_id, s.standing, coalesce(s.intent_id::text, ''),
      s.action, s.model, s.day, array_agg(s.bucket), array_agg(s.y), array_agg(s.d))::private.cube_move
    from summed s
    group by s.workspace_id, s.experiment_id, s.to_metric_id, s.phase_id, s.variant_id, s.standing, s.intent_id, s.action, s.model, s.day);
end
$$;

comment on function private.cube_moves(
  private.cube_outcome[], private.cube_event[], bigint, bigint, integer, private.cube_unit_news[], uuid
) is 'What a range of transactions, and some outcomes and calls of earlier ones, add to cells (1), or take from them (-1).';

create or replace function private.name_cube_values(moves private.cube_move[]) returns void
language plpgsql
set search_path = ''
as $$
begin
  insert into private.cube_values (experiment_id, dimension, value)
  select n.experiment_id, n.dimension, n.value
  from (
    select v.*, row_number() over (partition by v.experiment_id, v.dimension order by v.value) + (
      select count(*) from private.cube_values k where k.experiment_id = v.experiment_id and k.dimension = v.dimension) as place
    from (
      select distinct m.experiment_id, k.dimension, k.value
      from unnest(moves) m
      cross join lateral (values ('intent', m.intent), ('action', m.action), ('model', m.model)) as k (dimension, value)) v
    where v.value not in ('(all)', '(other)') and not exists (
      select from private.cube_values k where k.experiment_id = v.experiment_id and k.dimension = v.dimension and k.value = v.value)
  ) n
  where n.place <= 40;
end
$$;

comment on function private.name_cube_values(private.cube_move[]) is
'Gives new values cells of their own, as long as their dimension has fewer than forty; the others are counted together.';

create or replace function private.cube_fold(moves private.cube_move[]) returns setof private.cube_move
language plpgsql stable
set search_path = ''
set enable_nestloop = off
set enable_sort = off
set plan_cache_mode = force_generic_plan
as $$
begin
  return query
  with named as materialized (
    select row_number() over () as id, m.*, coalesce(i.value, '(other)') as own_intent, coalesce(a.value, '(other)') as own_action,
      coalesce(v.value, '(other)') as own_model
    from unnest(moves) m
    left join private.cube_values i on i.experiment_id = m.experiment_id and i.dimension = 'intent' and i.value = m.intent
    left join private.cube_values a on a.experiment_id = m.experiment_id and a.dimension = 'action' and a.value = m.action
    left join private.cube_values v on v.experiment_id = m.experiment_id and v.dimension = 'model' and v.value = m.model
  ),
  cells as materialized (
    select row_number() over () as n, n.workspace_id, n.experiment_id, n.metric_id, n.phase_id, n.variant_id, n.standing,
      coalesce(n.own_intent, '(all)') as intent, coalesce(n.own_action, '(all)') as action, coalesce(n.own_model, '(all)') as model,
      n.day, array_agg(n.id) as ids
    from named n
    group by n.workspace_id, n.experiment_id, n.metric_id, n.phase_id, n.variant_id, n.standing, n.day,
      grouping sets ((n.own_intent, n.own_action, n.own_model), (n.own_intent), (n.own_action), (n.own_model), ())
  ),
  spread as (
    select i.n, unnest(m.buckets) as bucket, unnest(m.y) as y, unnest(m.d) as d
    from (select c.n, unnest(c.ids) as id from cells c) i join named m on m.id = i.id
  ),
  summed as (
    select s.n, s.bucket, sum(s.y) as y, sum(s.d) as d from spread s group by s.n, s.bucket having sum(s.y) <> 0 or sum(s.d) <> 0
  ),
  listed as (select s.n, array_agg(s.bucket) as buckets, array_agg(s.y) as y, array_agg(s.d) as d from summed s group by s.n)
  select c.workspace_id, c.experiment_id, c.metric_id, c.phase_id, c.variant_id, c.standing, c.intent, c.action, c.model, c.day,
    l.buckets, l.y, l.d
  from cells c join listed l on l.n = c.n;
end
$$;

comment on function private.cube_fold(private.cube_move[]) is
'Moves by cell, and once more for each value of each dimension, and all together, whatever the others are.';

create or replace function private.bucket_sums(kept numeric[], buckets integer[], more numeric[]) returns numeric[]
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  sums numeric[] := coalesce(kept, array_fill(null::numeric, array[64]));
begin
  for n in 1 .. cardinality(buckets) loop
    sums[buckets[n]] := nullif(coalesce(sums[buckets[n]], 0) + more[n], 0);
  end loop;
  return sums;
end
$$;

comment on function private.bucket_sums(numeric[], integer[], numeric[]) is 'A cell''s sums and what is added to some buckets; null where nothing is left.';

create or replace function private.patched_cells(moves private.cube_move[]) returns setof private.cube_cells
language plpgsql stable
set search_path = ''
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
begin
  return query
  select f.workspace_id, f.experiment_id, f.metric_id, f.phase_id, f.variant_id, f.standing, f.intent, f.action, f.model, f.day,
    private.bucket_sums(k.y, f.buckets, f.y), private.bucket_sums(k.d, f.buckets, f.d)
  from private.cube_fold(moves) f
  left join lateral (
    select c.y, c.d from private.cube_cells c
    where c.experiment_id = f.experiment_id and c.metric_id = f.metric_id and c.intent = f.intent and c.action = f.action
      and c.model = f.model and c.day = f.day and c.phase_id = f.phase_id and c.variant_id = f.variant_id and c.standing = f.standing
    limit 1) k on true;
end
$$;

comment on function private.patched_cells(private.cube_move[]) is 'The cells that moves change, as they are then.';

create or replace function private.add_to_cube(moves private.cube_move[]) returns void
language plpgsql
set search_path = ''
set enable_seqscan = off
as $$
begin
  perform private.name_cube_values(moves);
  with cells as materialized (
    select p.*, array_remove(p.y, null) = '{}' and array_remove(p.d, null) = '{}' as is_empty from private.patched_cells(moves) p
  ),
  written as (
    insert into private.cube_cells
    select c.workspace_id, c.experiment_id, c.metric_id, c.phase_id, c.variant_id, c.standing, c.intent, c.action, c.model, c.day, c.y, c.d
    from cells c where not c.is_empty
    on conflict on constraint cube_cells_pkey do update set y = excluded.y, d = excluded.d
  )
  delete from private.cube_cells k where k.ctid = any (array(
    select o.ctid from cells c cross join lateral (
      select x.ctid from private.cube_cells x
      where x.experiment_id = c.experiment_id and x.metric_id = c.metric_id and x.intent = c.intent and x.action = c.action
        and x.model = c.model and x.day = c.day and x.phase_id = c.phase_id and x.variant_id = c.variant_id
        and x.standing = c.standing offset 0) o
    where c.is_empty));
end
$$;

comment on function private.add_to_cube(private.cube_move[]) is 'Moves cells by differences; a cell in which nothing is left goes.';
