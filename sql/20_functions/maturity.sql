create or replace function private.mature_share(experiment_id uuid, metric_id uuid) returns double precision
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  closed constant date := (
    select private.closed_until(m.attribution_window) from public.outcome_metrics m where m.id = mature_share.metric_id);
begin
  return (
    select coalesce(sum(c.units) filter (where c.entry_day <= closed), 0)::double precision / nullif(sum(c.units), 0)
    from private.unit_cells c
    where c.experiment_id = mature_share.experiment_id and c.dimension = 'all' and c.standing = 'counted'
      and c.entry_day < 'infinity');
end
$$;

comment on function private.mature_share(uuid, uuid) is
'The share of an experiment''s counted units whose attribution window is closed, by whole days of entry (UTC); null without units.';
