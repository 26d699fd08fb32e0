create or replace function private.tg_marked_units__mark_days() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  insert into private.marked_days (workspace_id, subject)
  select m.workspace_id, m.unit_id from marked m where m.unit_kind = 'subject';
  return null;
end
$$;

comment on function private.tg_marked_units__mark_days() is 'Has the days of marked subjects computed anew too: the compactor takes the marks before the daily tier comes.';

create or replace trigger _500_mark_days after insert on private.marked_units
  referencing new table as marked for each statement execute function private.tg_marked_units__mark_days();
