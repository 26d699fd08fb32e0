-- From spots to cells: what is above the line and what below it, summed by bucket.
-- A ratio is its numerator over its denominator. A metric of calls is its sum over how many calls said it; so is a metric
-- of outcomes that leaves absence out, over how many outcomes. Where absence is zero, calls stand below the line.
create type private.cube_move as (
  workspace_id uuid, experiment_id uuid, metric_id uuid, phase_id uuid, variant_id uuid, standing text, intent text,
  action text, model text, day date, bucket integer, y numeric, d numeric
);

comment on type private.cube_move is 'By how much a bucket of a cell changes.';

create or replace function private.bucket_of(unit_id text) returns integer
language sql immutable parallel safe
set search_path = ''
return (hashtextextended(unit_id, 0) & 63)::integer + 1;

comment on function private.bucket_of(text) is 'The bucket of a unit, 1 to 64. Where it is asked for every event it is said in line.';

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

create or replace function private.cube_rules(experiment_id uuid) returns text
language sql stable
set search_path = ''
return (select md5(c.rules_hash || coalesce(string_agg(to_jsonb(p)::text, ',' order by p.metric_id, p.source, p.event_metric_id, p.is_above), ''))
  from private.counted_experiments c
  left join private.cube_parts p on p.experiment_id = c.experiment_id
  where c.experiment_id = cube_rules.experiment_id
  group by c.rules_hash);

comment on function private.cube_rules(uuid) is 'What an experiment''s cells depend on besides raw rows; null until the compactor has counted it.';

create or replace function private.cube_moves(spots private.cube_spot[]) returns setof private.cube_move
language sql stable
set search_path = ''
set enable_nestloop = off
set extra_float_digits = 1
as $$
  with parts as materialized (
    select p.* from private.cube_parts p where p.experiment_id in (select (s.unit).experiment_id from unnest(spots) s)
  ),
  told as (
    select s.sign, s.unit, s.action, s.model, s.at, p.metric_id, p.is_above, p.is_below, p.is_ratio, case p.source
        when 'latency_ms' then s.latency_ms when 'cost_usd' then s.cost_usd when 'input_tokens' then s.input_tokens
        when 'output_tokens' then s.output_tokens when 'errors' then s.errors else s.value end as value
    from unnest(spots) s
    join parts p on p.experiment_id = (s.unit).experiment_id and p.event_metric_id = s.event_metric_id
    where s.at < (s.unit).entered_at + p.attribution_window and s.at < p.counts_until
      and (s.unit).phase_id = coalesce(p.phase_id, (s.unit).phase_id) and (s.unit).variant_id = coalesce(p.arm_id, (s.unit).variant_id)
  ),
  exact as (
    select t.*, case when t.value = trunc(t.value) and abs(t.value) < 1e15 then t.value::bigint::numeric
      else t.value::text::numeric end as sum
    from told t where t.value is not null
  )
  select (e.unit).workspace_id, (e.unit).experiment_id, e.metric_id, (e.unit).phase_id, (e.unit).variant_id, (e.unit).standing,
    coalesce((e.unit).intent_id::text, ''), e.action, e.model, (e.at at time zone 'UTC')::date,
    (hashtextextended((e.unit).unit_id, 0) & 63)::integer + 1,
    coalesce(sum(e.sign * e.sum) filter (where e.is_above), 0),
    coalesce(sum(e.sign * case when e.is_ratio then e.sum else 1 end) filter (where e.is_below), 0)
  from exact e
  group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
  having coalesce(sum(e.sign * e.sum) filter (where e.is_above), 0) <> 0
    or coalesce(sum(e.sign * case when e.is_ratio then e.sum else 1 end) filter (where e.is_below), 0) <> 0
$$;

comment on function private.cube_moves(private.cube_spot[]) is 'What spots change, by cell and bucket. The bucket is a hash of the unit.';

