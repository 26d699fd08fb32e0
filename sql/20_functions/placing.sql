-- Keeps outcome_places up with what is new. Each look-up goes by an index and is written as one, for a planner without
-- statistics would rather read the table: no sequential scans, and tx + 0 where an index on tx must not be thought of.
create type private.unit_key as (workspace_id uuid, unit_kind text, unit_id text);

comment on type private.unit_key is 'A subject or a conversation.';

create or replace function private.find_places(waiting private.outcome_places[], before bigint)
returns setof private.outcome_places
language plpgsql stable rows 1000
set search_path = ''
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
begin
  return query
  select p.outcome_id, p.workspace_id, p.environment_id, p.metric_id, p.value, p.occurred_at, p.said_subject,
    p.said_conversation, p.inference_id, p.key_type, p.key_value, i.id is not null,
    coalesce(p.said_subject, i.subject, c.subject, k.subject),
    coalesce(p.said_conversation, i.conversation, nullif(k.conversation, '')), p.tx
  from unnest(waiting) p
  left join lateral (
    select f.id, f.subject, f.conversation from public.inferences f
    -- Not by equality of the workspace: without statistics, an index that begins with it would look as good as the key's.
    where f.workspace_id is not distinct from p.workspace_id and f.id = p.inference_id and f.tx + 0 < before
    limit 1) i on true
  left join lateral (
    select s.subject from private.sightings s
    where p.said_subject is null and i.id is null
      and s.workspace_id = p.workspace_id and s.conversation = p.said_conversation and s.tx + 0 < before
    order by s.seen_at, s.subject
    limit 1) c on true
  left join lateral (
    select o.subject, o.conversation from public.outcome_keys o
    where o.workspace_id = p.workspace_id and o.key_type = p.key_type and o.key_value = p.key_value and o.tx + 0 < before
    order by o.seen_at, o.subject, o.conversation
    limit 1) k on true;
end
$$;

comment on function private.find_places(private.outcome_places[], bigint) is
'As resolved_outcomes, for some outcomes, each by its own keys.';

create or replace function private.place_new(from_tx bigint, to_tx bigint, late uuid[], alone uuid default null) returns void
language plpgsql
set search_path = ''
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
declare
  waiting constant private.outcome_places[] := array(
    select (o.id, o.workspace_id, o.environment_id, o.metric_id, o.value, o.occurred_at, o.subject, o.conversation,
      o.inference_id, o.key_type, o.key_value, false, null, null, o.tx)::private.outcome_places
    from public.outcomes o
    where o.tx >= from_tx and o.tx < to_tx
      and (o.subject is null or o.conversation is null and num_nonnulls(o.inference_id, o.key_value) > 0)
      and o.workspace_id <> all (late) and (alone is null or o.workspace_id = alone));
begin
  insert into private.outcome_places select p.* from private.find_places(waiting, to_tx) p;
end
$$;

comment on function private.place_new(bigint, bigint, uuid[], uuid) is
'Places the outcomes of a range of transactions, or has them wait: of all workspaces but those that are late, or of one alone.';

create or replace function private.waiting_for(from_tx bigint, to_tx bigint) returns setof private.outcome_places
language plpgsql stable rows 1000
set search_path = ''
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
begin
  return query
  select p.* from public.inferences i
  cross join lateral (
    select w.* from private.outcome_places w
    where w.workspace_id = i.workspace_id and w.inference_id = i.id and not w.inference_found offset 0) p
  where i.tx >= from_tx and i.tx < to_tx
  union
  select p.* from (
    select distinct f.workspace_id, f.conversation, f.subject from private.sightings f where f.tx >= from_tx and f.tx < to_tx) s
  cross join lateral (
    select w.* from private.outcome_places w
    where w.workspace_id = s.workspace_id and w.said_conversation = s.conversation
      and w.said_subject is null and not w.inference_found
      -- Seen once more with whom it is placed: it stays there.
      and w.subject is distinct from s.subject offset 0) p
  union
  select p.* from public.outcome_keys k
  cross join lateral (
    select w.* from private.outcome_places w
    where w.workspace_id = k.workspace_id and w.key_type = k.key_type and w.key_value = k.key_value offset 0) p
  where k.tx >= from_tx and k.tx < to_tx;
