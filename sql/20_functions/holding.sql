-- One experiment's trouble is its own. What cannot be counted is held: ticks pass over it and go on for all others; between
-- two of them one that is held is computed anew from raw rows, so that nothing of what was passed over is missing.
create or replace view private.passed_experiments with (security_invoker = true) as
select h.experiment_id from private.held_experiments h
union all
-- Set for a moment, when each workspace is counted by itself.
select e.id from public.experiments e
where nullif(current_setting('upshot.counted_workspace', true), '') is not null
  and e.workspace_id <> nullif(current_setting('upshot.counted_workspace', true), '')::uuid;

comment on view private.passed_experiments is 'One row per experiment that a tick passes over.';

create or replace view private.rebuildable with (security_invoker = true) as
select h.experiment_id, h.tries, h.retry_at from private.held_experiments h
where not exists (select from private.late_workspaces l where l.workspace_id = h.workspace_id);

comment on view private.rebuildable is 'One row per experiment that is held and can be computed anew: the outcomes of its workspace are where they belong.';

create or replace function private.hold(experiments uuid[], why text, state text default null, said text default null)
returns void
language sql
set search_path = ''
begin atomic
  insert into private.held_experiments as h (workspace_id, experiment_id, reason, sqlstate, message, retry_at)
  select e.workspace_id, e.id, why, state, left(said, 500), clock_timestamp()
  from public.experiments e where e.id = any (experiments)
  on conflict on constraint held_experiments_pkey do update set
    reason = excluded.reason, sqlstate = excluded.sqlstate, message = excluded.message, retry_at = excluded.retry_at, tries = 0;
end;

comment on function private.hold(uuid[], text, text, text) is 'Has ticks pass over experiments until they are computed anew.';

create or replace function private.hold_stale(before bigint) returns void
language plpgsql
set search_path = ''
as $$
declare
  stale uuid[];
begin
  with taken as (delete from private.stale_experiments s where s.tx < before returning s.experiment_id)
  select array_agg(distinct e.id) into stale
  from taken t
  join public.experiments e on e.id = t.experiment_id and e.started_at is not null
  left join private.counted_experiments c on c.experiment_id = e.id
  where c.rules_hash is distinct from private.rules_hash(e.id);
  if stale is not null then
    perform private.hold(stale, 'rules_changed');
  end if;
end
$$;

comment on function private.hold_stale(bigint) is 'Holds the experiments whose rules of counting changed.';

create or replace function private.count_by_workspace(from_tx bigint, to_tx bigint, marks private.unit_key[]) returns uuid[]
language plpgsql
set search_path = ''
as $$
declare
  tenant uuid;
  moved uuid[] := '{}'::uuid[];
  state text;
  said text;
begin
  for tenant in select w.id from public.workspaces w order by w.id loop
    begin
      perform set_config('upshot.counted_workspace', tenant::text, true);
      moved := moved || private.count_placed(from_tx, to_tx, marks);
    exception when others then
      get stacked diagnostics state = returned_sqlstate, said = message_text;
      perform private.hold(
        array(select e.id from public.experiments e where e.workspace_id = tenant and e.started_at is not null),
        'failed', state, said);
    end;
  end loop;
  perform set_config('upshot.counted_workspace', '', true);
  return moved;
end
$$;

comment on function private.count_by_workspace(bigint, bigint, private.unit_key[]) is
E'Counts a range of transactions workspace by workspace. One that fails is held, experiment by experiment:\nthose that are sound are back as soon as they are computed anew.';

create or replace function private.count_apart(from_tx bigint, to_tx bigint) returns uuid[]
language plpgsql
set search_path = ''
as $$
declare
  marks constant private.unit_key[] := private.place_range(from_tx, to_tx);
begin
  return private.count_placed(from_tx, to_tx, marks);
exception when others then
  return private.count_by_workspace(from_tx, to_tx, marks);
end
$$;

comment on function private.count_apart(bigint, bigint) is
'Counts a range of transactions; an error of one workspace leaves the others counted.';

create or replace function private.rebuild_is_due(mark private.watermark, has_news boolean) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
  return (not has_news or mark.rebuilt_at < mark.compacted_at)
    and exists (select from private.rebuildable h where h.retry_at <= clock_timestamp());
end
$$;

comment on function private.rebuild_is_due(private.watermark, boolean) is
'Whether it is the turn of an experiment that is held: while there is news, between two ticks that count.';

create or replace function private.rebuild_held(before bigint) returns uuid
language plpgsql
set search_path = ''
as $$
declare
  chosen uuid;
  state text;
  said text;
begin
  select h.experiment_id into chosen from private.rebuildable h
  where h.retry_at <= clock_timestamp() order by h.tries, h.retry_at limit 1;
  begin
    perform private.rebuild_at(chosen, before);
    return chosen;
  exception when others then
    get stacked diagnostics state = returned_sqlstate, said = message_text;
  end;
  update private.held_experiments h set
    reason = 'failed', sqlstate = state, message = left(said, 500), tries = h.tries + 1,
    retry_at = clock_timestamp() + least(make_interval(secs => 2 ^ least(h.tries, 12)), interval '1 hour')
  where h.experiment_id = chosen;
  return null;
end
$$;

comment on function private.rebuild_held(bigint) is
E'Computes one experiment anew that was held, from the transactions before a watermark; the experiment, if that succeeded.\nOne that fails again is tried later, and later: at last once an hour.';
