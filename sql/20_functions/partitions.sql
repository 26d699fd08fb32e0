-- Raw events stand in a partition a month (UTC), so that retiring them is dropping a table. Partitions are made while the
-- product runs; what no month holds stands in the default partition until its month is made.
create or replace function private.uuid_at(moment timestamptz) returns uuid
language sql immutable parallel safe
set search_path = ''
return (lpad(to_hex((extract(epoch from moment) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid;

comment on function private.uuid_at(timestamptz) is 'The smallest time-ordered uuid of a moment.';

create or replace function private.event_claim(scope text, source text, source_event_id text) returns uuid
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return substr(encode(sha256(convert_to(
    scope || '|' || length(source) || '|' || source || '|' || source_event_id, 'UTF8')), 'hex'), 1, 32)::uuid;
end
$$;

comment on function private.event_claim(text, text, text) is
E'The key of an event in outcome_claims, whose scope is workspace|environment, and in exposure_claims, whose scope is the experiment.\nThe record verbs say it in line, for speed; a test keeps them equal.';

create or replace view private.partitioned with (security_invoker = true) as
select listed.name, listed.by_id from (values ('inferences', true), ('outcomes', false), ('exposures', false)) as listed (name, by_id);

comment on view private.partitioned is 'One row per table of raw events that has a partition a month: by the time in its id, or by when it was received.';

create or replace function private.partition_bound(by_id boolean, moment timestamptz) returns text
language sql stable
set search_path = ''
return quote_literal(case when by_id then private.uuid_at(moment)::text
  else to_char(moment at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') || '+00' end);

comment on function private.partition_bound(boolean, timestamptz) is 'A bound of a partition, quoted.';

create or replace function private.move_from_default(name text, partition text, by_id boolean, since text, until text) returns void
language plpgsql
set search_path = ''
as $$
declare
  moved bigint;
  part constant text := format('%1$I >= %2$s and %1$I < %3$s', case when by_id then 'id' else 'received_at' end, since, until);
begin
  execute format('insert into private.%I select * from private.%I where %s', partition, name || '_default', part);
  get diagnostics moved = row_count;
  if moved > 0 then
    -- They move, nothing is forgotten.
    perform private.permit_removal(name || '_default');
    execute format('delete from private.%I where %s', name || '_default', part);
    perform private.end_removal();
  end if;
end
$$;

comment on function private.move_from_default(text, text, boolean, text, text) is
'Moves the rows of a month out of the default partition into the table that is about to be its own.';

create or replace function private.add_partition(name text, by_id boolean, month timestamptz) returns void
language plpgsql
set search_path = ''
as $$
declare
  partition constant text := name || to_char(month at time zone 'UTC', '_YYYY_MM');
  since constant text := private.partition_bound(by_id, month);
  until constant text := private.partition_bound(by_id, private.next_month(month));
begin
  execute format('lock table private.%I in access exclusive mode', name || '_default');
  execute format('create table private.%I (like public.%I including all)', partition, name);
  execute format('alter table private.%I enable row level security', partition);
  execute format('revoke all on private.%I from public, anon, authenticated, service_role', partition);
  execute format('comment on table private.%I is %L', partition, format('The %s of %s.', name, to_char(month at time zone 'UTC', 'YYYY-MM')));
  perform private.move_from_default(name, partition, by_id, since, until);
  execute format('create trigger _000_append_only before update or delete or truncate on private.%I
    for each statement execute function private.tg_refuse_change()', partition);
  execute format('alter table public.%I attach partition private.%I for values from (%s) to (%s)', name, partition, since, until);
end
$$;

comment on function private.add_partition(text, boolean, timestamptz) is
'Makes the partition of a month, with what the default partition holds of it.';

create or replace function private.next_month(month timestamptz) returns timestamptz
language sql immutable parallel safe
set search_path = ''
return ((month at time zone 'UTC') + interval '1 month') at time zone 'UTC';

comment on function private.next_month(timestamptz) is 'The month after, in UTC.';

create or replace function private.keep_partitions() returns jsonb
language plpgsql security definer
set search_path = ''
-- Who writes or reads just now goes first: the next call tries again, and the default partition holds the rows until then.
set lock_timeout = '2s'
as $$
declare
  missing record;
  made text[] := '{}'::text[];
begin
  for missing in
    select p.name, p.by_id, m.month, p.name || to_char(m.month at time zone 'UTC', '_YYYY_MM') as partition
    from private.partitioned p
    cross join lateral (
      select date_trunc('month', pg_catalog.now() at time zone 'UTC') + n * interval '1 month' from generate_series(0, 2) n
    ) as at (month_utc)
    cross join lateral (select at.month_utc at time zone 'UTC') as m (month)
    order by p.name, m.month
  loop
    continue when to_regclass('private.' || missing.partition) is not null;
    -- Two who keep house at once: the second finds everything done.
    perform pg_advisory_xact_lock(hashtextextended('upshot.keep_partitions', 0));
    continue when to_regclass('private.' || missing.partition) is not null;
    perform private.add_partition(missing.name, missing.by_id, missing.month);
    made := made || missing.partition;
  end loop;
  return jsonb_build_object('made', made);
exception
  when lock_not_available then
    return jsonb_build_object('made', '{}'::text[], 'busy', true);
end
$$;

comment on function private.keep_partitions() is
E'Makes the partitions of this month and of the next two, where they are missing: {made, busy}.\nDefiner: only the owner of the tables makes partitions of them.';

create or replace function private.retire_rows(partition text, before timestamptz) returns bigint
language plpgsql
set search_path = ''
as $$
declare
  gone bigint;
begin
  perform private.permit_removal(partition);
  execute format('delete from private.%I where received_at < %L', partition, before);
  get diagnostics gone = row_count;
  perform private.end_removal();
  return gone;
end
$$;

comment on function private.retire_rows(text, timestamptz) is
'Deletes what a partition that is of no month received before a moment.';

create or replace function private.leave_raw_rows(name text, partition text, until timestamptz, month timestamptz) returns void
language plpgsql
set search_path = ''
as $$
declare
  counted constant bigint := (select least(w.lo, d.lo) from private.watermark w cross join private.daily_watermark d);
  waits boolean;
  last_at timestamptz;
begin
  execute format('select exists (select from private.%I where tx >= %s and received_at < %L)', partition, counted, until) into waits;
  if waits then
    perform private.fail('not_counted_yet', jsonb_build_object('table', name));
  end if;
  execute format('select max(%I) from private.%I where received_at < %L',
    case name when 'inferences' then 'started_at' when 'outcomes' then 'occurred_at' else 'exposed_at' end, partition, until)
  into last_at;
  -- A caller's clock that runs years ahead must not hold all days.
  update private.daily_watermark w
  set kept_from = greatest(w.kept_from, least(private.utc_day(last_at) + 1, private.utc_day(month) + 7))
  where w.one and last_at is not null;
end
$$;

comment on function private.leave_raw_rows(text, text, timestamptz, timestamptz) is
E'What must be before raw rows go: they are counted, else it raises not_counted_yet.\nThe days that they speak of stay as they are from now on: nothing could compute them again.';

create or replace function private.drop_partitions_before(before timestamptz) returns jsonb
language plpgsql security definer
set search_path = ''
set lock_timeout = '10s'
as $$
declare
  month constant timestamptz := date_trunc('month', before at time zone 'UTC') at time zone 'UTC';
  old record;
  dropped text[] := '{}'::text[];
  deleted bigint := 0;
begin
  for old in
    select p.name, c.relname::text as partition, c.relname ~ '_\d{4}_\d\d$' as is_month
    from private.partitioned p
    join pg_inherits i on i.inhparent = format('public.%I', p.name)::regclass
    join pg_class c on c.oid = i.inhrelid
    where case when c.relname ~ '_\d{4}_\d\d$' then to_date(right(c.relname, 7), 'YYYY_MM')::timestamp at time zone 'UTC' < month
      else true end
    order by c.relname
  loop
    perform private.leave_raw_rows(old.name, old.partition, case when old.is_month then 'infinity' else month end, month);
    if old.is_month then
      execute format('drop table private.%I', old.partition);
      dropped := dropped || old.partition;
    else
      deleted := deleted + private.retire_rows(old.partition, month);
    end if;
  end loop;
  delete from private.outcome_claims c where c.received_on < (month at time zone 'UTC')::date;
  delete from private.exposure_claims c where c.received_on < (month at time zone 'UTC')::date;
  return jsonb_build_object('dropped', dropped, 'deleted', deleted);
end
$$;

comment on function private.drop_partitions_before(timestamptz) is
E'Retires the raw events of the months before the one that holds a moment: {dropped, deleted}. For operators, in SQL.\nDays and hours stay as they were counted, whoever rebuilds; an experiment''s numbers stay as long as nobody rebuilds them. The same event sent again would count as new.\nDefiner: as keep_partitions.';
