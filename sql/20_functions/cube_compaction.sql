-- Keeps the cube up with what the compactor has counted, in transactions of its own: a tick of results never waits for it.
create or replace function private.cube_lock() returns bigint
language sql immutable parallel safe
set search_path = ''
return 7235419001844375;

comment on function private.cube_lock() is 'The advisory lock that whoever writes the cube holds.';

create type private.cube_news as (until bigint, system_identifier text, buckets private.cube_move[], moves private.cube_move[]);

comment on type private.cube_news is 'What the cube has to do to be where the compactor is: buckets to be emptied first, and what to add.';

create or replace function private.has_cube_news(from_tx bigint, to_tx bigint) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
  return private.has_news(from_tx, to_tx) or exists (select from private.cube_marks m where m.tx < to_tx);
end
$$;

comment on function private.has_cube_news(bigint, bigint) is 'Whether a range of transactions wrote anything that the cube counts.';

create or replace function private.is_long(from_tx bigint, to_tx bigint) returns boolean
language plpgsql stable
set search_path = ''
set enable_seqscan = off
as $$
begin
  return 200000 < (select count(*) from (
    (select 1 from public.inferences i where i.tx >= from_tx and i.tx < to_tx limit 200001)
    union all (select 1 from public.outcomes o where o.tx >= from_tx and o.tx < to_tx limit 200001)) n);
end
$$;

comment on function private.is_long(bigint, bigint) is 'Whether a range holds so many events that counting experiments anew is the shorter way.';

create or replace function private.moves_between(experiments uuid[], from_tx bigint, to_tx bigint) returns setof private.cube_move
language plpgsql stable
set search_path = ''
set work_mem = '64MB'
as $$
declare
  changes constant private.unit_change[] := array(select c from private.cube_changes(experiments, from_tx, to_tx) c);
  fresh constant private.cube_outcome[] := array(select n from private.new_outcomes(from_tx, to_tx) n);
  old private.cube_outcome[] := array(
    select m from private.moved_outcomes(from_tx, to_tx) m
    union
    select o from private.outcomes_with(array(
      select ((x.now).workspace_id, k.kind, (x.now).unit_id)::private.unit_key from unnest(changes) x
      cross join (values ('subject'), ('conversation')) as k (kind)), from_tx) o);
  was constant private.cube_outcome[] := array(select b from private.outcomes_before(old, from_tx) b);
  spots constant private.cube_spot[] := array(
    select c from private.cube_calls(experiments, changes, from_tx, to_tx) c
    union all select s from private.outcome_spots(experiments, fresh || old, changes, 1, to_tx) s
    union all select t from private.outcome_spots(experiments, was, changes, -1, from_tx) t);
begin
  return query select m.* from private.cube_moves(spots) m;
end
$$;

comment on function private.moves_between(uuid[], bigint, bigint) is
'By how much a range of transactions moves the cells of experiments. The end is the compactor''s own watermark.';

create or replace function private.cube_of(units private.experiment_units[], before bigint) returns setof private.cube_move
language plpgsql stable
set search_path = ''
as $$
declare
  experiment constant uuid := units[1].experiment_id;
  -- As if nobody had seen them before, and all of it were new.
  changes constant private.unit_change[] := array(select (null, u)::private.unit_change from unnest(units) u);
  outcomes constant private.cube_outcome[] := array(
    select o from private.outcomes_with(array(
      select (u.workspace_id, case e.unit when 'conversation' then 'conversation' else 'subject' end, u.unit_id)::private.unit_key
      from unnest(units) u join public.experiments e on e.id = u.experiment_id), before) o);
  spots constant private.cube_spot[] := array(
    select c from private.cube_calls(array[experiment], changes, before, before) c
    union all select s from private.outcome_spots(array[experiment], outcomes, changes, 1, before) s);
begin
  return query select m.* from private.cube_moves(spots) m;
end
$$;

comment on function private.cube_of(private.experiment_units[], bigint) is 'All that some units of an experiment bring to its cells.';

create or replace function private.expected_cube(experiment_id uuid, buckets integer[] default null) returns setof private.cube_move
language plpgsql stable
set search_path = ''
as $$
declare
  before constant bigint := (select w.lo from private.watermark w);
  units private.experiment_units[];
  last text := '';
  sums private.cube_move[] := '{}'::private.cube_move[];
