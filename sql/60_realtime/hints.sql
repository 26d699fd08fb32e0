-- A message is a hint that something changed, never the thing itself: who gets it reads again.
-- Statements note what they changed; when the transaction commits, each topic is told once, of all of it.
create unlogged table private.hints (
  tx xid8 not null default pg_current_xact_id(),
  topic text not null,
  kind text not null,
  ids uuid[],
  revision integer,
  primary key (tx, topic, kind)
);

comment on table private.hints is 'What a transaction changed so far, by topic; sent and deleted when it commits.';
comment on column private.hints.tx is 'The transaction.';
comment on column private.hints.topic is 'Whom to tell.';
comment on column private.hints.kind is 'The table that changed, or results.';
comment on column private.hints.ids is 'The rows, at most 51 of them; null when they have no id of their own.';
comment on column private.hints.revision is 'The revision of the row, where it has one.';

alter table private.hints enable row level security;

create or replace function private.note_hint(topic text, kind text, ids uuid[], revision integer default null) returns void
language plpgsql
set search_path = ''
as $$
begin
  insert into private.hints as h (topic, kind, ids, revision)
  values (note_hint.topic, note_hint.kind, note_hint.ids[1:51], note_hint.revision)
  on conflict on constraint hints_pkey do update set
    ids = case when h.ids is not null and excluded.ids is not null then
      array(select distinct i from unnest(h.ids || excluded.ids) i order by i limit 51) end,
    revision = greatest(h.revision, excluded.revision);
end
$$;

comment on function private.note_hint(text, text, uuid[], integer) is 'Remembers until the commit that a topic is to be told.';

create or replace function private.hint_entry(noted private.hints) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
  return jsonb_build_object(
      'kind', noted.kind, 'ids', case when cardinality(noted.ids) <= 50 then to_jsonb(noted.ids) end)
    || case when cardinality(noted.ids) = 1 and noted.revision is not null
      then jsonb_build_object('revision', noted.revision) else '{}' end;
end
$$;

comment on function private.hint_entry(private.hints) is
'One entry of a message: kind, ids (null: too many, or none of their own), revision if it is one row that has one.';

create or replace function private.tg_hints__send() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  said jsonb;
begin
  with taken as (
    delete from private.hints h where h.tx = new.tx and h.topic = new.topic returning h
  )
  select jsonb_agg(private.hint_entry(t.h) order by (t.h).kind) into said from taken t;
  if said is not null then
    perform realtime.send(jsonb_build_object('changed', said), 'changed', new.topic, true);
  end if;
  return null;
end
$$;

comment on function private.tg_hints__send() is
E'At the commit: one message to a topic, of everything that the transaction changed there.\nDefiner: realtime.send writes with its caller''s rights, and no user may send here.';

create constraint trigger _900_send after insert on private.hints
  deferrable initially deferred for each row execute function private.tg_hints__send();

create or replace function private.tg_hint() returns trigger
language plpgsql security definer
set search_path = ''
set plan_cache_mode = 'force_generic_plan'
as $$
begin
  perform private.note_hint(x.topic, tg_table_name, x.ids, x.revision)
  from (
    select rule.topic || ':' || case
        when rule.topic_column <> 'object_id' or r.line ->> 'object_kind' = rule.topic then r.line ->> rule.topic_column
      end as topic,
      max((r.line ->> 'revision')::integer) as revision,
      case when bool_and(r.line ? 'id') then (array_agg((r.line ->> 'id')::uuid order by r.line ->> 'id'))[1:51] end as ids
    from private.hint_topics rule
    cross join (select to_jsonb(f) as line from fresh f) r
    where rule.table_name = tg_table_name and lower(tg_op) = any (rule.events)
    group by 1
  ) as x
  -- In one order, and nothing for a row without the topic's id.
  where x.topic is not null
  order by x.topic;
  return null;
end
$$;

comment on function private.tg_hint() is
E'Notes for each topic of the table which rows a statement changed.\nDefiner: the notes are closed to the API''s roles.';

do $$
declare
  wanted record;
begin
  for wanted in
    select distinct h.table_name, e.event from private.hint_topics h cross join unnest(h.events) as e (event)
    order by h.table_name, e.event
  loop
    execute format(
      'create or replace trigger _900_hint_%1$s after %1$s on public.%2$I referencing %3$s table as fresh
        for each statement execute function private.tg_hint()',
      wanted.event, wanted.table_name, case wanted.event when 'delete' then 'old' else 'new' end);
  end loop;
end
$$;
