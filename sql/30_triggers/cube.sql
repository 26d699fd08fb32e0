create or replace function private.tg_marked_units__mark_cube() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  insert into private.cube_marks (workspace_id, unit_kind, bucket, tx)
  select distinct m.workspace_id, m.unit_kind,
    case when m.unit_kind <> 'outcome' then private.bucket_of(m.unit_id) end, m.tx
  from marked m;
  return null;
end
$$;

comment on function private.tg_marked_units__mark_cube() is 'Has the buckets of marked units computed anew too: the compactor takes the marks before the cube comes.';

create or replace trigger _500_mark_cube after insert on private.marked_units
  referencing new table as marked for each statement execute function private.tg_marked_units__mark_cube();
