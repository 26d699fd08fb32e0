-- The days around today; without a partition for the day a message would be lost with no more than a warning.
create or replace function realtime.ensure_partitions(retention interval default interval '72 hours') returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  day date;
  partition record;
begin
  for day in
    select d::date from pg_catalog.generate_series(
      (now() at time zone 'utc')::date - 1, (now() at time zone 'utc')::date + 3, interval '1 day'
    ) as d
  loop
    -- A day that is there already is left alone: changing its owner again would lock out those who are writing to it.
    if to_regclass('realtime.messages_' || to_char(day, 'YYYY_MM_DD')) is null then
      execute format(
        'create table if not exists realtime.%I partition of realtime.messages for values from (%L) to (%L)',
        'messages_' || to_char(day, 'YYYY_MM_DD'), day, day + 1
      );
      execute format(
        'alter table realtime.%I owner to supabase_realtime_admin', 'messages_' || to_char(day, 'YYYY_MM_DD')
      );
    end if;
  end loop;
  for partition in
    select child.relname
    from pg_catalog.pg_inherits
    join pg_catalog.pg_class as child on child.oid = inhrelid
    where inhparent = 'realtime.messages'::regclass
      and child.relname ~ '^messages_\d{4}_\d{2}_\d{2}$'
      and to_date(right(child.relname, 10), 'YYYY_MM_DD') + 1 <= (now() at time zone 'utc') - retention
  loop
    execute format('drop table realtime.%I', partition.relname);
  end loop;
end
$$;

revoke execute on function realtime.ensure_partitions(interval) from public, anon, authenticated, service_role;
comment on function realtime.ensure_partitions(interval) is
  'Makes the partitions of yesterday to three days ahead and drops those older than the retention. The gateway calls it at start and daily.';

select realtime.ensure_partitions();
