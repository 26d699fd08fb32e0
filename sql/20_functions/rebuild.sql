-- One experiment from its raw rows: units, values, moments. What the compactor keeps up incrementally must be equal to this.
-- Fresh tables have no statistics, and a planner without them joins in ways that are quadratic in subjects: no nested loops.
create or replace function private.expected_units(experiment_id uuid, before bigint)
returns setof private.experiment_units
language plpgsql stable
set search_path = ''
set enable_nestloop = off
as $$
begin
  return query
  with seen as materialized (
    select x.* from private.unit_exposures x where x.experiment_id = expected_units.experiment_id and x.tx < before
  ),
  firsts as (
    select distinct on (s.unit_id) s.* from seen s order by s.unit_id, s.exposed_at, s.exposure_key
  ),
  arms as (
    select s.unit_id, s.variant_id, bool_or(s.attributes -> 'bot' = 'true'::jsonb) as is_bot
    from seen s group by s.unit_id, s.variant_id
    union all
    select case e.unit when 'conversation' then i.conversation else i.subject end, i.variant_id, false
    from public.experiments e
    join public.inferences i on i.workspace_id = e.workspace_id and i.experiment_id = e.id
    where e.id = expected_units.experiment_id and i.variant_id is not null and i.tx < before
    group by 1, 2
  ),
  known as (
    select a.unit_id, bool_or(a.is_bot) as is_bot, count(distinct a.variant_id) > 1 as is_switcher from arms a group by 1
  )
  select f.workspace_id, f.experiment_id, f.unit_id, f.phase_id, f.variant_id, f.exposed_at,
    (f.exposed_at at time zone 'UTC')::date, coalesce(cut.counts_until, 'infinity'), f.intent_id,
    private.segments_of(f.experiment_id, f.attributes),
    case when k.is_bot then 'bot' when k.is_switcher then 'switcher' else 'counted' end
  from firsts f
  join known k on k.unit_id = f.unit_id
  left join private.phase_cuts cut on cut.phase_id = f.phase_id and cut.variant_id = f.variant_id;
end
$$;

comment on function private.expected_units(uuid, bigint) is
E'The units of an experiment, from its exposures and inferences.\nA bot was called one by any exposure. A switcher had exposures or inferences in two arms.';

create or replace function private.expected_values(experiment_id uuid, before bigint) returns setof private.unit_values
language plpgsql stable
set search_path = ''
set enable_nestloop = off
set extra_float_digits = 1
as $$
begin
  return query
  with counted as materialized (
    select c.* from private.counted_metrics c where c.experiment_id = expected_values.experiment_id
  ),
  events as (
    select u.workspace_id, c.metric_id, u.unit_id, c.is_ratio, c.fold, c.slot, e.value, private.exact(e.value) as sum,
      private.span_of(e.at, u.entered_at, u.counts_until, c.attribution_window) as span
    from counted c
    join private.unit_events e
      on e.workspace_id = c.workspace_id and e.environment_id = c.environment_id and e.unit_kind = c.unit_kind
      and e.source = c.source and e.metric_id is not distinct from c.event_metric_id and e.tx < before
    join private.experiment_units u on u.experiment_id = expected_values.experiment_id and u.unit_id = e.unit_id
  )
  select (private.value_of(e.workspace_id, (
      expected_values.experiment_id, e.metric_id, e.unit_id, e.is_ratio, e.fold,
      count(*) filter (where e.span = 'used'), count(*) filter (where e.span = 'covariate'),
      count(*) filter (where e.span = 'before'), count(*) filter (where e.span = 'after'),
      sum(e.sum) filter (where e.span = 'used' and e.slot = 'y'),
      max(e.value) filter (where e.span = 'used' and e.slot = 'y'),
      sum(e.sum) filter (where e.span = 'used' and e.slot = 'd'),
      sum(e.sum) filter (where e.span = 'covariate' and e.slot = 'y'),
      max(e.value) filter (where e.span = 'covariate' and e.slot = 'y'),
      sum(e.sum) filter (where e.span = 'covariate' and e.slot = 'd'))::private.tally)).*
  from events e
  group by e.workspace_id, e.metric_id, e.unit_id, e.is_ratio, e.fold;
end
$$;

comment on function private.expected_values(uuid, bigint) is
'What the units of an experiment are worth to its metrics, from the events of transactions before a watermark.';

create or replace function private.rebuild_at(experiment_id uuid, before bigint) returns void
language plpgsql
set search_path = ''
as $$
#variable_conflict use_variable
begin
  delete from private.effect_moments m where m.experiment_id = experiment_id;
  delete from private.unit_cells c where c.experiment_id = experiment_id;
  delete from private.unit_values v where v.experiment_id = experiment_id;
  delete from private.experiment_units u where u.experiment_id = experiment_id;
  insert into private.experiment_units select u.* from private.expected_units(experiment_id, before) u;
  insert into private.unit_cells select c.* from private.expected_cells(experiment_id) c;
  insert into private.unit_values select v.* from private.expected_values(experiment_id, before) v;
  insert into private.effect_moments select m.* from private.expected_moments(experiment_id) m;
end
$$;

comment on function private.rebuild_at(uuid, bigint) is 'Computes an experiment anew, from the transactions before a watermark.';

create or replace function private.rebuild(experiment_id uuid) returns void
language plpgsql security definer
set search_path = ''
as $$
begin
  -- The compactor stands still meanwhile: both write the same rows.
  perform pg_advisory_xact_lock(private.compactor_lock());
  perform private.rebuild_at(experiment_id, (select w.lo from private.watermark w));
end
$$;

comment on function private.rebuild(uuid) is
E'Computes one experiment''s units, values and moments anew from the raw rows that the compactor has come to.\nDefiner: nobody may write them by hand.';
