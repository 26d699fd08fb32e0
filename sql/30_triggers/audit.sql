-- Hangs the audit log on every table that private.audited lists. Transition tables allow one operation a trigger.
-- Evidence is only ever added, so its tables have the trigger for inserts alone.
do $$
declare
  listed record;
  arguments text;
begin
  for listed in
    select a.*, (
      select array_agg(c.attname::text order by c.attnum)
      from pg_index i join pg_attribute c on c.attrelid = i.indrelid and c.attnum = any (i.indkey)
      where i.indrelid = ('public.' || a.table_name)::regclass and i.indisprimary) as keys
    from private.audited a
  loop
    if listed.mode = 'batch' then
      execute format(
        'create or replace trigger _950_audit_insert after insert on public.%I referencing new table as after_rows
         for each statement execute function private.tg_audit_batch(%L)', listed.table_name, listed.keys);
      continue;
    end if;
    arguments := format('%L, %L, %L', listed.keys, listed.secrets, listed.silent);
    execute format(
      'create or replace trigger _950_audit_insert after insert on public.%I referencing new table as after_rows
       for each statement execute function private.tg_audit(%s)', listed.table_name, arguments);
    execute format(
      'create or replace trigger _950_audit_update after update on public.%I
       referencing old table as before_rows new table as after_rows
       for each statement execute function private.tg_audit(%s)', listed.table_name, arguments);
    execute format(
      'create or replace trigger _950_audit_delete after delete on public.%I referencing old table as before_rows
       for each statement execute function private.tg_audit(%s)', listed.table_name, arguments);
  end loop;
end
$$;

-- Assignments are their own log. (The functions come after the tables, hence not there.)
alter table public.assignments
  alter column actor_kind set default private.actor_kind(),
  alter column actor_id set default private.actor_id();
