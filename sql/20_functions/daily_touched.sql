-- Which unit-days a range of transactions may have changed. Too many is only slower; too few would be wrong.
create or replace function private.new_unit_days(from_tx bigint, to_tx bigint) returns setof private.unit_day_key
language sql stable
set search_path = ''
as $$
  select i.workspace_id, i.environment_id, i.capability_id, i.subject, private.utc_day(i.started_at)
  from public.inferences i
  left join private.unit_days u
    on u.workspace_id = i.workspace_id and u.subject = i.subject and u.environment_id = i.environment_id
    and u.capability_id = i.capability_id and u.day = private.utc_day(i.started_at)
  where i.tx >= from_tx and i.tx < to_tx and (u.day is null or (i.started_at, i.id) < (u.first_at, u.inference_id))
$$;

comment on function private.new_unit_days(bigint, bigint) is
'Unit-days that inferences of these transactions open, or begin earlier.';

create or replace function private.new_evidence(from_tx bigint, to_tx bigint) returns setof uuid
language sql stable
set search_path = ''
as $$
  select p.outcome_id from public.inferences i
  join private.outcome_places p on p.workspace_id = i.workspace_id and p.said_subject is null and p.inference_id = i.id
  where i.tx >= from_tx and i.tx < to_tx
  union
  select p.outcome_id from private.sightings s
  join private.outcome_places p on p.workspace_id = s.workspace_id and p.said_subject is null and p.said_conversation = s.conversation
  where s.tx >= from_tx and s.tx < to_tx
  union
  select p.outcome_id from public.outcome_keys k
  join private.outcome_places p on p.workspace_id = k.workspace_id and p.said_subject is null
    and p.key_type = k.key_type and p.key_value = k.key_value
  where k.tx >= from_tx and k.tx < to_tx
$$;

comment on function private.new_evidence(bigint, bigint) is
'Outcomes without a subject of their own that something in these transactions says more about.';

create or replace function private.touched_outcomes(from_tx bigint, to_tx bigint) returns setof public.outcomes
language sql stable
set search_path = ''
as $$
  select o.* from public.outcomes o where o.tx >= from_tx and o.tx < to_tx
  union
  select o.* from private.new_evidence(from_tx, to_tx) e join public.outcomes o on o.id = e
$$;

comment on function private.touched_outcomes(bigint, bigint) is
'Outcomes that came in these transactions, or whose subject may be another since evidence came that places them.';

create or replace function private.possible_subjects(outcomes public.outcomes[])
returns table (workspace_id uuid, environment_id uuid, metric_id uuid, occurred_at timestamptz, subject text)
language sql stable
set search_path = ''
as $$
  with open as (select o.* from unnest(outcomes) o where o.subject is null)
  select o.workspace_id, o.environment_id, o.metric_id, o.occurred_at, o.subject
  from unnest(outcomes) o where o.subject is not null
  union
  select o.workspace_id, o.environment_id, o.metric_id, o.occurred_at, i.subject
  from open o join public.inferences i on i.workspace_id = o.workspace_id and i.id = o.inference_id
  union
  select o.workspace_id, o.environment_id, o.metric_id, o.occurred_at, s.subject
  from open o join private.sightings s on s.workspace_id = o.workspace_id and s.conversation = o.conversation
  union
  select o.workspace_id, o.environment_id, o.metric_id, o.occurred_at, k.subject
  from open o join public.outcome_keys k
    on k.workspace_id = o.workspace_id and k.key_type = o.key_type and k.key_value = o.key_value
$$;

comment on function private.possible_subjects(public.outcomes[]) is
E'Everybody whom an outcome may belong to, now or before the last evidence came.\nA key or a conversation that was seen with several subjects moves from one to the other: both are looked at again.';

create or replace function private.recalled_unit_days(from_tx bigint, to_tx bigint) returns setof private.unit_day_key
language sql stable
set search_path = ''
as $$
  select u.workspace_id, u.environment_id, u.capability_id, u.subject, u.day
  from public.inferences i
  join private.unit_days u on u.workspace_id = i.workspace_id and u.subject = i.subject
    and u.environment_id = i.environment_id and u.capability_id = i.capability_id and u.first_at <= i.started_at
  where i.tx >= from_tx and i.tx < to_tx and exists (
    select from private.metric_parts p
    where p.workspace_id = i.workspace_id and p.source <> 'outcomes' and u.first_at > i.started_at - p.attribution_window)
$$;

comment on function private.recalled_unit_days(bigint, bigint) is
'Unit-days whose metrics count the calls of these transactions.';

create or replace function private.marked_unit_days(to_tx bigint) returns setof private.unit_day_key
language plpgsql
set search_path = ''
as $$
begin
  return query
  with taken as (delete from private.marked_days m where m.tx < to_tx returning m.workspace_id, m.subject)
  select u.workspace_id, u.environment_id, u.capability_id, u.subject, u.day
  from taken t join private.unit_days u on u.workspace_id = t.workspace_id and u.subject = t.subject;
end
$$;

comment on function private.marked_unit_days(bigint) is 'Unit-days of subjects whose raw rows were taken away.';

create or replace function private.touched_unit_days(from_tx bigint, to_tx bigint) returns private.unit_day_key[]
language plpgsql
set search_path = ''
as $$
declare
  outcomes constant public.outcomes[] := array(select o from private.touched_outcomes(from_tx, to_tx) o);
begin
  return array(
    select t from private.new_unit_days(from_tx, to_tx) t
    union
    select row(u.workspace_id, u.environment_id, u.capability_id, u.subject, u.day)::private.unit_day_key
    from private.possible_subjects(outcomes) p
    join private.unit_days u on u.workspace_id = p.workspace_id and u.subject = p.subject
      and u.environment_id = p.environment_id and u.first_at <= p.occurred_at
    where exists (
      select from private.metric_parts m
      where m.event_metric_id = p.metric_id and u.first_at > p.occurred_at - m.attribution_window)
    union
    select t from private.recalled_unit_days(from_tx, to_tx) t
    union
    select t from private.marked_unit_days(to_tx) t);
end
$$;

comment on function private.touched_unit_days(bigint, bigint) is 'The unit-days that these transactions may have changed, each once.';
