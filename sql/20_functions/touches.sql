-- Who was there before an outcome: a journey over several conversations and steps, its outcomes shared out among what it touched.
create type private.touch_row as (
  thing_id uuid, thing text, touches bigint, outcomes numeric, credit numeric, share double precision
);

comment on type private.touch_row is 'One thing that customers met before an outcome, and its credit.';

create or replace function private.placed_values(slice private.slice, from_day date, to_day date)
returns table (outcome_id text, environment_id uuid, subject text, value numeric, at timestamptz)
language sql stable rows 10000
set search_path = ''
as $$
  select o.id::text, o.environment_id, coalesce(o.subject, p.subject), private.exact(o.value), o.occurred_at
  from public.outcomes o
  left join private.outcome_places p on p.outcome_id = o.id
  where o.workspace_id = (slice).workspace_id and o.metric_id = ((slice).metric).id
    and o.environment_id = any ((slice).environment_ids)
    and o.occurred_at >= from_day::timestamp at time zone 'UTC' and o.occurred_at < to_day::timestamp at time zone 'UTC'
  limit 20001
$$;

comment on function private.placed_values(private.slice, date, date) is
'A metric''s outcomes of some days with whose they are, as far as anybody knows; one more than 20,000 at most.';

create or replace function private.thing_words(by text, thing_id uuid) returns text
language sql stable
set search_path = ''
return case by
  when 'action' then (select a.key from public.actions a where a.id = thing_id)
  when 'intent' then (select i.key from public.intents i where i.id = thing_id)
  when 'version' then private.version_words(thing_id)
  when 'change' then (select c.summary from public.changes c where c.id = thing_id) end;

comment on function private.thing_words(text, uuid) is 'What people call an action, an intent, a version or a change.';

create or replace function private.touches_of(slice private.slice, by text, subjects text[], since timestamptz, until timestamptz)
returns table (touch_id text, subject text, thing_id uuid, at timestamptz)
language sql stable rows 10000
set search_path = ''
as $$
  -- A conversation touches a thing once, when it first meets it: a step that calls ten times is not ten times there.
  select distinct on (i.subject, coalesce(i.conversation, i.id::text), t.thing) i.id::text, i.subject, t.thing, i.started_at
  from public.inferences i
  -- In line: a function for each call would cost more than all the rest.
  cross join lateral (select case by
    when 'action' then i.action_id when 'intent' then i.intent_id when 'version' then i.prompt_version_id
    when 'change' then (
      select c.id from public.changes c
      where c.workspace_id = i.workspace_id and c.kind like 'deployment%' and c.occurred_at <= i.started_at
        and c.environment_id = i.environment_id and c.capability_id = i.capability_id
        and (c.detail ->> 'version_id')::uuid = i.prompt_version_id
      order by c.occurred_at desc, c.id desc limit 1) end as thing offset 0) t
  where i.workspace_id = (slice).workspace_id and i.subject = any (subjects) and i.environment_id = any ((slice).environment_ids)
    and i.started_at > since and i.started_at <= until and t.thing is not null
    and coalesce(i.capability_id = (slice).capability_id, true)
    and ((slice).action_id is null or i.action_id = (slice).action_id)
    and ((slice).intent_id is null or i.intent_id = (slice).intent_id)
    and coalesce(coalesce(i.resolved_model, i.requested_model) = (slice).model, true)
  order by i.subject, coalesce(i.conversation, i.id::text), t.thing, i.started_at, i.id
$$;

comment on function private.touches_of(private.slice, text, text[], timestamptz, timestamptz) is
'The things that some subjects met between two moments, each conversation''s things once: an action, intent or version, or the change that made the version live.';

