-- Queues are the project's: whoever creates the extension, postgres owns what is in it, as on hosted.
create or replace function extensions.give_pgmq_to_postgres() returns event_trigger
language plpgsql
set search_path = ''
as $$
declare
  statement text;
begin
  if not exists (
    select from pg_catalog.pg_event_trigger_ddl_commands() as command
    join pg_catalog.pg_extension as e on e.oid = command.objid and e.extname = 'pgmq'
    where command.object_type = 'extension' and e.extowner <> 'postgres'::regrole
  ) then
    return;
  end if;
  update pg_catalog.pg_extension set extowner = 'postgres'::regrole where extname = 'pgmq';
  alter schema pgmq owner to postgres;
  -- The row types of tables follow their tables, and array types their elements.
  for statement in
    select format('alter %s %s owner to postgres', member.type, member.identity)
    from pg_catalog.pg_extension as e
    join pg_catalog.pg_depend as d on d.refobjid = e.oid and d.deptype = 'e'
    cross join lateral pg_catalog.pg_identify_object(d.classid, d.objid, d.objsubid) as member
    left join pg_catalog.pg_type as t on d.classid = 'pg_catalog.pg_type'::regclass and t.oid = d.objid
    left join pg_catalog.pg_class as c on c.oid = t.typrelid
    where e.extname = 'pgmq'
      and member.type in ('table', 'sequence', 'view', 'function', 'type')
      and coalesce(c.relkind, 'c') = 'c' and coalesce(t.typcategory, 'C') <> 'A'
  loop
    execute statement;
  end loop;
end
$$;

drop event trigger if exists issue_pgmq_access;
create event trigger issue_pgmq_access on ddl_command_end when tag in ('CREATE EXTENSION')
  execute function extensions.give_pgmq_to_postgres();