end
$$;

comment on function private.waiting_for(bigint, bigint) is
'The outcomes of earlier transactions whose place may be another one by the evidence of a range of transactions.';

create or replace function private.places_of(marks private.unit_key[]) returns setof private.outcome_places
language plpgsql stable
set search_path = ''
set enable_seqscan = off
as $$
begin
  return query
  select p.* from unnest(marks) m join private.outcome_places p on m.unit_kind = 'subject'
    and p.workspace_id = m.workspace_id and p.subject = m.unit_id and p.said_subject is null
  union
  select p.* from unnest(marks) m join private.outcome_places p on m.unit_kind = 'conversation'
    and p.workspace_id = m.workspace_id and p.conversation = m.unit_id and p.said_conversation is null
  union
  select p.* from unnest(marks) m join private.outcome_places p on m.unit_kind = 'outcome'
    and p.outcome_id = private.as_uuid(m.unit_id) and p.workspace_id = m.workspace_id;
end
$$;

comment on function private.places_of(private.unit_key[]) is 'The outcomes that evidence has placed with some units.';

create or replace function private.place_again(
  from_tx bigint, to_tx bigint, marks private.unit_key[], late uuid[], alone uuid default null
) returns private.unit_key[]
language plpgsql
set search_path = ''
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
declare
  gone private.unit_key[];
  moved private.unit_key[];
begin
  -- What was taken away is forgotten first: nothing is placed by it, nor is it placed.
  with dropped as (
    delete from private.outcome_places p where p.outcome_id in (
      select m.outcome_id from private.places_of(marks) m
      where not exists (select from public.outcomes o where o.id = m.outcome_id))
    returning p.*
  )
  select array_agg(u) into gone from dropped d cross join lateral private.units_of_place(d) u;
  with hit as materialized (
    select x.w from (
      select w from private.waiting_for(from_tx, to_tx) w union select p from private.places_of(marks) p) x
    where (x.w).workspace_id <> all (late) and (alone is null or (x.w).workspace_id = alone)
  ),
  moves as materialized (
    select (h.w).*, f.subject as new_subject, f.conversation as new_conversation, f.inference_found as new_found, h.w, f
    from private.find_places(array(select x.w from hit x), to_tx) f join hit h on (h.w).outcome_id = f.outcome_id
    where f is distinct from h.w
  ),
  written as (
    update private.outcome_places p
    set subject = m.new_subject, conversation = m.new_conversation, inference_found = m.new_found
    from moves m where p.outcome_id = m.outcome_id
  ),
  told as (
    insert into private.cube_place_news (workspace_id, outcome_id, subject, conversation)
    select m.workspace_id, m.outcome_id, m.subject, m.conversation from moves m
    where (m.subject, m.conversation) is distinct from (m.new_subject, m.new_conversation)
  )
  select array_agg(distinct u) into moved
  from moves m cross join lateral (
    select a from private.units_of_place(m.w) a union select b from private.units_of_place(m.f) b) as x (u);
  return coalesce(gone, '{}') || coalesce(moved, '{}');
end
$$;

comment on function private.place_again(bigint, bigint, private.unit_key[], uuid[], uuid) is
E'Moves outcomes to where new evidence puts them, and forgets those that are gone.\nAnswers the units that lost or got any. late and alone: as place_new.';

create or replace function private.units_of_place(place private.outcome_places) returns setof private.unit_key
language sql immutable rows 2
set search_path = ''
as $$
  select (place.workspace_id, 'subject', place.subject)::private.unit_key where place.subject is not null
  union all
  select (place.workspace_id, 'conversation', place.conversation)::private.unit_key where place.conversation is not null
$$;

comment on function private.units_of_place(private.outcome_places) is 'The units that an outcome is placed with.';
