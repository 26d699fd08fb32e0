-- Which cohorts are read: all of them by their totals, those of some days, or those whose window is closed. These are the
-- totals less the days that are still open: few rows, for however long an experiment has been running.
create or replace function private.closed_until(attribution_window interval) returns date
language plpgsql stable
set search_path = ''
as $$
begin
  -- A cohort is a day: it is closed when the window of the last moment of the day is.
  return ((private.now() - make_interval(secs => extract(epoch from attribution_window)::double precision))
    at time zone 'UTC')::date - 1;
end
$$;

comment on function private.closed_until(interval) is 'The last day of entry, UTC, whose attribution window is closed by now.';

create or replace function private.has_open_cohorts(experiment_id uuid) returns boolean
language plpgsql stable
set search_path = ''
as $$
declare
  closed constant date := (
    select min(private.closed_until(m.attribution_window)) from public.experiment_metrics em
    join public.outcome_metrics m on m.id = em.metric_id where em.experiment_id = has_open_cohorts.experiment_id);
begin
  return exists (
    select from private.unit_cells c
    where c.experiment_id = has_open_cohorts.experiment_id and c.dimension = 'all'
      and c.entry_day > closed and c.entry_day < 'infinity');
end
$$;

comment on function private.has_open_cohorts(uuid) is 'True while the window of some metric is open for some cohort of the experiment.';

create or replace function private.kept_units(
  experiment_id uuid, dimensions text[], from_day date, to_day date, closed date default null
) returns setof private.unit_cells
language plpgsql stable
set search_path = ''
as $$
begin
  if from_day is not null or to_day is not null then
    return query select c.* from private.unit_cells c
    where c.experiment_id = kept_units.experiment_id and c.dimension = any (dimensions) and c.entry_day < 'infinity'
      and c.entry_day >= coalesce(from_day, '-infinity') and c.entry_day <= least(to_day, closed, 'infinity');
    return;
  end if;
  return query select c.* from private.unit_cells c
  where c.experiment_id = kept_units.experiment_id and c.dimension = any (dimensions) and c.entry_day = 'infinity';
  if closed is not null then
    return query select c.workspace_id, c.experiment_id, c.phase_id, c.variant_id, c.standing, c.dimension, c.segment,
      c.entry_day, -c.units
    from private.unit_cells c
    where c.experiment_id = kept_units.experiment_id and c.dimension = any (dimensions) and c.entry_day > closed
      and c.entry_day < 'infinity';
  end if;
end
$$;

comment on function private.kept_units(uuid, text[], date, date, date) is 'How many units an experiment has, as kept_moments.';