create or replace function private.shared_out(
  slice private.slice, touch_model text, by text, from_day date, to_day date, lookback interval, half_life interval
) returns setof private.touch_row
language sql stable
set search_path = ''
as $$
  with outcomes as materialized (select v.* from private.placed_values(slice, from_day, to_day) v),
  touches as materialized (
    select t.* from (select array_agg(distinct o.subject) as subjects, min(o.at) as first_at, max(o.at) as last_at from outcomes o) j
    cross join lateral private.touches_of(slice, by, j.subjects, j.first_at - private.seconds_of(lookback), j.last_at) t
  ),
  credits as materialized (
    select x.conversion_id, x.touch_id, case touch_model when 'first' then x.first_touch when 'last' then x.last_touch
      when 'linear' then x.linear when 'time_decay' then x.time_decay else x.position_based end as weight
    from (select array_agg(o.outcome_id order by o.outcome_id) as ids, array_agg(o.subject order by o.outcome_id) as subjects,
        array_agg(o.at order by o.outcome_id) as at from outcomes o where o.subject is not null) c
    cross join (select array_agg(t.touch_id order by t.touch_id) as ids, array_agg(t.subject order by t.touch_id) as subjects,
        array_agg(t.at order by t.touch_id) as at from touches t) t
    cross join lateral stats.touch_credits(c.ids, c.subjects, c.at, t.ids, t.subjects, t.at, lookback, half_life) x
  ),
  parts as (
    select t.thing_id, count(*) as touches, sum(c.weight) as outcomes, sum(c.weight * o.value) as credit
    from credits c join outcomes o on o.outcome_id = c.conversion_id join touches t on t.touch_id = c.touch_id
    group by t.thing_id
    union all
    select null, 0, count(*), sum(o.value) from outcomes o
    where not exists (select from credits c where c.conversion_id = o.outcome_id)
    having count(*) > 0
  )
  select p.thing_id, private.thing_words(by, p.thing_id), p.touches, trim_scale(p.outcomes), trim_scale(p.credit),
    (p.credit / nullif(sum(p.credit) over (), 0))::double precision
  from parts p
$$;

comment on function private.shared_out(private.slice, text, text, date, date, interval, interval) is
'Outcomes shared out among the things that came before them; what nothing came before has no thing. The credits add up to all values exactly.';

create or replace function private.touch_credits(
  metric text, from_day date, to_day date, touch_model text, by text, lookback interval, half_life interval, environment text,
  capability text, action text, intent text, model text, workspace_id uuid
) returns setof private.touch_row
language plpgsql stable security definer
set search_path = ''
as $$
declare
  slice private.slice := private.open_slice(environment, capability, action, intent, model, workspace_id);
  fault jsonb;
begin
  slice.metric := private.metric_of(slice.workspace_id, metric);
  select jsonb_build_object('argument', a.argument, 'expected', a.expected) into fault
  from (values
    ('from_day, to_day', 'two days, the first before the last, which is excluded', from_day < to_day),
    ('touch_model', 'first, last, linear, time_decay or position_based',
      touch_model in ('first', 'last', 'linear', 'time_decay', 'position_based')),
    ('by', 'action, intent, version or change', by in ('action', 'intent', 'version', 'change')),
    ('lookback, half_life', 'spans of time, the lookback at most 90 days',
      lookback > interval '0' and half_life > interval '0' and lookback <= interval '90 days'),
    ('metric', 'a metric whose outcomes are recorded and can be added up',
      (slice.metric).source = 'outcomes' and (slice.metric).kind not in ('ratio', 'quantile'))
  ) as a (argument, expected, holds) where a.holds is not true limit 1;
  if fault is null and (select count(*) from private.placed_values(slice, from_day, to_day)) > 20000 then
    fault := '{"argument": "from_day, to_day", "expected": "days with at most 20,000 outcomes"}';
  end if;
  if fault is not null then
    perform private.fail('bad_argument', fault);
  end if;
  return query select t.* from private.shared_out(slice, touch_model, by, from_day, to_day, lookback, half_life) t
    order by t.thing_id is null, t.credit desc, t.thing;
end
$$;

comment on function private.touch_credits(
  text, date, date, text, text, interval, interval, text, text, text, text, text, uuid
) is E'Credit by touches.\nDefiner: where outcomes are placed is closed to the API''s roles; it asks for workspace.read.';
