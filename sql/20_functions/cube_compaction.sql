-- Keeps the cube up with what the compactor has counted, in transactions of its own: a tick of results never waits for it.
-- One step takes so many events, all units and outcomes that moved, and so many units of an experiment that is counted anew.
create or replace function private.cube_lock() returns bigint
language sql immutable parallel safe
set search_path = ''
return 7235419001844375;

comment on function private.cube_lock() is 'The advisory lock that whoever writes the cube holds.';

create type private.cube_news as (
  until bigint, units private.cube_unit_news[], places private.cube_place_news[], recounted private.cube_experiments,
  joined private.cube_experiments, counted_to text, moves private.cube_move[]
);

comment on type private.cube_news is
'A step: the watermark after it, the news that it takes, whose dirty buckets it counts anew, whose units it counts on to where, and what it adds.';

create or replace function private.cube_until(from_tx bigint, step integer) returns bigint
language plpgsql stable
set search_path = ''
set enable_seqscan = off
set enable_sort = off
set enable_bitmapscan = off
set plan_cache_mode = force_generic_plan
as $$
declare
  counted constant bigint := (select w.lo from private.watermark w);
begin
  return least(counted,
    (select i.tx + 1 from public.inferences i where i.tx >= from_tx and i.tx < counted order by i.tx offset step limit 1),
    (select o.tx + 1 from public.outcomes o where o.tx >= from_tx and o.tx < counted order by o.tx offset step limit 1));
end
$$;

comment on function private.cube_until(bigint, integer) is
'Where a step ends: at the compactor''s watermark, or after the transaction that has the last of so many calls or outcomes.';

create or replace function private.moves_between(
  changed private.cube_unit_news[], replaced private.cube_place_news[], from_tx bigint, to_tx bigint
) returns private.cube_move[]
language plpgsql stable
set search_path = ''
as $$
declare
  keys constant private.cube_key[] := private.changed_keys(changed);
  calls constant private.cube_event[] := private.keyed_calls(keys, from_tx);
  outcomes constant private.cube_outcome[] := private.moved_outcomes(replaced, keys, from_tx, to_tx);
  added constant private.cube_move[] := private.cube_moves(outcomes, calls, from_tx, to_tx);
begin
  if calls = '{}' and outcomes = '{}' then
    return added;
  end if;
  return added || private.cube_moves(private.outcomes_before(outcomes, replaced), calls, from_tx, from_tx, -1, changed);
end
$$;

comment on function private.moves_between(private.cube_unit_news[], private.cube_place_news[], bigint, bigint) is
E'By how much a range of transactions, and news of units and places, move the cells.\nWhat is new, and all that moved as it is now, less that as it was.';

create or replace function private.cube_of(units private.experiment_units[], before bigint) returns private.cube_move[]
language plpgsql stable
set search_path = ''
as $$
declare
  keys constant private.cube_key[] := array(
    select (u.workspace_id, x.unit_kind, u.unit_id, '-infinity', 'infinity')::private.cube_key
    from unnest(units) u join private.cube_kinds x on x.experiment_id = u.experiment_id);
begin
  return private.cube_moves(
    private.keyed_outcomes(keys, before), private.keyed_calls(keys, before), before, before, alone => units[1].experiment_id);
end
$$;

comment on function private.cube_of(private.experiment_units[], bigint) is 'All that some units of an experiment bring to its cells.';

create or replace function private.expected_cube(asked private.cube_experiments, before bigint) returns private.cube_move[]
language plpgsql stable
set search_path = ''
as $$
declare
  units private.experiment_units[] := private.units_after(asked, '', 10000);
  moves private.cube_move[] := '{}'::private.cube_move[];
begin
  while cardinality(units) > 0 loop
    moves := moves || private.cube_of(units, before);
    units := private.units_after(asked, units[cardinality(units)].unit_id, 10000);
  end loop;
  return moves;
end
$$;

comment on function private.expected_cube(private.cube_experiments, bigint) is
'All moves of an experiment from raw rows, or those of its dirty buckets, a few thousand units at a time.';

create or replace function private.kept_buckets(asked private.cube_experiments) returns private.cube_move[]
language sql stable
set search_path = ''
return array(
  select (c.workspace_id, c.experiment_id, c.metric_id, c.phase_id, c.variant_id, c.standing, c.intent, c.action, c.model, c.day,
    (asked).dirty, array(select -coalesce(c.y[b], 0) from unnest((asked).dirty) b),
    array(select -coalesce(c.d[b], 0) from unnest((asked).dirty) b))::private.cube_move
  from private.cube_cells c
  where c.experiment_id = (asked).experiment_id and '(all)' not in (c.intent, c.action, c.model));

