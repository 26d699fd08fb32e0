create or replace function private.days_to_decide(experiment_id uuid) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  effect public.experiment_effects;
  experiment public.experiments;
  share record;
  seen record;
  spread double precision;
  needed double precision;
begin
  select e.* into experiment from public.experiments e where e.id = days_to_decide.experiment_id;
  -- The arm that is farthest from a decision says how long it takes.
  select f.* into effect from public.experiment_effects f
  where f.experiment_id = experiment.id and f.metric_role = 'primary'
  order by f.std_error desc nulls last limit 1;
  select s.* into share from private.experiment_shares(experiment.id) s;
  select sum(c.units)::double precision as units, count(distinct c.entry_day) as days into seen
  from private.unit_cells c
  where c.experiment_id = experiment.id and c.dimension = 'all' and c.standing = 'counted' and c.entry_day < 'infinity';
  spread := effect.std_error ^ 2 / (1 / nullif(effect.n_control, 0)::double precision + 1 / nullif(effect.n_variant, 0)::double precision);
  needed := stats.anytime_sample_size(spread, experiment.minimum_effect, share.control, share.smallest,
    0.05 / share.rivals, 0.8, coalesce(experiment.sequence_units, 5000));
  return jsonb_build_object('minimum_effect', experiment.minimum_effect, 'units_needed', needed,
    'units_at_one_look', stats.subjects_needed(
      spread, experiment.minimum_effect, share.control, share.smallest, 0.05 / share.rivals, 0.8),
    'planned_units', experiment.sequence_units, 'units_seen', coalesce(seen.units, 0),
    'units_per_day', seen.units / nullif(seen.days, 0),
    -- Whole weeks from the start, so that every weekday counts alike.
    'days_to_decide', case when needed is not null then
      greatest(stats.days_to_decide(needed, seen.units / nullif(seen.days, 0)) - seen.days, 0) end,
    'reason_code', case when effect.metric_id is null then 'no_primary_metric'
      when effect.reason_code is not null and effect.reason_code <> 'sample_ratio_mismatch' then effect.reason_code
      when experiment.minimum_effect is null then 'no_minimum_effect' end);
end
$$;

comment on function private.days_to_decide(uuid) is
'How many units the primary metric needs until the any-time interval sees the minimum effect, and how many more days until whole weeks hold them at the present pace; a reason_code says what is not known.';
