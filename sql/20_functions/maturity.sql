create or replace function private.mature_share(experiment_id uuid, metric_id uuid) returns double precision
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  closing constant private.closing := (
    select private.closing_of(mature_share.experiment_id, m.attribution_window, false) from public.outcome_metrics m
    where m.id = mature_share.metric_id);
begin
  -- Totals, less those whose window is open.
  return (
    select sum(c.units)::double precision / nullif(sum(c.units) filter (where c.entry_day = 'infinity'), 0)
    from private.kept_units(mature_share.experiment_id, array['all'], null, null, closing) c
    where c.standing = 'counted');
end
$$;

comment on function private.mature_share(uuid, uuid) is
'The share of an experiment''s counted units whose attribution window is closed; null without units.';

create or replace function private.settles_at(experiment_id uuid, metric_id uuid) returns timestamptz
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
begin
  return (
    select max(u.entered_at) from private.experiment_units u where u.experiment_id = settles_at.experiment_id)
    + (select make_interval(secs => extract(epoch from m.attribution_window)::double precision)
      from public.outcome_metrics m where m.id = settles_at.metric_id);
end
$$;

comment on function private.settles_at(uuid, uuid) is 'When the attribution window of the last unit closes; null without units.';
