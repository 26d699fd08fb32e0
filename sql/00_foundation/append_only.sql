create or replace function private.tg_refuse_change() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  perform private.fail('append_only', jsonb_build_object('table', tg_table_name, 'operation', lower(tg_op)));
  return null;
end
$$;

comment on function private.tg_refuse_change() is
'Refuses update, delete and truncate on history: corrections are new rows.';
