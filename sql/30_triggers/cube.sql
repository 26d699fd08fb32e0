-- What the compactor does to units and places, told to the cube in passing: it comes later. Rows are only added here, so that
-- nobody waits for anybody; but nobody is named any more whose rows were taken away.
create or replace function private.tg_marked_units__mark_cube() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  insert into private.cube_marks (workspace_id, unit_kind, name_hash, tx)
  select distinct m.workspace_id, m.unit_kind, case when m.unit_kind <> 'outcome' then hashtextextended(m.unit_id, 0) end, m.tx
  from marked m;
  with gone as (
    delete from private.cube_place_news n using marked m
    where n.workspace_id = m.workspace_id
      and (m.unit_kind = 'subject' and n.subject = m.unit_id or m.unit_kind = 'conversation' and n.conversation = m.unit_id)
    returning n.*
  )
  insert into private.cube_marks (workspace_id, unit_kind, name_hash)
  select distinct g.workspace_id, k.kind, hashtextextended(k.name, 0)
  from gone g
  left join private.outcome_places p on p.outcome_id = g.outcome_id
  cross join lateral (values ('subject', g.subject), ('subject', p.subject), ('conversation', g.conversation),
    ('conversation', p.conversation)) as k (kind, name)
  where k.name is not null;
  return null;
end
$$;

comment on function private.tg_marked_units__mark_cube() is
'Has the buckets of marked units counted anew too: the compactor takes the marks before the cube comes.';

create or replace trigger _500_mark_cube after insert on private.marked_units
  referencing new table as marked for each statement execute function private.tg_marked_units__mark_cube();

create or replace function private.tg_experiment_units__tell_cube() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if tg_op = 'INSERT' then
    insert into private.cube_unit_news (experiment_id, unit_id) select u.experiment_id, u.unit_id from new_units u;
  elsif tg_op = 'UPDATE' then
    insert into private.cube_unit_news (experiment_id, unit_id, was) select u.experiment_id, u.unit_id, to_jsonb(u) from old_units u;
  else
    -- Its raw rows were taken away, or all are counted anew.
    delete from private.cube_unit_news n using old_units u where n.experiment_id = u.experiment_id and n.unit_id = u.unit_id;
  end if;
  return null;
end
$$;

comment on function private.tg_experiment_units__tell_cube() is 'Tells the cube what units were, before the compactor changed them.';

create or replace trigger _500_tell_cube_new after insert on private.experiment_units
  referencing new table as new_units for each statement execute function private.tg_experiment_units__tell_cube();
create or replace trigger _500_tell_cube_old after update on private.experiment_units
  referencing old table as old_units for each statement execute function private.tg_experiment_units__tell_cube();
create or replace trigger _500_tell_cube_gone after delete on private.experiment_units
  referencing old table as old_units for each statement execute function private.tg_experiment_units__tell_cube();

create or replace function private.tg_outcome_places__tell_cube() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  with told as materialized (
    select o.*, n.subject as new_subject, n.conversation as new_conversation, exists (
      select from private.cube_marks m where m.workspace_id = o.workspace_id and (
        m.unit_kind = 'subject' and m.name_hash = hashtextextended(o.subject, 0)
        or m.unit_kind = 'conversation' and m.name_hash = hashtextextended(o.conversation, 0))) as is_marked
    from old_places o join new_places n on n.outcome_id = o.outcome_id
  ),
  kept as (
    insert into private.cube_place_news (workspace_id, outcome_id, subject, conversation)
    select t.workspace_id, t.outcome_id, t.subject, t.conversation from told t where not t.is_marked
  )
  -- Instead of being named, all that it concerns is counted anew.
  insert into private.cube_marks (workspace_id, unit_kind, name_hash)
  select distinct t.workspace_id, k.kind, hashtextextended(k.name, 0)
  from told t
  cross join lateral (values ('subject', t.subject), ('subject', t.new_subject), ('conversation', t.conversation),
    ('conversation', t.new_conversation)) as k (kind, name)
  where t.is_marked and k.name is not null;
  return null;
end
$$;

comment on function private.tg_outcome_places__tell_cube() is 'Tells the cube where outcomes were, before the compactor put them elsewhere.';

create or replace trigger _500_tell_cube after update on private.outcome_places
  referencing old table as old_places new table as new_places
  for each statement execute function private.tg_outcome_places__tell_cube();
