create or replace function private.compactor_lock() returns bigint
language sql immutable parallel safe
set search_path = ''
return 7235419001844372;

comment on function private.compactor_lock() is 'The advisory lock that whoever writes units, values and moments holds.';

create or replace function private.mark_unit(workspace_id uuid, unit_kind text, unit_id text) returns void
language plpgsql
set search_path = ''
as $$
begin
  insert into private.marked_units (workspace_id, unit_kind, unit_id)
  values (mark_unit.workspace_id, mark_unit.unit_kind, mark_unit.unit_id)
  on conflict do nothing;
end
$$;

comment on function private.mark_unit(uuid, text, text) is
E'Has the compactor compute a unit anew, when this transaction is over: to be called by whoever takes raw rows of it away.\nunit_kind is subject or conversation; a row that says both marks both.';

create or replace function private.compact() returns jsonb
language plpgsql security definer
set search_path = ''
set synchronous_commit = off
as $$
declare
  mark private.watermark;
  until constant bigint := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
begin
  if not pg_try_advisory_xact_lock(private.compactor_lock()) then
    return '{"state": "busy"}'::jsonb;
  end if;
  select w.* into mark from private.watermark w for update;
  if until <= mark.lo then
    return jsonb_build_object('state', 'idle', 'lo', mark.lo);
  end if;
  perform private.place_all(until);
  perform private.rebuild_at(e.id, until) from public.experiments e where e.started_at is not null;
  perform private.compact_days(mark.lo, until);
  update private.watermark w set lo = until, covers_until = now(), compacted_at = clock_timestamp() where w.one;
  return jsonb_build_object('state', 'moved', 'lo', until);
end
$$;

comment on function private.compact() is
E'One tick: counts what was committed since the last one.\nDefiner: nobody may write units, values and moments by hand; the worker alone may call it.';