begin
  loop
    units := array(
      select u from private.experiment_units u
      where u.experiment_id = expected_cube.experiment_id and u.unit_id > last
        and (buckets is null or private.bucket_of(u.unit_id) = any (buckets))
      order by u.unit_id limit 10000);
    exit when cardinality(units) = 0;
    last := units[cardinality(units)].unit_id;
    sums := array(
      select (s.workspace_id, s.experiment_id, s.metric_id, s.phase_id, s.variant_id, s.standing, s.intent, s.action, s.model,
        s.day, s.bucket, sum(s.y), sum(s.d))::private.cube_move
      from (select * from unnest(sums) union all select * from private.cube_of(units, before)) s
      group by s.workspace_id, s.experiment_id, s.metric_id, s.phase_id, s.variant_id, s.standing, s.intent, s.action, s.model,
        s.day, s.bucket);
  end loop;
  return query select s.* from unnest(sums) s;
end
$$;

comment on function private.expected_cube(uuid, integer[]) is
'All moves of an experiment from raw rows as far as the compactor has come, or those of some buckets, a few thousand units at a time.';

create or replace function private.marked_buckets(before bigint) returns table (experiment_id uuid, buckets integer[])
language sql stable
set search_path = ''
as $$
  select c.experiment_id, array_agg(distinct b.bucket)
  from private.cube_experiments c
  join public.experiments e on e.id = c.experiment_id
  join private.cube_marks m on m.workspace_id = e.workspace_id and m.tx < before
  cross join lateral (
    select m.bucket where m.unit_kind = case e.unit when 'conversation' then 'conversation' else 'subject' end
    -- Nobody knows any more whose it was.
    union all select generate_series(1, 64) where m.unit_kind = 'outcome') as b (bucket)
  group by c.experiment_id
$$;

comment on function private.marked_buckets(bigint) is 'The buckets from which raw rows were taken away.';

create or replace function private.news_of_cube() returns private.cube_news
language plpgsql stable
set search_path = ''
as $$
declare
  mark constant private.watermark := (select w from private.watermark w);
  news private.cube_news;
  dirty record;
  late record;
begin
  news := row(mark.lo, mark.system_identifier, '{}', '{}');
  for late in select c.lo, array_agg(c.experiment_id) as experiments from private.cube_experiments c where c.lo < mark.lo group by c.lo loop
    news.moves := news.moves || array(select m from private.moves_between(late.experiments, late.lo, mark.lo) m);
  end loop;
  for dirty in select b.* from private.marked_buckets(mark.lo) b loop
    news.buckets := news.buckets || array(
      select (null, dirty.experiment_id, null, null, null, null, null, null, null, null, b, null, null)::private.cube_move
      from unnest(dirty.buckets) b);
    news.moves := array(
      select m from unnest(news.moves) m where m.experiment_id <> dirty.experiment_id or m.bucket <> all (dirty.buckets)
      union all select x from private.expected_cube(dirty.experiment_id, dirty.buckets) x);
  end loop;
  return news;
end
$$;

comment on function private.news_of_cube() is
'What brings all experiments to the compactor''s watermark. Stable, so that one snapshot shows the watermark and what was kept by it.';

create or replace function private.empty_buckets(dirty private.cube_move[]) returns void
language sql
set search_path = ''
begin atomic
  update private.cube_cells c set
    y = array(select case when n = any (x.buckets) then null else v end from unnest(c.y) with ordinality as s (v, n) order by n),
    d = array(select case when n = any (x.buckets) then null else v end from unnest(c.d) with ordinality as s (v, n) order by n)
  from (select b.experiment_id, array_agg(b.bucket) as buckets from unnest(dirty) b group by 1) x
  where c.experiment_id = x.experiment_id;
  delete from private.cube_cells c
  where c.experiment_id in (select b.experiment_id from unnest(dirty) b)
    and array_remove(c.y, null) = '{}' and array_remove(c.d, null) = '{}';
end;

comment on function private.empty_buckets(private.cube_move[]) is 'Empties buckets of all cells of their experiments.';

create or replace function private.rebuild_cube(experiment_id uuid) returns void
language plpgsql
set search_path = ''
as $$
declare
  news private.cube_news;
