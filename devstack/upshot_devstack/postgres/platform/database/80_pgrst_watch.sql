-- Tells the REST layer that its picture of the schema is old. Temporary objects and the platform's own do not count.
create or replace function extensions.pgrst_ddl_watch() returns event_trigger
language plpgsql
set search_path = ''
as $$
begin
  if exists (
    select from pg_catalog.pg_event_trigger_ddl_commands() as command
    where coalesce(command.schema_name, '') not in ('pg_temp', 'auth', 'realtime', 'storage', 'vault')
      and coalesce(command.object_identity, '') not like '% pg\_temp.%'
      and (
        command.command_tag in ('SELECT INTO', 'COMMENT')
        or command.command_tag ~ '^(CREATE|ALTER) (SCHEMA|(FOREIGN )?TABLE( AS)?|(MATERIALIZED )?VIEW|TYPE|DOMAIN)$'
        or command.command_tag ~ '^(CREATE|ALTER) (FUNCTION|PROCEDURE|AGGREGATE|TRIGGER|RULE|CAST)$'
      )
  ) then
    notify pgrst, 'reload schema';
  end if;
end
$$;

create or replace function extensions.pgrst_drop_watch() returns event_trigger
language plpgsql
set search_path = ''
as $$
begin
  if exists (
    select from pg_catalog.pg_event_trigger_dropped_objects() as dropped
    where not dropped.is_temporary
      and coalesce(dropped.schema_name, '') not in ('auth', 'realtime', 'storage', 'vault')
      and dropped.object_type in (
        'schema', 'table', 'foreign table', 'view', 'materialized view', 'table column', 'table constraint',
        'function', 'procedure', 'aggregate', 'trigger', 'type', 'rule', 'cast'
      )
  ) then
    notify pgrst, 'reload schema';
  end if;
end
$$;

drop event trigger if exists pgrst_ddl_watch;
create event trigger pgrst_ddl_watch on ddl_command_end execute function extensions.pgrst_ddl_watch();
drop event trigger if exists pgrst_drop_watch;
create event trigger pgrst_drop_watch on sql_drop execute function extensions.pgrst_drop_watch();