comment on function private.kept_buckets(private.cube_experiments) is 'What takes everything out of the dirty buckets of an experiment.';

create or replace function private.moves_beside(moves private.cube_move[], asked private.cube_experiments) returns private.cube_move[]
language sql stable
set search_path = ''
return array(
  select (m.workspace_id, m.experiment_id, m.metric_id, m.phase_id, m.variant_id, m.standing, m.intent, m.action, m.model, m.day,
    u.buckets, u.y, u.d)::private.cube_move
  from unnest(moves) m cross join lateral (
    select array_agg(b.n) as buckets, array_agg(b.y) as y, array_agg(b.d) as d from unnest(m.buckets, m.y, m.d) as b (n, y, d)
    where m.experiment_id <> (asked).experiment_id or b.n <> all ((asked).dirty)) u);

comment on function private.moves_beside(private.cube_move[], private.cube_experiments) is 'Moves but those of the dirty buckets of an experiment.';

create or replace function private.news_of_cube(mark private.cube_watermark) returns private.cube_news
language plpgsql stable
set search_path = ''
as $$
declare
  most constant integer := greatest(mark.step / 4, 1);
  news private.cube_news;
  fresh private.experiment_units[];
begin
  news.until := private.cube_until(mark.lo, mark.step);
  news.units := array(select n from private.cube_unit_news n);
  news.places := array(select n from private.cube_place_news n);
  news.recounted := (select c from private.cube_experiments c where c.dirty <> '{}' order by c.experiment_id limit 1);
  news.joined := (select c from private.cube_experiments c where c.counted_to is not null order by c.experiment_id limit 1);
  news.moves := private.moves_between(news.units, news.places, mark.lo, news.until);
  if (news.recounted).experiment_id is not null then
    news.moves := private.moves_beside(news.moves, news.recounted) || private.kept_buckets(news.recounted)
      || private.expected_cube(news.recounted, news.until);
  end if;
  if (news.joined).experiment_id is not null then
    fresh := private.units_after(row((news.joined).experiment_id, '', null, '{}')::private.cube_experiments, (news.joined).counted_to, most);
    news.moves := news.moves || private.cube_of(fresh, news.until);
    news.counted_to := case when cardinality(fresh) = most then fresh[most].unit_id end;
  end if;
  return news;
end
$$;

comment on function private.news_of_cube(private.cube_watermark) is
'The next step. Stable, so that one snapshot shows the compactor''s watermark, what it keeps, and what that was.';

create or replace function private.take_cube_marks() returns void
language plpgsql
set search_path = ''
as $$
begin
  with taken as (delete from private.cube_marks m where m.id is not null returning m.*),
  hit as (
    select x.experiment_id, array_agg(distinct m.bucket) filter (where m.bucket is not null) as buckets, bool_or(m.bucket is null) as is_whole
    from private.cube_kinds x
    join taken m on m.workspace_id = x.workspace_id and coalesce(m.unit_kind, x.unit_kind) = x.unit_kind
    group by x.experiment_id
  ),
  merged as (
    select h.experiment_id, h.is_whole, array(select unnest(c.dirty) union select unnest(h.buckets)) as dirty
    from hit h join private.cube_experiments c on c.experiment_id = h.experiment_id
  )
  -- More than a step should do at once: all of it then, a step at a time.
  update private.cube_experiments c set dirty = m.dirty, rules = case when m.is_whole or cardinality(m.dirty) > 8 then '' else c.rules end
  from merged m where m.experiment_id = c.experiment_id;
end
$$;

comment on function private.take_cube_marks() is 'Notes what is to be counted anew.';

create or replace function private.follow_experiments() returns void
language plpgsql
set search_path = ''
as $$
begin
  -- What the compactor passes over is counted anew after it.
  delete from private.cube_experiments c where c.experiment_id in (select h.experiment_id from private.held_experiments h);
  with stale as (
    select r.experiment_id, r.rules from private.cube_rules r
    left join private.cube_experiments c on c.experiment_id = r.experiment_id
    where c.rules is distinct from r.rules
  ),
  gone as (delete from private.cube_cells k where k.experiment_id in (select s.experiment_id from stale s))
  insert into private.cube_experiments as c (experiment_id, rules)
  select s.experiment_id, s.rules from stale s
  on conflict on constraint cube_experiments_pkey do update set rules = excluded.rules, counted_to = '', dirty = '{}';
end
$$;

comment on function private.follow_experiments() is
'Has the experiments counted anew that are new, or whose rules changed; their cells go at once.';

create or replace function private.known_cube_mark() returns private.cube_watermark
language plpgsql
set search_path = ''
as $$
declare
  mark private.cube_watermark;
