-- One workspace's trouble with its places is its own, as that with counting is (holding.sql): it is late, ticks pass over it, and
-- when it can be placed again it is placed anew, all of it, and its experiments are computed anew.
create or replace function private.be_late(tenant uuid, state text, said text) returns void
language plpgsql
set search_path = ''
as $$
begin
  insert into private.late_workspaces as l (workspace_id, sqlstate, message)
  values (tenant, state, left(said, 500))
  on conflict on constraint late_workspaces_pkey do update set
    sqlstate = excluded.sqlstate, message = excluded.message, tries = l.tries + 1,
    retry_at = clock_timestamp() + least(make_interval(secs => 2 ^ least(l.tries, 12)), interval '1 hour');
  perform private.hold(
    array(select e.id from public.experiments e where e.workspace_id = tenant and e.started_at is not null), 'failed', state, said);
end
$$;

comment on function private.be_late(uuid, text, text) is
'Notes that the outcomes of a workspace cannot be placed: its experiments are held, and it is tried again, later and later.';

create or replace function private.place_workspace(tenant uuid, before bigint) returns void
language plpgsql
set search_path = ''
as $$
begin
  delete from private.outcome_places p where p.workspace_id = tenant;
  insert into private.outcome_places select r.* from private.resolved_outcomes(before, tenant) r;
  -- Days and slices have gone on without them.
  insert into private.marked_units (workspace_id, unit_kind, unit_id)
  select u.workspace_id, u.unit_kind, u.unit_id
  from private.outcome_places p cross join lateral private.units_of_place(p) u where p.workspace_id = tenant
  on conflict do nothing;
  delete from private.late_workspaces l where l.workspace_id = tenant;
end
$$;

comment on function private.place_workspace(uuid, bigint) is
'Places every outcome of a workspace anew, from the transactions before a watermark; what follows them is computed anew by the next ticks.';

create or replace function private.place_late(before bigint) returns void
language plpgsql
set search_path = ''
as $$
declare
  tenant constant uuid := (
    select l.workspace_id from private.late_workspaces l where l.retry_at <= clock_timestamp() order by l.retry_at limit 1);
  state text;
  said text;
begin
  if tenant is not null then
    perform private.place_workspace(tenant, before);
  end if;
exception when others then
  get stacked diagnostics state = returned_sqlstate, said = message_text;
  perform private.be_late(tenant, state, said);
end
$$;

comment on function private.place_late(bigint) is 'Tries one workspace again that is late.';

create or replace function private.place_by_workspace(from_tx bigint, to_tx bigint, marks private.unit_key[], late uuid[])
returns private.unit_key[]
language plpgsql
set search_path = ''
as $$
declare
  tenant uuid;
  moved private.unit_key[] := '{}'::private.unit_key[];
  state text;
  said text;
begin
  for tenant in select w.id from public.workspaces w where w.id <> all (late) order by w.id loop
    begin
      moved := moved || private.place_again(
        from_tx, to_tx, array(select m from unnest(marks) m where m.workspace_id = tenant), late, tenant);
      perform private.place_new(from_tx, to_tx, late, tenant);
    exception when others then
      get stacked diagnostics state = returned_sqlstate, said = message_text;
      perform private.be_late(tenant, state, said);
    end;
  end loop;
  return moved;
end
$$;

comment on function private.place_by_workspace(bigint, bigint, private.unit_key[], uuid[]) is
'As place_again and place_new, workspace by workspace; one that fails is late from now on.';

create or replace function private.place_range(from_tx bigint, to_tx bigint) returns private.unit_key[]
language plpgsql
set search_path = ''
as $$
declare
  late uuid[];
  marks private.unit_key[];
  moved private.unit_key[];
begin
  perform private.place_late(from_tx);
  late := array(select l.workspace_id from private.late_workspaces l);
  marks := private.take_marks(to_tx);
  begin
    moved := private.place_again(from_tx, to_tx, marks, late);
    perform private.place_new(from_tx, to_tx, late);
  exception when others then
    moved := private.place_by_workspace(from_tx, to_tx, marks, late);
  end;
  if marks <> '{}' then
    perform private.mark_cube(marks);
  end if;
  perform private.see_segments(from_tx, to_tx);
  return marks || moved;
end
$$;

comment on function private.place_range(bigint, bigint) is
E'Places the outcomes that a range of transactions wrote or told more about; the units that are to be computed anew.\nAn error of one workspace leaves the others placed.';
