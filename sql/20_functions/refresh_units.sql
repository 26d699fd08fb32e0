-- The units that a range of transactions touches, computed anew by index and compared with what is kept.
create type private.unit_change as (was private.experiment_units, now private.experiment_units);

comment on type private.unit_change is 'A unit before and after; both are the same when only its values are to be computed anew.';

create or replace function private.touched_units(from_tx bigint, to_tx bigint, marks private.unit_key[])
returns table (experiment_id uuid, unit_id text)
language plpgsql stable
set search_path = ''
set enable_seqscan = off
as $$
begin
  return query
  select x.experiment_id, x.unit_id from private.unit_exposures x where x.tx >= from_tx and x.tx < to_tx
  union
  -- A call with another arm than the unit's own makes it a switcher; a unit that nobody has seen yet looks back later.
  select i.experiment_id, u.unit_id
  from public.inferences i
  join public.experiments e on e.id = i.experiment_id
  cross join lateral (
    select k.unit_id from private.experiment_units k
    where k.experiment_id = i.experiment_id and k.standing = 'counted' and k.variant_id <> i.variant_id
      and k.unit_id = case e.unit when 'conversation' then i.conversation else i.subject end
    limit 1) u
  where i.tx >= from_tx and i.tx < to_tx and i.variant_id is not null
  union
  select k.experiment_id, k.unit_id
  from unnest(marks) m
  join public.experiments e on e.workspace_id = m.workspace_id
    and m.unit_kind = case e.unit when 'conversation' then 'conversation' else 'subject' end
  cross join lateral (
    select w.experiment_id, w.unit_id from private.experiment_units w
    where w.experiment_id = e.id and w.unit_id = m.unit_id limit 1) k;
end
$$;

comment on function private.touched_units(bigint, bigint, private.unit_key[]) is
'The units that were exposed or seen in another arm in a range of transactions, and those that were marked.';

create or replace function private.first_exposure(experiment public.experiments, unit_id text, before bigint)
returns table (first private.unit_exposures, switches boolean, is_bot boolean)
language plpgsql stable rows 1
set search_path = ''
set enable_seqscan = off
as $$
begin
  return query
  select (array_agg(s.x order by (s.x).exposed_at, (s.x).exposure_key))[1], count(distinct (s.x).variant_id) > 1,
    coalesce(bool_or((s.x).attributes -> 'bot' = 'true'::jsonb), false)
  from (
    -- Not by equality of the experiment: without statistics, an index that has no unit in it would look as good.
    select u from private.unit_exposures u
    where experiment.assigned_by = 'upshot' and u.workspace_id = experiment.workspace_id
      and u.unit_id = first_exposure.unit_id and u.experiment_id is not distinct from experiment.id
    union all
    select u from private.unit_exposures u
    where experiment.assigned_by = 'external' and u.workspace_id = experiment.workspace_id
      and u.unit_id = first_exposure.unit_id and u.experiment_id = experiment.id) as s (x)
  where (s.x).tx + 0 < before;
end
$$;

comment on function private.first_exposure(public.experiments, text, bigint) is
'A unit''s first exposure to an experiment, whether it was exposed to several arms, and whether any exposure calls it a bot.';

create or replace function private.unit_changes(from_tx bigint, to_tx bigint, marks private.unit_key[])
returns setof private.unit_change
language plpgsql stable
set search_path = ''
set enable_seqscan = off
as $$
begin
  return query
  with cuts as materialized (select k.* from private.phase_cuts k)
  select c.was, c.now
  from private.touched_units(from_tx, to_tx, marks) t
  join public.experiments e on e.id = t.experiment_id
  left join lateral (
    select k as kept from private.experiment_units k where k.experiment_id = t.experiment_id and k.unit_id = t.unit_id limit 1
  ) o on true
  cross join lateral private.first_exposure(e, t.unit_id, to_tx) s
  left join cuts cut on cut.phase_id = (s.first).phase_id and cut.variant_id = (s.first).variant_id
  cross join lateral (
    select o.kept, case when (s.first).unit_id is not null then (
      e.workspace_id, e.id, t.unit_id, (s.first).phase_id, (s.first).variant_id, (s.first).exposed_at,
      ((s.first).exposed_at at time zone 'UTC')::date, coalesce(cut.counts_until, 'infinity'), (s.first).intent_id,
      case when e.segments = '{}' then '{}' else private.segments_of(e.segments, (s.first).attributes) end,
      case when s.is_bot then 'bot' when s.switches or private.strays(e, t.unit_id, (s.first).variant_id, to_tx)
        then 'switcher' else 'counted' end)::private.experiment_units end) as c (was, now);
end
$$;

comment on function private.unit_changes(bigint, bigint, private.unit_key[]) is
'The touched units as they were kept and as they are now; null for none.';

create or replace function private.strays(
  experiment public.experiments, unit_id text, variant_id uuid, before bigint
) returns boolean
language plpgsql stable
set search_path = ''
set enable_seqscan = off
as $$
begin
  if experiment.unit = 'conversation' then
    return exists (
      select from public.inferences i
      where i.workspace_id = experiment.workspace_id and i.conversation = strays.unit_id
        and i.experiment_id = experiment.id and i.variant_id <> strays.variant_id and i.tx + 0 < before);
  end if;
  return exists (
    select from public.inferences i
    where i.workspace_id = experiment.workspace_id and i.subject = strays.unit_id
      and i.experiment_id = experiment.id and i.variant_id <> strays.variant_id and i.tx + 0 < before);
end
$$;

comment on function private.strays(public.experiments, text, uuid, bigint) is
'Whether a unit was ever called with another arm of the experiment than its own.';

create or replace function private.refresh_units(from_tx bigint, to_tx bigint, marks private.unit_key[])
returns private.unit_change[]
language plpgsql
set search_path = ''
set enable_seqscan = off
as $$
declare
  touched constant private.unit_change[] := array(select c from private.unit_changes(from_tx, to_tx, marks) c);
  marked constant text[] := array(select m.unit_id from unnest(marks) m);
begin
  insert into private.experiment_units as u
  select (c.now).* from unnest(touched) c where c.now is distinct from c.was and (c.now).unit_id is not null
  on conflict on constraint experiment_units_pkey do update set
    phase_id = excluded.phase_id, variant_id = excluded.variant_id, entered_at = excluded.entered_at,
    entry_day = excluded.entry_day, counts_until = excluded.counts_until, intent_id = excluded.intent_id,
    segments = excluded.segments, standing = excluded.standing;
  delete from private.experiment_units u using unnest(touched) c
  where (c.now).unit_id is null and u.experiment_id = (c.was).experiment_id and u.unit_id = (c.was).unit_id;
  return array(
    select c from unnest(touched) c
    where c.now is distinct from c.was or (c.now).unit_id = any (marked));
end
$$;

comment on function private.refresh_units(bigint, bigint, private.unit_key[]) is
E'Writes the units that a range of transactions touched.\nAnswers those that changed, and those that were marked: their values are to be computed anew.';