begin
  delete from private.cube_cells c where c.experiment_id = rebuild_cube.experiment_id;
  -- One statement, one snapshot.
  select w.lo, w.system_identifier, '{}'::private.cube_move[], array(select m from private.expected_cube(rebuild_cube.experiment_id) m) into news
  from private.watermark w;
  perform private.add_to_cube(news.moves);
  insert into private.cube_experiments as c (experiment_id, rules, lo, system_identifier)
  values (rebuild_cube.experiment_id, private.cube_rules(rebuild_cube.experiment_id), news.until, news.system_identifier)
  on conflict on constraint cube_experiments_pkey do update set
    rules = excluded.rules, lo = excluded.lo, system_identifier = excluded.system_identifier;
end
$$;

comment on function private.rebuild_cube(uuid) is 'Counts an experiment''s cells anew.';

create or replace function private.stale_cube() returns uuid
language sql stable
set search_path = ''
return (
  select k.experiment_id from private.counted_experiments k
  left join private.cube_experiments c on c.experiment_id = k.experiment_id
  cross join private.watermark w
  where k.experiment_id not in (select h.experiment_id from private.held_experiments h)
    and ((c.rules, c.system_identifier) is distinct from (private.cube_rules(k.experiment_id), w.system_identifier)
    or c.lo > w.lo or c.lo in (
      select f.lo from (select distinct b.lo from private.cube_experiments b) f
      where f.lo < (select m.lo from private.watermark m) and private.is_long(f.lo, (select m.lo from private.watermark m))))
  order by k.experiment_id limit 1);

comment on function private.stale_cube() is
'An experiment whose cells are counted anew: its rules changed, it is new, the cluster is another one, or it is far behind.';

create or replace function private.compact_slices() returns jsonb
language plpgsql security definer
set search_path = ''
set synchronous_commit = off
-- As in compact.
set jit = off
as $$
declare
  stale uuid;
  news private.cube_news;
  lo bigint;
begin
  if not pg_try_advisory_xact_lock(private.cube_lock()) then
    return '{"state": "busy"}'::jsonb;
  end if;
  -- Results do not wait for this transaction.
  perform pg_advisory_xact_lock_shared(private.bystander_lock());
  -- What the compactor passes over has no units to count by, and is counted anew after it.
  delete from private.cube_experiments c where c.experiment_id in (select h.experiment_id from private.held_experiments h);
  stale := private.stale_cube();
  if stale is not null then
    perform private.rebuild_cube(stale);
    return jsonb_build_object('state', 'moved', 'experiments', 1);
  end if;
  lo := (select min(c.lo) from private.cube_experiments c);
  if lo is null or not private.has_cube_news(lo, (select w.lo from private.watermark w)) then
    return jsonb_build_object('state', case when private.compute_a_quantile() then 'moved' else 'idle' end, 'experiments', 0);
  end if;
  news := private.news_of_cube();
  perform private.empty_buckets(news.buckets);
  perform private.add_to_cube(news.moves);
  delete from private.cube_marks m where m.tx < news.until;
  update private.cube_experiments c set lo = news.until where c.lo < news.until;
  perform private.compute_a_quantile();
  return jsonb_build_object('state', 'moved',
    'experiments', (select count(distinct m.experiment_id) from unnest(news.moves) m));
end
$$;

comment on function private.compact_slices() is
E'One step of the cube: counts into slices what the compactor has counted since the last step, and computes a quantile whose values moved.\nDefiner: nobody may write cells by hand; the worker alone may call it.';

create or replace function private.verify_slices(experiment_id uuid) returns table (what text, kept jsonb, expected jsonb)
language plpgsql security definer
set search_path = ''
as $$
begin
  -- Both stand still meanwhile.
  perform pg_advisory_xact_lock(private.compactor_lock());
  perform pg_advisory_xact_lock(private.cube_lock());
  while private.compact_slices() ->> 'state' = 'moved' loop null; end loop;
  return query
  with expected as (
    select f.* from private.cube_fold(array(select m from private.expected_cube(verify_slices.experiment_id) m)) f
    where array_remove(f.y, null) <> '{}' or array_remove(f.d, null) <> '{}'
  ),
  kept as (select c.* from private.cube_cells c where c.experiment_id = verify_slices.experiment_id)
  select 'cube_cells', to_jsonb(k), null::jsonb from (select * from kept except all select * from expected) k
  union all
  select 'cube_cells', null::jsonb, to_jsonb(x) from (select * from expected except all select * from kept) x;
end
$$;

comment on function private.verify_slices(uuid) is
E'The cells of an experiment that differ from a recomputation out of the raw rows, once the cube has caught up: none, if all is well.\nDefiner: reads what is closed to callers; the server alone may ask.';
