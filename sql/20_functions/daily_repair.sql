-- The daily tier made anew, and held against the raw rows.
create or replace function private.raw_unit_days(workspace_id uuid, day date) returns private.unit_days[]
language plpgsql stable
set search_path = ''
as $$
begin
  return array(select u from private.unit_days_from_raw(array(
    select distinct row(i.workspace_id, i.environment_id, i.capability_id, i.subject, raw_unit_days.day)::private.unit_day_key
    from public.inferences i
    where i.workspace_id = raw_unit_days.workspace_id
      and i.started_at >= raw_unit_days.day::timestamp at time zone 'UTC'
      and i.started_at < (raw_unit_days.day + 1)::timestamp at time zone 'UTC')) u);
end
$$;

comment on function private.raw_unit_days(uuid, date) is 'All unit-days of a workspace and a day, by the raw rows.';

create or replace function private.raw_days(workspace_id uuid) returns setof date
language sql stable
set search_path = ''
begin atomic
  select distinct private.utc_day(i.started_at) from public.inferences i where i.workspace_id = raw_days.workspace_id;
end;

comment on function private.raw_days(uuid) is 'The days on which a workspace has inferences.';

create or replace function private.rebuild_days(workspace_id uuid) returns void
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  that_day date;
  fresh private.unit_days[];
begin
  perform pg_advisory_xact_lock(private.daily_lock());
  delete from private.unit_days u where u.workspace_id = rebuild_days.workspace_id;
  delete from private.daily_cells c where c.workspace_id = rebuild_days.workspace_id;
  for that_day in select d from private.raw_days(workspace_id) d loop
    fresh := private.raw_unit_days(workspace_id, that_day);
    insert into private.unit_days select (f).* from unnest(fresh) f;
    insert into private.daily_cells select c.* from private.cells_of(fresh) c;
  end loop;
end
$$;

comment on function private.rebuild_days(uuid) is
E'Makes a workspace''s daily tier anew from the raw rows: after a restore, after a metric was defined otherwise, after an erasure.\nDefiner: nobody writes the tier by hand.';

create or replace function private.verify_days(workspace_id uuid)
returns table (part text, stored jsonb, expected jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
  truth constant private.unit_days[] := array(
    select u from private.raw_days(verify_days.workspace_id) d
    cross join lateral unnest(private.raw_unit_days(verify_days.workspace_id, d)) u);
  kept constant private.unit_days[] := array(
    select u from private.unit_days u where u.workspace_id = verify_days.workspace_id);
  cells constant private.daily_cells[] := array(
    select c from private.daily_cells c where c.workspace_id = verify_days.workspace_id);
  sums constant private.daily_cells[] := array(select c from private.cells_of(truth) c);
begin
  return query
  select 'unit_day', to_jsonb(s.x), null::jsonb from (select unnest(kept) as x except select unnest(truth)) s
  union all
  select 'unit_day', null, to_jsonb(s.x) from (select unnest(truth) as x except select unnest(kept)) s
  union all
  select 'cell', to_jsonb(s.x), null from (select unnest(cells) as x except select unnest(sums)) s
  union all
  select 'cell', null, to_jsonb(s.x) from (select unnest(sums) as x except select unnest(cells)) s;
end
$$;

comment on function private.verify_days(uuid) is 'What of a workspace''s daily tier is not as the raw rows have it: no rows, or something is wrong.';

create or replace function private.redefined_metrics() returns setof private.daily_definitions
language sql stable
set search_path = ''
as $$
  select p.metric_id, p.workspace_id, string_agg(concat_ws(' ', p.slot, p.event_metric_id, p.source, p.fold, p.attribution_window),
    '; ' order by p.slot)
  from private.metric_parts p
  group by p.metric_id, p.workspace_id
  except
  select d.metric_id, d.workspace_id, d.definition from private.daily_definitions d
$$;

comment on function private.redefined_metrics() is 'Metrics that are new or not what the daily tier holds.';

create or replace function private.follow_definitions() returns void
language plpgsql
set search_path = ''
as $$
declare
  fresh constant private.daily_definitions[] := array(select r from private.redefined_metrics() r);
  stale uuid[];
begin
  with gone as (
    delete from private.daily_definitions d
    where not exists (select from public.outcome_metrics m where m.id = d.metric_id)
    returning d.workspace_id
  )
  select array_agg(distinct g.workspace_id) into stale from gone g;
  -- A new metric has no events yet, but one that is made of others or of calls has a past.
  perform private.rebuild_days(w.id) from (
    select distinct f.workspace_id as id from unnest(fresh) f
    left join private.daily_definitions d on d.metric_id = f.metric_id
    where d.metric_id is not null
      or exists (select from private.metric_parts p
        where p.metric_id = f.metric_id and (p.is_ratio or p.source <> 'outcomes'))
    union select unnest(stale)) w
  where exists (select from private.unit_days u where u.workspace_id = w.id);
  insert into private.daily_definitions as stored select (f).* from unnest(fresh) f
  on conflict on constraint daily_definitions_pkey do update set definition = excluded.definition;
end
$$;

comment on function private.follow_definitions() is 'Computes the days of a workspace anew when one of its metrics is defined otherwise.';
