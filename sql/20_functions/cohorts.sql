-- Which subjects are read: all of them by their totals, those of some days, or those whose window is closed. These are the
-- totals less those whose window is open: one by one while they are few, else by whole days, for however long an
-- experiment has been running.
create or replace function private.counted_now() returns timestamptz
language plpgsql stable
set search_path = ''
as $$
begin
  -- What happened since may not be counted yet. Before the first tick, whatever is kept was made by hand.
  return private.now() - greatest(pg_catalog.now() - coalesce(
    (select nullif(w.covers_until, '-infinity') from private.watermark w), pg_catalog.now()), interval '0');
end
$$;

comment on function private.counted_now() is 'The moment until which everything is counted, by the engine''s clock.';

create or replace function private.closed_before(attribution_window interval) returns timestamptz
language plpgsql stable
set search_path = ''
as $$
begin
  return private.counted_now() - make_interval(secs => extract(epoch from attribution_window)::double precision);
end
$$;

comment on function private.closed_before(interval) is 'Who entered until then has had the whole attribution window.';

create or replace function private.closed_until(attribution_window interval) returns date
language plpgsql stable
set search_path = ''
as $$
begin
  -- A cohort is a day: it is closed when the window of the last moment of the day is.
  return (private.closed_before(attribution_window) at time zone 'UTC')::date - 1;
end
$$;

comment on function private.closed_until(interval) is 'The last day of entry, UTC, whose attribution window is closed by now.';

create or replace function private.has_open_windows(experiment_id uuid) returns boolean
language plpgsql stable
set search_path = ''
as $$
declare
  closed constant timestamptz := (
    select private.closed_before(make_interval(secs => max(extract(epoch from m.attribution_window))::double precision))
    from public.experiment_metrics em join public.outcome_metrics m on m.id = em.metric_id where em.experiment_id = has_open_windows.experiment_id);
begin
  -- The last who entered, as private.open_units finds them.
  return coalesce((
    select max(u.entered_at) from private.experiment_units u where u.experiment_id = has_open_windows.experiment_id) > closed, false);
end
$$;

comment on function private.has_open_windows(uuid) is 'True while the window of some metric is open for some unit of the experiment.';

create type private.closing as (closed date, open_since timestamptz);

comment on type private.closing is E'Whose window is closed: whoever entered until a day (closed), or until a moment (open_since).\nBoth null: whether it is closed is not asked.';

create or replace function private.most_open() returns bigint
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return 300;
end
$$;

comment on function private.most_open() is 'As many units with an open window are told apart one by one.';

create or replace function private.open_units(experiment_id uuid, since timestamptz) returns setof private.experiment_units
language plpgsql stable rows 100
set search_path = ''
as $$
begin
  -- From the end of the index: a plan for any moment would take a third of all units for open, and read every one of them.
  return query
  select u.* from (
    select e.* from private.experiment_units e
    where e.experiment_id = open_units.experiment_id order by e.entered_at desc limit private.most_open()) u
  where u.entered_at > since;
end
$$;

comment on function private.open_units(uuid, timestamptz) is 'Who entered after a moment: the last at most that are told apart.';

create or replace function private.closing_of(experiment_id uuid, attribution_window interval, by_days boolean)
returns private.closing
language plpgsql stable
set search_path = ''
as $$
declare
  since constant timestamptz := private.closed_before(attribution_window);
begin
  -- Too many are open when the one before the last of them is.
  if by_days or since < (
    select u.entered_at from private.experiment_units u
    where u.experiment_id = closing_of.experiment_id order by u.entered_at desc offset private.most_open() limit 1)
  then
    return row(private.closed_until(attribution_window), null)::private.closing;
  end if;
  return row(null, since)::private.closing;
end
$$;

comment on function private.closing_of(uuid, interval, boolean) is
'Whose window is closed in an experiment: to the moment while few units have an open one, else by whole days.';

create or replace function private.open_cells(experiment_id uuid, since timestamptz, dimensions text[])
returns setof private.unit_cells
language plpgsql stable
set search_path = ''
set enable_seqscan = off
as $$
declare
  by_segment constant boolean := dimensions <> array['all'];
begin
  if since is not null then
    return query
    select u.workspace_id, u.experiment_id, u.phase_id, u.variant_id, u.standing, s.dimension, s.segment, u.entry_day, u.units
    from (
      select e.workspace_id, e.experiment_id, e.phase_id, e.variant_id, e.standing, e.entry_day,
        case when by_segment then e.intent_id end as intent_id, case when by_segment then e.segments else '{}' end as segments,
        count(*) as units
      from private.open_units(open_cells.experiment_id, since) e
      group by 1, 2, 3, 4, 5, 6, 7, 8) u
    cross join lateral private.dimensions_of(u.intent_id, u.segments) s
    where s.dimension = any (dimensions);
  end if;
end
$$;

comment on function private.open_cells(uuid, timestamptz, text[]) is
'How many units entered after a moment, of each dimension in as many rows as there are sorts of units; nothing without a moment.';

create or replace function private.kept_units(
  experiment_id uuid, dimensions text[], from_day date, to_day date, closing private.closing default null
) returns table (phase_id uuid, variant_id uuid, standing text, dimension text, segment text, entry_day date, units bigint)
language plpgsql stable
set search_path = ''
as $$
begin
  if from_day is not null or to_day is not null then
    return query select c.phase_id, c.variant_id, c.standing, c.dimension, c.segment, c.entry_day, c.units
    from private.unit_cells c
    where c.experiment_id = kept_units.experiment_id and c.dimension = any (dimensions) and c.entry_day < 'infinity'
      and c.entry_day >= coalesce(from_day, '-infinity') and c.entry_day <= least(to_day, closing.closed, 'infinity');
    return;
  end if;
  return query select c.phase_id, c.variant_id, c.standing, c.dimension, c.segment, c.entry_day, c.units
  from private.unit_cells c
  where c.experiment_id = kept_units.experiment_id and c.dimension = any (dimensions) and c.entry_day = 'infinity';
  if closing.closed is not null then
    return query select k.phase_id, k.variant_id, k.standing, k.dimension, k.segment, k.entry_day, -k.units
    from private.unit_cells k
    where k.experiment_id = kept_units.experiment_id and k.dimension = any (dimensions) and k.entry_day > closing.closed
      and k.entry_day < 'infinity';
  end if;
  if closing.open_since is not null then
    return query select o.phase_id, o.variant_id, o.standing, o.dimension, o.segment, o.entry_day, -o.units
    from private.open_cells(kept_units.experiment_id, closing.open_since, dimensions) o;
  end if;
end
$$;

comment on function private.kept_units(uuid, text[], date, date, private.closing) is 'How many units an experiment has, as kept_moments.';
