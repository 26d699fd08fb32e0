-- The platform's schemas belong to the platform. postgres inherits their owners so that it can write policies, as
-- hosted allows; everything else that would follow from that is refused here with the words hosted uses.
create or replace function extensions.platform_guard() returns event_trigger
language plpgsql
set search_path = ''
as $$
declare
  refused text;
begin
  if current_user <> 'postgres' then
    return;
  end if;
  if tg_event = 'sql_drop' then
    select object_identity into refused
    from pg_catalog.pg_event_trigger_dropped_objects()
    where schema_name in ('auth', 'realtime', 'storage', 'vault') and object_type not in ('policy', 'trigger')
    limit 1;
  else
    select object_identity into refused
    from pg_catalog.pg_event_trigger_ddl_commands()
    where schema_name in ('auth', 'realtime', 'storage', 'vault') and not in_extension
      and object_type not in ('policy', 'trigger') and command_tag not in ('GRANT', 'REVOKE')
    limit 1;
  end if;
  if refused is not null then
    raise exception 'must be owner of %', refused using
      errcode = 'insufficient_privilege',
      hint = 'On Supabase a project may add policies and triggers to the schemas auth, realtime and storage, nothing else.';
  end if;
end
$$;

drop event trigger if exists platform_guard_create;
create event trigger platform_guard_create on ddl_command_end execute function extensions.platform_guard();
drop event trigger if exists platform_guard_drop;
create event trigger platform_guard_drop on sql_drop execute function extensions.platform_guard();
