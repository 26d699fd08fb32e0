-- What the compactor does to units and places, told to the cube in passing: it comes later. Rows are only added here, so that
-- nobody waits for anybody; but nobody is named any more whose rows were taken away.
create or replace function private.drop_cube_news() returns void
language sql
set search_path = ''
begin atomic
  with told as (
    select e.workspace_id, n.id from private.cube_unit_news n join public.experiments e on e.id = n.experiment_id
    union all
    select n.workspace_id, n.id from private.cube_place_news n
  ),
  much as (select t.workspace_id, array_agg(t.id) as ids from told t group by t.workspace_id having count(*) > 1000),
  places as (delete from private.cube_place_news n where n.id in (select unnest(m.ids) from much m)),
  units as (delete from private.cube_unit_news n where n.id in (select unnest(m.ids) from much m))
  insert into private.cube_marks (workspace_id) select m.workspace_id from much m;
end;

comment on function private.drop_cube_news() is
'Forgets the news of the workspaces that have many: they are counted anew instead, a step at a time.';

create or replace function private.tell_cube(touched private.unit_change[]) returns void
language plpgsql
set search_path = ''
as $$
begin
  insert into private.cube_unit_news (experiment_id, unit_id, was)
  select (c.now).experiment_id, (c.now).unit_id, case when (c.was).unit_id is not null then to_jsonb(c.was) end
  from unnest(touched) c where c.now is distinct from c.was and (c.now).unit_id is not null;
  -- Nobody has taken any for long, and perhaps nobody will.
  if (select s.last_value - w.news > 100000 from private.cube_news_order s, private.cube_watermark w) then
    perform private.drop_cube_news();
  end if;
end
$$;

comment on function private.tell_cube(private.unit_change[]) is 'Tells the cube what units were, before the compactor changed them.';

create or replace function private.mark_cube(marks private.unit_key[]) returns void
language sql
set search_path = ''
begin atomic
  with marked as (select m.workspace_id, m.unit_kind, m.unit_id from unnest(marks) m),
  places as (
    delete from private.cube_place_news n using marked m
    where n.workspace_id = m.workspace_id
      and (m.unit_kind = 'subject' and n.subject = m.unit_id or m.unit_kind = 'conversation' and n.conversation = m.unit_id)
    returning n.*
  ),
  units as (
    delete from private.cube_unit_news n using marked m, public.experiments e
    where e.id = n.experiment_id and e.workspace_id = m.workspace_id and n.unit_id = m.unit_id
  ),
  -- What was forgotten about an outcome concerns whoever had it, and whoever has it.
  concerned as (
    select m.workspace_id, m.unit_kind, m.unit_id from marked m
    union all
    select p.workspace_id, k.kind, k.name
    from places p
    left join private.outcome_places o on o.outcome_id = p.outcome_id
    cross join lateral (values ('subject', p.subject), ('subject', o.subject), ('conversation', p.conversation),
      ('conversation', o.conversation)) as k (kind, name)
    where k.name is not null
  )
  insert into private.cube_marks (workspace_id, unit_kind, bucket)
  -- Of an outcome that has no place nobody knows any more whose it was.
  select distinct c.workspace_id, nullif(c.unit_kind, 'outcome'), case when c.unit_kind <> 'outcome' then private.bucket_of(c.unit_id) end
  from concerned c;
end;

comment on function private.mark_cube(private.unit_key[]) is
'Has the buckets of units counted anew from which raw rows were taken away, and forgets the news that name them.';
