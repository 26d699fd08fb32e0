create or replace function private.mature_share(experiment_id uuid, metric_id uuid) returns double precision
language plpgsql stable security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  closing constant private.closing := (
    select private.closing_of(mature_share.experiment_id, m.attribution_window, false) from public.outcome_metrics m
    where m.id = mature_share.metric_id);
begin
  if not private.sees_experiment(mature_share.experiment_id) then
    return null;
  end if;
  -- Totals, less those whose window is open.
  return (
    select sum(c.units)::double precision / nullif(sum(c.units) filter (where c.entry_day = 'infinity'), 0)
    from private.kept_units(mature_share.experiment_id, array['all'], null, null, closing) c
    where c.standing = 'counted');
end
$$;

comment on function private.mature_share(uuid, uuid) is
E'The share of an experiment''s counted units whose attribution window is closed; null without units.\nDefiner: policies would be asked of each unit, and keep the last ones from being read off the end of the index.';

create or replace function private.settles_at(experiment_id uuid, metric_id uuid) returns timestamptz
language plpgsql stable security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
begin
  if not private.sees_experiment(settles_at.experiment_id) then
    return null;
  end if;
  return (
    select max(u.entered_at) from private.experiment_units u where u.experiment_id = settles_at.experiment_id)
    + (select make_interval(secs => extract(epoch from m.attribution_window)::double precision)
      from public.outcome_metrics m where m.id = settles_at.metric_id);
end
$$;

comment on function private.settles_at(uuid, uuid) is E'When the attribution window of the last unit closes; null without units.\nDefiner: policies would be asked of each unit, and keep the last one from being read off the end of the index.';
