-- History is removed in two cases only: an import is taken back, and a person is erased. Their functions say so for the
-- transaction, table by table, and take it back when they are done; everybody else is refused, the owner too.
create or replace function private.permit_removal(variadic tables text[]) returns void
language plpgsql
set search_path = ''
as $$
begin
  perform set_config('upshot.removal', pg_current_xact_id()::text || ':' || array_to_string(tables, ','), true);
end
$$;

comment on function private.permit_removal(text[]) is 'Lets this transaction delete rows of these tables of history, until end_removal.';

create or replace function private.end_removal() returns void
language plpgsql
set search_path = ''
as $$
begin
  perform set_config('upshot.removal', '', true);
end
$$;

comment on function private.end_removal() is 'History is append-only again.';

create or replace function private.may_remove(table_name text) returns boolean
language plpgsql stable
set search_path = ''
as $$
declare
  said constant text := coalesce(current_setting('upshot.removal', true), '');
begin
  return said <> '' and split_part(said, ':', 1) = pg_current_xact_id()::text
    and table_name = any (string_to_array(split_part(said, ':', 2), ','));
end
$$;

comment on function private.may_remove(text) is 'True while this transaction may delete rows of the table.';

create or replace function private.tg_refuse_change() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if tg_op = 'DELETE' and private.may_remove(tg_table_name) then
    return null;
  end if;
  perform private.fail('append_only', jsonb_build_object('table', tg_table_name, 'operation', lower(tg_op)));
  return null;
end
$$;

comment on function private.tg_refuse_change() is
'Refuses update, delete and truncate on history: corrections are new rows. See permit_removal for the two exceptions.';