create or replace function private.name_cube_values(moves private.cube_move[]) returns void
language sql
set search_path = ''
begin atomic
  insert into private.cube_values (experiment_id, dimension, value)
  select n.experiment_id, n.dimension, n.value
  from (
    select v.*, row_number() over (partition by v.experiment_id, v.dimension order by v.value) + (
      select count(*) from private.cube_values k where k.experiment_id = v.experiment_id and k.dimension = v.dimension) as place
    from (
      select distinct m.experiment_id, d.dimension, d.value
      from unnest(moves) m
      cross join lateral (values ('intent', m.intent), ('action', m.action), ('model', m.model)) as d (dimension, value)) v
    where not exists (
      select from private.cube_values k where k.experiment_id = v.experiment_id and k.dimension = v.dimension and k.value = v.value)
  ) n
  where n.place <= 40;
end;

comment on function private.name_cube_values(private.cube_move[]) is
'Gives new values cells of their own, as long as their dimension has fewer than forty; the others are counted together.';

create or replace function private.cube_fold(moves private.cube_move[]) returns setof private.cube_cells
language sql stable
set search_path = ''
as $$
  with named as (
    select m.workspace_id, m.experiment_id, m.metric_id, m.phase_id, m.variant_id, m.standing, coalesce(i.value, '(other)') as intent,
      coalesce(a.value, '(other)') as action, coalesce(v.value, '(other)') as model, d.day, m.bucket, sum(m.y) as y, sum(m.d) as d
    from unnest(moves) m
    left join private.cube_values i on i.experiment_id = m.experiment_id and i.dimension = 'intent' and i.value = m.intent
    left join private.cube_values a on a.experiment_id = m.experiment_id and a.dimension = 'action' and a.value = m.action
    left join private.cube_values v on v.experiment_id = m.experiment_id and v.dimension = 'model' and v.value = m.model
    cross join lateral (values (m.day), ('infinity'::date)) as d (day)
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
  ),
  cells as (
    select n.workspace_id, n.experiment_id, n.metric_id, n.phase_id, n.variant_id, n.standing, n.intent, n.action, n.model, n.day,
      array_agg(n.bucket) as buckets, array_agg(n.y) as ys, array_agg(n.d) as ds
    from named n
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
  )
  select c.workspace_id, c.experiment_id, c.metric_id, c.phase_id, c.variant_id, c.standing, c.intent, c.action, c.model, c.day,
    array(select nullif(c.ys[array_position(c.buckets, b)], 0) from generate_series(1, 64) b order by b),
    array(select nullif(c.ds[array_position(c.buckets, b)], 0) from generate_series(1, 64) b order by b)
  from cells c
$$;

comment on function private.cube_fold(private.cube_move[]) is 'Moves as cells, by day and for all days together.';

create or replace function private.bucket_sums(a numeric[], b numeric[]) returns numeric[]
language sql immutable parallel safe
set search_path = ''
return array(select nullif(coalesce(s.x, 0) + coalesce(s.z, 0), 0) from unnest(a, b) with ordinality as s (x, z, n) order by s.n);

comment on function private.bucket_sums(numeric[], numeric[]) is 'Two cells together, bucket by bucket; null where nothing is left.';

create or replace function private.add_to_cube(moves private.cube_move[]) returns void
language sql
set search_path = ''
set enable_seqscan = off
begin atomic
  select private.name_cube_values(moves);
  insert into private.cube_cells as c select f.* from private.cube_fold(moves) f
  on conflict on constraint cube_cells_pkey do update set
    y = private.bucket_sums(c.y, excluded.y), d = private.bucket_sums(c.d, excluded.d);
  delete from private.cube_cells c
  where (c.experiment_id, c.day) in (
      select m.experiment_id, d.day from unnest(moves) m cross join lateral (values (m.day), ('infinity'::date)) as d (day)
      where m.y < 0 or m.d < 0)
    and array_remove(c.y, null) = '{}' and array_remove(c.d, null) = '{}';
end;

comment on function private.add_to_cube(private.cube_move[]) is 'Moves cells by differences; a cell in which nothing is left goes.';
