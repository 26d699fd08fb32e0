-- The units that a range of transactions touches, computed anew by index and compared with what is kept.
create type private.unit_change as (was private.experiment_units, now private.experiment_units);

comment on type private.unit_change is 'A unit before and after; both are the same when only its values are to be computed anew.';

create or replace function private.exposed_units(from_tx bigint, to_tx bigint)
returns table (experiment_id uuid, unit_id text)
language plpgsql stable rows 1000
set search_path = ''
set enable_seqscan = off
set enable_nestloop = off
set plan_cache_mode = force_generic_plan
as $$
begin
  return query
  with fresh as materialized (
    select x.experiment_id, x.unit_id, x.variant_id, min(x.exposed_at) as exposed_at,
      coalesce(bool_or(x.attributes -> 'bot' = 'true'::jsonb), false) as is_bot
    from private.unit_exposures x where x.tx >= from_tx and x.tx < to_tx
    group by x.experiment_id, x.unit_id, x.variant_id
  )
  select distinct f.experiment_id, f.unit_id
  from fresh f
  -- Seen again, later and in its own arm: nothing about the unit changes.
  where f.is_bot or not exists (
    select from (
      select k.* from private.experiment_units k where k.experiment_id = f.experiment_id and k.unit_id = f.unit_id offset 0) k
    where k.variant_id = f.variant_id and k.entered_at < f.exposed_at);
end
$$;

comment on function private.exposed_units(bigint, bigint) is
'The units to which the exposures of a range of transactions make a difference.';

create or replace function private.strayed_units(from_tx bigint, to_tx bigint)
returns table (experiment_id uuid, unit_id text)
language plpgsql stable rows 100
set search_path = ''
set enable_seqscan = off
set enable_nestloop = off
set plan_cache_mode = force_generic_plan
as $$
begin
  return query
  with calls as materialized (
    select distinct i.experiment_id, i.variant_id,
      case e.unit when 'conversation' then i.conversation else i.subject end as unit_id
    from public.inferences i join public.experiments e on e.id = i.experiment_id
    where i.tx >= from_tx and i.tx < to_tx and i.variant_id is not null
  )
  select distinct c.experiment_id, c.unit_id
  from calls c cross join lateral (
    select k.* from private.experiment_units k
    where k.experiment_id = c.experiment_id and k.unit_id = c.unit_id offset 0) k
  where k.standing = 'counted' and k.variant_id <> c.variant_id;
end
$$;

comment on function private.strayed_units(bigint, bigint) is
E'The units that a range of transactions shows in another arm than their own.\nA unit that nobody has seen yet looks back when it is exposed.';

create or replace function private.touched_units(from_tx bigint, to_tx bigint, marks private.unit_key[])
returns table (experiment_id uuid, unit_id text, looks_back boolean)
language plpgsql stable rows 1000
set search_path = ''
set enable_seqscan = off
set enable_nestloop = off
set plan_cache_mode = force_generic_plan
as $$
begin
  return query
  select t.experiment_id, t.unit_id, bool_or(t.looks_back)
  from (
    select x.experiment_id, x.unit_id, false as looks_back from private.exposed_units(from_tx, to_tx) x
    union all
    select s.experiment_id, s.unit_id, true from private.strayed_units(from_tx, to_tx) s
    union all
    select k.experiment_id, k.unit_id, true
    from unnest(marks) m
    cross join lateral (
      select u.* from private.experiment_units u where u.workspace_id = m.workspace_id and u.unit_id = m.unit_id offset 0) k
    join public.experiments e on e.id = k.experiment_id
    where m.unit_kind = case e.unit when 'conversation' then 'conversation' else 'subject' end) t
  where t.experiment_id not in (select p.experiment_id from private.passed_experiments p)
  group by t.experiment_id, t.unit_id;
end
$$;

comment on function private.touched_units(bigint, bigint, private.unit_key[]) is
E'The units that were exposed or seen in another arm in a range of transactions, and those that were marked.\nLooks back: whether all of its calls must be looked through for another arm, even if it was known.';

create or replace function private.seen_units(from_tx bigint, to_tx bigint, marks private.unit_key[])
returns table (experiment_id uuid, unit_id text, looks_back boolean, switches boolean, is_bot boolean,
  phase_id uuid, variant_id uuid, exposed_at timestamptz, intent_id uuid, attributes jsonb)
language plpgsql stable rows 1000
set search_path = ''
set enable_seqscan = off
set enable_nestloop = off
set plan_cache_mode = force_generic_plan
as $$
begin
  return query
  with touched as materialized (
    select t.*, e.workspace_id, e.assigned_by
    from private.touched_units(from_tx, to_tx, marks) t join public.experiments e on e.id = t.experiment_id
  ),
  seen as materialized (
    select t.experiment_id, t.unit_id, x.phase_id, x.variant_id, x.exposed_at, x.exposure_key, x.intent_id, x.attributes
    from touched t cross join lateral (
      -- Not by equality of the experiment: without statistics, an index that has no unit in it would look as good.
      select u.* from private.unit_exposures u
      where t.assigned_by = 'upshot' and u.workspace_id = t.workspace_id and u.unit_id = t.unit_id
        and u.experiment_id is not distinct from t.experiment_id and u.tx + 0 < to_tx
      union all
      select u.* from private.unit_exposures u
      where t.assigned_by = 'external' and u.workspace_id = t.workspace_id and u.unit_id = t.unit_id
        and u.experiment_id = t.experiment_id and u.tx + 0 < to_tx offset 0) x
  ),
  firsts as (
    select distinct on (s.experiment_id, s.unit_id) s.* from seen s
    order by s.experiment_id, s.unit_id, s.exposed_at, s.exposure_key
  ),
  arms as (
    select s.experiment_id, s.unit_id, count(distinct s.variant_id) > 1 as switches,
      coalesce(bool_or(s.attributes -> 'bot' = 'true'::jsonb), false) as is_bot
    from seen s group by s.experiment_id, s.unit_id
  )
  select t.experiment_id, t.unit_id, t.looks_back, a.switches, a.is_bot, f.phase_id, f.variant_id, f.exposed_at, f.intent_id,
    f.attributes
  from touched t
  left join firsts f on f.experiment_id = t.experiment_id and f.unit_id = t.unit_id
  left join arms a on a.experiment_id = t.experiment_id and a.unit_id = t.unit_id;
