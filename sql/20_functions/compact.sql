-- The compactor: counts what was committed, once, without asking the writers for anything.
-- A row carries the transaction that wrote it. Rows of transactions before the oldest that is still running are all there
-- and will not become more: one tick takes those from the watermark up to it, and moves the watermark.
create or replace function private.compactor_lock() returns bigint
language sql immutable parallel safe
set search_path = ''
return 7235419001844372;

comment on function private.compactor_lock() is 'The advisory lock that whoever writes units, values and moments holds.';

create or replace function private.mark_unit(workspace_id uuid, unit_kind text, unit_id text) returns void
language sql
set search_path = ''
begin atomic
  insert into private.marked_units (workspace_id, unit_kind, unit_id)
  values (mark_unit.workspace_id, mark_unit.unit_kind, mark_unit.unit_id)
  on conflict do nothing;
end;

comment on function private.mark_unit(uuid, text, text) is
E'Has the compactor compute a unit anew when this transaction is over: for whoever takes raw rows of it away.\nunit_kind is subject or conversation, and a row that says both marks both; outcome with its id, for one that said neither.';

create or replace function private.take_marks(before bigint) returns private.unit_key[]
language plpgsql
set search_path = ''
as $$
declare
  marks private.unit_key[];
begin
  with taken as (delete from private.marked_units m where m.tx < before returning m.*)
  select array_agg(distinct (t.workspace_id, t.unit_kind, t.unit_id)::private.unit_key) into marks from taken t;
  return coalesce(marks, '{}'::private.unit_key[]);
end
$$;

comment on function private.take_marks(bigint) is 'The units that transactions before a watermark asked to compute anew.';

create or replace function private.count_placed(from_tx bigint, to_tx bigint, marks private.unit_key[]) returns uuid[]
language plpgsql
set search_path = ''
set work_mem = '64MB'
as $$
declare
  touched constant private.unit_change[] := private.refresh_units(from_tx, to_tx, marks);
  cells constant private.unit_cells[] := array(
    select s from private.spread_units(array(select n from private.unit_differences(touched) n)) s);
  moments constant private.effect_moments[] := array(select m from private.spread_moments(array(
    select c from private.count_values(from_tx, to_tx, touched) c)) m);
begin
  perform private.add_units(cells);
  perform private.restate(moments);
  perform private.add_moments(moments);
  return array(
    select c.experiment_id from unnest(cells) c union select m.experiment_id from unnest(moments) m);
end
$$;

comment on function private.count_placed(bigint, bigint, private.unit_key[]) is
'Counts a range of transactions, the end excluded, once its outcomes are placed; the experiments whose numbers moved.';

create or replace function private.note_results(moved uuid[]) returns void
language plpgsql
set search_path = ''
as $$
begin
  perform private.note_hint('experiment:' || m, 'results', array[m])
  from (select distinct e from unnest(moved) e where e is not null order by e) as x (m);
end
$$;

comment on function private.note_results(uuid[]) is 'Tells whoever looks at experiments that their numbers moved.';

create or replace function private.compact() returns jsonb
language plpgsql security definer
set search_path = ''
set synchronous_commit = off
-- Plans that are forced look endlessly dear to the planner: worth any compiling, it would think.
set jit = off
as $$
declare
  began constant timestamptz := clock_timestamp();
  held constant timestamptz := private.oldest_writer();
  mark private.watermark;
  horizon bigint;
  until bigint;
  moved uuid[];
  has_news boolean;
begin
  if not pg_try_advisory_xact_lock(private.compactor_lock()) then
    return '{"state": "busy"}'::jsonb;
  end if;
  -- Looked up under the lock: before it, somebody else's tick may have gone further than what was seen.
  horizon := private.counting_horizon();
  mark := private.known_watermark(horizon);
  until := least(horizon, mark.lo + mark.step);
  has_news := until < horizon or private.has_news(mark.lo, until);
  if private.rebuild_is_due(mark, has_news) then
    moved := array[private.rebuild_held(mark.lo)];
    perform private.note_results(moved);
    update private.watermark w set rebuilt_at = clock_timestamp() where w.one;
    return private.tick_answer('moved', mark, horizon, held, cardinality(array_remove(moved, null)));
  end if;
  -- Without news the watermark follows now and then only: a tick that writes would be news to the next one.
  if not has_news and (until = mark.lo or mark.compacted_at > began - interval '2 seconds') then
    return private.tick_answer('idle', mark, horizon, held, 0);
  end if;
  perform private.hold_stale(until);
  moved := private.count_apart(mark.lo, until);
  perform private.note_results(moved);
  mark := private.move_watermark(until, horizon, began, held);
  return private.tick_answer('moved', mark, horizon, held, cardinality(moved));
end
$$;

comment on function private.compact() is
E'One tick: counts what was committed since the last one.\nDefiner: nobody may write units, values and moments by hand; the worker alone may call it.';
