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

create or replace function private.tg_outcome_places__mark_moved() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  insert into private.marked_days (workspace_id, subject, at)
  select distinct x.workspace_id, x.subject, x.occurred_at
  from old_places o
  join new_places n on n.outcome_id = o.outcome_id and n.said_subject is null and n.subject is distinct from o.subject
  cross join lateral (
    values (o.workspace_id, o.subject, o.occurred_at), (n.workspace_id, n.subject, n.occurred_at)
  ) as x (workspace_id, subject, occurred_at)
  where x.subject is not null;
  return null;
end
$$;

comment on function private.tg_outcome_places__mark_moved() is 'Has the days of those computed anew who lose an outcome to better evidence, and of those who get it.';

create or replace trigger _500_mark_moved after update on private.outcome_places
  referencing old table as old_places new table as new_places
  for each statement execute function private.tg_outcome_places__mark_moved();

create or replace function private.tg_outcome_places__mark_gone() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  insert into private.marked_days (workspace_id, subject, at)
  select distinct o.workspace_id, o.subject, o.occurred_at
  from old_places o where o.said_subject is null and o.subject is not null;
  return null;
end
$$;

comment on function private.tg_outcome_places__mark_gone() is 'Has the days of those computed anew who lose an outcome for good.';

create or replace trigger _500_mark_gone after delete on private.outcome_places
  referencing old table as old_places for each statement execute function private.tg_outcome_places__mark_gone();
