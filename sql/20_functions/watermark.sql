-- A transaction that holds this lock writes nothing that is counted: nobody has to wait until it is over.
create or replace function private.bystander_lock() returns bigint
language sql immutable parallel safe
set search_path = ''
return 7235419001844373;

comment on function private.bystander_lock() is
'The advisory lock of transactions that write no raw rows, however long they last: the daily tier''s.';

create or replace function private.bystanders() returns table (pid integer, xid bigint)
language plpgsql volatile
set search_path = ''
as $$
begin
  return query
  select l.pid, x.transactionid::text::bigint
  from pg_locks l
  left join pg_locks x on x.pid = l.pid and x.locktype = 'transactionid' and x.mode = 'ExclusiveLock'
  where l.locktype = 'advisory' and l.granted and l.objsubid = 1
    and l.database = (select d.oid from pg_database d where d.datname = current_database())
    and l.classid::bigint << 32 | l.objid::bigint = private.bystander_lock();
end
$$;

comment on function private.bystanders() is
'Who holds the bystanders'' lock: process, and transaction id without its epoch as soon as it has one.';

create or replace function private.counting_horizon() returns bigint
language plpgsql volatile
set search_path = ''
as $$
begin
  return least(
    coalesce(
      (select min(x::text::bigint) from pg_snapshot_xip(pg_current_snapshot()) x
        where x::text::bigint & 4294967295 not in (select b.xid from private.bystanders() b where b.xid is not null)),
      pg_snapshot_xmax(pg_current_snapshot())::text::bigint),
    pg_current_xact_id_if_assigned()::text::bigint);
end
$$;

comment on function private.counting_horizon() is
'The oldest transaction that may still write something that is counted: all before it are over.';

create or replace function private.oldest_writer() returns timestamptz
language plpgsql volatile
set search_path = ''
as $$
begin
  return (
    select min(a.xact_start) from pg_stat_activity a
    where a.backend_xid is not null and a.pid <> pg_backend_pid() and a.pid not in (select b.pid from private.bystanders() b));
end
$$;

comment on function private.oldest_writer() is
'When the oldest transaction began that writes what is counted; null when there is none, or none that this role may see.';

create or replace function private.cluster_identity() returns text
language sql stable
set search_path = ''
return (select c.system_identifier::text from pg_control_system() c);

comment on function private.cluster_identity() is 'What tells a cluster of databases from every other one.';

create or replace function private.known_watermark(horizon bigint) returns private.watermark
language plpgsql
set search_path = ''
as $$
declare
  here constant text := private.cluster_identity();
  mark private.watermark;
begin
  select w.* into mark from private.watermark w;
  if mark.system_identifier is distinct from here or mark.lo > horizon then
    if mark.system_identifier is not null then
      perform private.rebase();
    end if;
    update private.watermark w set system_identifier = here where w.one returning w.* into mark;
  end if;
  return mark;
end
$$;

comment on function private.known_watermark(bigint) is
'The watermark, after a look at whether its transaction ids are of this cluster: after a logical restore they are not.';

create or replace function private.forget_foreign_ids(horizon bigint) returns void
language plpgsql
set search_path = ''
as $$
begin
  alter table public.inferences disable trigger _000_append_only;
  alter table public.outcomes disable trigger _000_append_only;
  alter table public.outcome_keys disable trigger _000_append_only;
  alter table public.assignments disable trigger _000_append_only;
  alter table public.exposures disable trigger _000_append_only;
  update public.inferences set tx = 0 where tx >= horizon;
  update public.outcomes set tx = 0 where tx >= horizon;
  update public.outcome_keys set tx = 0 where tx >= horizon;
  update public.assignments set tx = 0 where tx >= horizon;
  update public.exposures set tx = 0 where tx >= horizon;
  alter table public.inferences enable trigger _000_append_only;
  alter table public.outcomes enable trigger _000_append_only;
  alter table public.outcome_keys enable trigger _000_append_only;
  alter table public.assignments enable trigger _000_append_only;
  alter table public.exposures enable trigger _000_append_only;
end
$$;

comment on function private.forget_foreign_ids(bigint) is
'Takes transaction ids away that have not been given out here: history itself stays as it is.';

create or replace function private.rebase() returns void
language plpgsql
set search_path = ''
as $$
declare
  horizon bigint;
begin
  -- Nobody may be writing: then every row is either older than the horizon, or carries an id of the other cluster.
  lock table public.inferences, public.outcomes, public.outcome_keys, public.assignments, public.exposures
  in share row exclusive mode;
  horizon := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
  perform private.forget_foreign_ids(horizon);
  delete from private.marked_units m where m.unit_id is not null;
  delete from private.stale_experiments s where s.experiment_id is not null;
  perform private.place_all(horizon);
  perform private.rebuild_at(e.id, horizon) from public.experiments e;
  perform private.rebase_days(horizon);
  update private.watermark w set lo = horizon where w.one;
end
$$;

comment on function private.rebase() is
E'Takes up counting in another cluster: rows with transaction ids that have not been given out here yet lose them, and all is computed anew.\nStops writers meanwhile.';

create or replace function private.move_watermark(
  until bigint, horizon bigint, began timestamptz, held timestamptz
) returns private.watermark
language plpgsql
set search_path = ''
as $$
declare
  took constant interval := clock_timestamp() - began;
  mark private.watermark;
begin
  update private.watermark w set
    lo = until,
    step = case
      when took > interval '2 seconds' then greatest(least(w.step, until - w.lo) / 2, 100)
      when took < interval '1 second' and until < horizon then least(w.step * 2, 1000000000)
      else w.step end,
    -- Behind, nobody knows to which moment a transaction id belongs: the last known one stands.
    covers_until = case when until = horizon then greatest(w.covers_until, least(began, held)) else w.covers_until end,
    compacted_at = clock_timestamp()
  where w.one returning w.* into mark;
  return mark;
end
$$;

comment on function private.move_watermark(bigint, bigint, timestamptz, timestamptz) is
'Writes how far counting has come. A tick that took long makes the next one smaller.';

create or replace function private.has_news(from_tx bigint, to_tx bigint) returns boolean
language plpgsql stable
set search_path = ''
set enable_seqscan = off
as $$
begin
  return exists (select from public.inferences i where i.tx >= from_tx and i.tx < to_tx)
    or exists (select from public.outcomes o where o.tx >= from_tx and o.tx < to_tx)
    or exists (select from public.assignments a where a.tx >= from_tx and a.tx < to_tx)
    or exists (select from public.exposures x where x.tx >= from_tx and x.tx < to_tx)
    or exists (select from public.outcome_keys k where k.tx >= from_tx and k.tx < to_tx)
    or exists (select from private.marked_units m where m.tx < to_tx)
    or exists (select from private.stale_experiments s where s.tx < to_tx);
end
$$;

comment on function private.has_news(bigint, bigint) is 'Whether a range of transactions wrote anything that is counted.';

create or replace function private.tick_answer(
  state text, mark private.watermark, horizon bigint, held timestamptz, experiments integer
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
begin
  return jsonb_build_object(
    'state', state,
    'behind', greatest(horizon - mark.lo, 0),
    'lag_seconds', case when mark.covers_until > '-infinity'
      then extract(epoch from clock_timestamp() - mark.covers_until)::double precision end,
    'held_seconds', extract(epoch from clock_timestamp() - held)::double precision,
    'experiments', experiments,
    'failed', (select count(*) from private.held_experiments h where h.reason = 'failed'));
end
$$;

comment on function private.tick_answer(text, private.watermark, bigint, timestamptz, integer) is 'What a tick says of itself.';