begin
  delete from private.cube_experiments c using private.watermark w, private.cube_watermark k
  where k.system_identifier is distinct from w.system_identifier or k.lo > w.lo;
  -- Without an experiment there is nothing to be counted before now.
  update private.cube_watermark k set lo = w.lo, system_identifier = w.system_identifier
  from private.watermark w
  where (k.lo, k.system_identifier) is distinct from (w.lo, w.system_identifier) and not exists (select from private.cube_experiments c);
  perform private.take_cube_marks();
  perform private.follow_experiments();
  select k.* into mark from private.cube_watermark k;
  return mark;
end
$$;

comment on function private.known_cube_mark() is
'The cube''s watermark, after a look at whether it is of this cluster, and at which experiments are counted.';

create or replace function private.has_cube_news(from_tx bigint) returns boolean
language sql stable
set search_path = ''
return exists (select from private.cube_unit_news n)
  or exists (select from private.cube_place_news n)
  or exists (select from private.cube_experiments c where c.counted_to is not null or c.dirty <> '{}')
  or private.has_news(from_tx, (select w.lo from private.watermark w));

comment on function private.has_cube_news(bigint) is 'Whether there is anything to do for the cube.';

create or replace function private.take_cube_news(news private.cube_news, began timestamptz) returns void
language plpgsql
set search_path = ''
as $$
declare
  last constant bigint := greatest(
    (select max(n.id) from unnest(news.units) n), (select max(n.id) from unnest(news.places) n), 0);
  took interval;
begin
  perform private.add_to_cube(news.moves);
  -- Ticks follow one another, and so do their news: there is none before the last that was seen.
  delete from private.cube_place_news n where n.id <= last;
  delete from private.cube_unit_news n where n.id <= last;
  update private.cube_experiments c set dirty = '{}' where c.experiment_id = (news.recounted).experiment_id;
  update private.cube_experiments c set counted_to = news.counted_to where c.experiment_id = (news.joined).experiment_id;
  took := clock_timestamp() - began;
  update private.cube_watermark w set lo = news.until, news = greatest(w.news, last), step = case
    when took > interval '500 milliseconds' then greatest(w.step / 2, 200)
    -- Never so long that a step that begins just before others come keeps a processor from them for seconds.
    when took < interval '150 milliseconds' then least(w.step * 2, 10000)
    else w.step end
  where w.one;
end
$$;

comment on function private.take_cube_news(private.cube_news, timestamptz) is 'Writes a step. One that took long makes the next one smaller.';

create or replace function private.compact_slices() returns jsonb
language plpgsql security definer
set search_path = ''
set synchronous_commit = off
-- As in compact.
set jit = off
set work_mem = '64MB'
as $$
declare
  began constant timestamptz := clock_timestamp();
  mark private.cube_watermark;
  news private.cube_news;
  state text := 'idle';
begin
  if not pg_try_advisory_xact_lock(private.cube_lock()) then
    return '{"state": "busy"}'::jsonb;
  end if;
  -- Results do not wait for this transaction.
  perform pg_advisory_xact_lock_shared(private.bystander_lock());
  mark := private.known_cube_mark();
  if private.has_cube_news(mark.lo) then
    news := private.news_of_cube(mark);
    perform private.take_cube_news(news, began);
    state := 'moved';
  end if;
  if private.compute_a_quantile() then
    state := 'moved';
  end if;
  return jsonb_build_object('state', state, 'experiments', (select count(distinct m.experiment_id) from unnest(news.moves) m),
    'behind', (select w.lo - k.lo from private.watermark w, private.cube_watermark k));
end
$$;

comment on function private.compact_slices() is
E'One step of the cube: counts into slices what the compactor has counted, by as much as takes about half a second, and computes a quantile whose values moved.\nDefiner: nobody may write cells by hand; the worker alone may call it.';

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
    select f.workspace_id, f.experiment_id, f.metric_id, f.phase_id, f.variant_id, f.standing, f.intent, f.action, f.model, f.day,
      private.bucket_sums(null, f.buckets, f.y) as y, private.bucket_sums(null, f.buckets, f.d) as d
    from private.cube_fold(private.expected_cube(
      row(verify_slices.experiment_id, '', null, '{}')::private.cube_experiments, (select w.lo from private.watermark w))) f
  ),
  kept as (select c.* from private.cube_cells c where c.experiment_id = verify_slices.experiment_id)
  select 'cube_cells', to_jsonb(k), null::jsonb from (select * from kept except all select * from expected) k
  union all
  select 'cube_cells', null::jsonb, to_jsonb(x) from (select * from expected except all select * from kept) x;
end
$$;

comment on function private.verify_slices(uuid) is
E'The cells of an experiment that differ from a recomputation out of the raw rows, once the cube has caught up: none, if all is well.\nDefiner: reads what is closed to callers; the server alone may ask.';
