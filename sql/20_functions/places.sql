-- Whose an outcome is, when its source did not say. From raw, for everything at once; placing.sql keeps up with what is new.
create or replace function private.resolved_outcomes(before bigint, tenant uuid default null)
returns setof private.outcome_places
language plpgsql stable
set search_path = ''
set enable_nestloop = off
as $$
begin
  return query
  with heard as materialized (
    select o.* from public.outcomes o
    where o.tx < before and (tenant is null or o.workspace_id = tenant)
      and (o.subject is null or o.conversation is null and num_nonnulls(o.inference_id, o.key_value) > 0)
  ),
  by_conversation as materialized (
    select distinct on (s.workspace_id, s.conversation) s.workspace_id, s.conversation, s.subject
    from private.sightings s
    where s.tx < before and (s.workspace_id, s.conversation) in (
      select h.workspace_id, h.conversation from heard h where h.subject is null and h.conversation is not null)
    order by s.workspace_id, s.conversation, s.seen_at, s.subject
  ),
  by_key as materialized (
    select distinct on (k.workspace_id, k.key_type, k.key_value) k.*
    from public.outcome_keys k
    where k.tx < before and (k.workspace_id, k.key_type, k.key_value) in (
      select h.workspace_id, h.key_type, h.key_value from heard h where h.key_value is not null)
    order by k.workspace_id, k.key_type, k.key_value, k.seen_at, k.subject, k.conversation
  )
  select h.id, h.workspace_id, h.environment_id, h.metric_id, h.value, h.occurred_at, h.subject, h.conversation,
    h.inference_id, h.key_type, h.key_value, i.id is not null,
    coalesce(h.subject, i.subject, c.subject, k.subject),
    coalesce(h.conversation, i.conversation, nullif(k.conversation, '')), h.tx
  from heard h
  left join public.inferences i on i.workspace_id = h.workspace_id and i.id = h.inference_id and i.tx < before
  left join by_conversation c on c.workspace_id = h.workspace_id and c.conversation = h.conversation and h.subject is null
  left join by_key k on k.workspace_id = h.workspace_id and k.key_type = h.key_type and k.key_value = h.key_value;
end
$$;

comment on function private.resolved_outcomes(bigint, uuid) is
E'Every outcome whose source did not say all of its place, placed by what transactions before a watermark wrote.\nWhat the source said comes first, then the inference, the conversation and the business key. Ties go to the earliest by the callers'' clocks.';

create or replace function private.place_all(before bigint) returns void
language plpgsql
set search_path = ''
as $$
begin
  delete from private.outcome_places p where p.outcome_id is not null;
  insert into private.outcome_places select r.* from private.resolved_outcomes(before) r;
end
$$;

comment on function private.place_all(bigint) is 'Places every outcome anew.';
