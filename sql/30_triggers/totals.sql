-- However cells are written, their totals follow in the same statement.
create or replace function private.tg_daily_cells__add_totals() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  perform private.add_day_totals(array(select row(n.*)::private.daily_cells from new_cells n), null);
  return null;
end
$$;

comment on function private.tg_daily_cells__add_totals() is 'Adds cells that begin to the totals.';

create or replace trigger _500_add_totals after insert on private.daily_cells
  referencing new table as new_cells for each statement execute function private.tg_daily_cells__add_totals();

create or replace function private.tg_daily_cells__move_totals() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  perform private.add_day_totals(
    array(select row(n.*)::private.daily_cells from new_cells n), array(select row(o.*)::private.daily_cells from old_cells o));
  return null;
end
$$;

comment on function private.tg_daily_cells__move_totals() is 'Adds to the totals by how much cells moved.';

create or replace trigger _500_move_totals after update on private.daily_cells
  referencing old table as old_cells new table as new_cells
  for each statement execute function private.tg_daily_cells__move_totals();

create or replace function private.tg_daily_cells__take_totals() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  perform private.add_day_totals(null, array(select row(o.*)::private.daily_cells from old_cells o));
  return null;
end
$$;

comment on function private.tg_daily_cells__take_totals() is 'Takes cells that go out of the totals.';

create or replace trigger _500_take_totals after delete on private.daily_cells
  referencing old table as old_cells for each statement execute function private.tg_daily_cells__take_totals();

create or replace function private.tg_hourly_calls__add_totals() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  perform private.add_hour_totals(array(select row(n.*)::private.hourly_calls from new_hours n), null);
  return null;
end
$$;

comment on function private.tg_hourly_calls__add_totals() is 'Adds hours that begin to the totals.';

create or replace trigger _500_add_totals after insert on private.hourly_calls
  referencing new table as new_hours for each statement execute function private.tg_hourly_calls__add_totals();

create or replace function private.tg_hourly_calls__move_totals() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  perform private.add_hour_totals(
    array(select row(n.*)::private.hourly_calls from new_hours n), array(select row(o.*)::private.hourly_calls from old_hours o));
  return null;
end
$$;

comment on function private.tg_hourly_calls__move_totals() is 'Adds to the totals by how much hours moved.';

create or replace trigger _500_move_totals after update on private.hourly_calls
  referencing old table as old_hours new table as new_hours
  for each statement execute function private.tg_hourly_calls__move_totals();

create or replace function private.tg_hourly_calls__take_totals() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  perform private.add_hour_totals(null, array(select row(o.*)::private.hourly_calls from old_hours o));
  return null;
end
$$;

comment on function private.tg_hourly_calls__take_totals() is 'Takes hours that go out of the totals.';

create or replace trigger _500_take_totals after delete on private.hourly_calls
  referencing old table as old_hours for each statement execute function private.tg_hourly_calls__take_totals();