end
$$;

comment on function private.seen_units(bigint, bigint, private.unit_key[]) is
'The touched units with their first exposures, whether they were exposed to several arms, and whether any exposure calls them bots.';

create or replace function private.unit_changes(from_tx bigint, to_tx bigint, marks private.unit_key[])
returns setof private.unit_change
language plpgsql stable rows 1000
set search_path = ''
set enable_seqscan = off
set enable_nestloop = off
set plan_cache_mode = force_generic_plan
as $$
begin
  return query
  with cuts as materialized (select k.* from private.phase_cuts k),
  known as materialized (
    select s.*, e.workspace_id, e.unit, e.segments, o.kept,
      s.looks_back or (o.kept).standing is distinct from 'counted' and (o.kept).standing is distinct from 'switcher'
        or (o.kept).variant_id is distinct from s.variant_id as looks
    from private.seen_units(from_tx, to_tx, marks) s
    join public.experiments e on e.id = s.experiment_id
    left join lateral (
      select k as kept from private.experiment_units k
      where k.experiment_id = s.experiment_id and k.unit_id = s.unit_id offset 0) o on true
  ),
  segments as materialized (
    select e.id, private.known_segments(e.id) as known from public.experiments e
    where e.segments <> '{}' and e.id in (select k.experiment_id from known k)
  )
  select u.kept, case when u.variant_id is not null then (
    u.workspace_id, u.experiment_id, u.unit_id, u.phase_id, u.variant_id, u.exposed_at,
    (u.exposed_at at time zone 'UTC')::date, coalesce(cut.counts_until, 'infinity'), u.intent_id,
    case when u.segments = '{}' then '{}' else private.segments_of(u.segments, u.attributes, s.known) end,
    case when u.is_bot then 'bot' when u.switches then 'switcher'
      when not u.looks then (u.kept).standing
      when u.unit = 'conversation' then (
        select case when count(*) > 0 then 'switcher' else 'counted' end from (
          select from public.inferences i where i.workspace_id = u.workspace_id and i.conversation = u.unit_id
            and i.experiment_id = u.experiment_id and i.variant_id <> u.variant_id and i.tx + 0 < to_tx limit 1) x)
      else (
        select case when count(*) > 0 then 'switcher' else 'counted' end from (
          select from public.inferences i where i.workspace_id = u.workspace_id and i.subject = u.unit_id
            and i.experiment_id = u.experiment_id and i.variant_id <> u.variant_id and i.tx + 0 < to_tx limit 1) x)
    end)::private.experiment_units end
  from known u
  left join segments s on s.id = u.experiment_id
  left join cuts cut on cut.phase_id = u.phase_id and cut.variant_id = u.variant_id;
end
$$;

comment on function private.unit_changes(bigint, bigint, private.unit_key[]) is
E'The touched units as they were kept and as they are now; null for none.\nA call with another arm makes a switcher: all of a unit''s calls are looked through when it is new, has another arm, or was marked.';

create or replace function private.refresh_units(from_tx bigint, to_tx bigint, marks private.unit_key[])
returns private.unit_change[]
language plpgsql
set search_path = ''
set enable_seqscan = off
set enable_nestloop = off
as $$
declare
  touched constant private.unit_change[] := array(select c from private.unit_changes(from_tx, to_tx, marks) c);
begin
  insert into private.experiment_units as u
  select (c.now).* from unnest(touched) c where c.now is distinct from c.was and (c.now).unit_id is not null
  on conflict on constraint experiment_units_pkey do update set
    phase_id = excluded.phase_id, variant_id = excluded.variant_id, entered_at = excluded.entered_at,
    entry_day = excluded.entry_day, counts_until = excluded.counts_until, intent_id = excluded.intent_id,
    segments = excluded.segments, standing = excluded.standing;
  delete from private.experiment_units u where u.ctid = any (array(
    select k.ctid from unnest(touched) c cross join lateral (
      select o.ctid from private.experiment_units o
      where o.experiment_id = (c.was).experiment_id and o.unit_id = (c.was).unit_id offset 0) k
    where (c.now).unit_id is null));
  perform private.tell_cube(touched);
  return array(
    select c from unnest(touched) c
    where c.now is distinct from c.was or (c.now).unit_id in (select m.unit_id from unnest(marks) m));
end
$$;

comment on function private.refresh_units(bigint, bigint, private.unit_key[]) is
E'Writes the units that a range of transactions touched.\nAnswers those that changed, and those that were marked: their values are to be computed anew.';
