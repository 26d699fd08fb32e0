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
  with segments as materialized (select private.known_segments(expected_units.experiment_id) as known),
  seen as materialized (
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
    private.segments_of(e.segments, f.attributes, s.known),
    case when k.is_bot then 'bot' when k.is_switcher then 'switcher' else 'counted' end
  from firsts f
  join public.experiments e on e.id = f.experiment_id
  join known k on k.unit_id = f.unit_id
  cross join segments s
  left join private.phase_cuts cut on cut.phase_id = f.phase_id and cut.variant_id = f.variant_id;
end
$$;

comment on function private.expected_units(uuid, bigint) is
E'The units of an experiment, from its exposures and inferences.\nA bot was called one by any exposure. A switcher had exposures or inferences in two arms.';

create or replace function private.expected_values(experiment_id uuid, before bigint) returns setof private.unit_values
language plpgsql stable
set search_path = ''
set enable_nestloop = off
set enable_sort = off
set extra_float_digits = 1
as $$
begin
  return query
  with counted as materialized (
    select c.* from private.counted_metrics c where c.experiment_id = expected_values.experiment_id
  ),
  events as (
    select u.workspace_id, c.metric_id, u.unit_id, c.is_ratio, c.fold, c.slot, e.value,
      case when e.value = trunc(e.value) and abs(e.value) < 1e15 then e.value::bigint::numeric else e.value::text::numeric end as sum,
      case
        when e.at < u.entered_at - c.attribution_window then 'before'
        when e.at < u.entered_at then 'covariate'
        when e.at < u.entered_at + c.attribution_window and e.at < least(u.counts_until, c.counts_until) then 'used'
        else 'after' end as span
    from counted c
    join (
      select s.* from private.unit_events s
      union all
      select s.* from private.call_events s where (select bool_or(k.source <> 'outcomes') from counted k)) e
      on e.workspace_id = c.workspace_id and e.environment_id = c.environment_id and e.unit_kind = c.unit_kind
      and e.source = c.source and e.metric_id = c.event_metric_id and e.tx < before
    join private.experiment_units u on u.experiment_id = expected_values.experiment_id and u.unit_id = e.unit_id
      and u.phase_id = coalesce(c.phase_id, u.phase_id) and u.variant_id = coalesce(c.arm_id, u.variant_id)
  ),
  tallies as (
    select e.workspace_id, e.metric_id, e.unit_id, e.is_ratio, e.fold,
      count(*) filter (where e.span = 'used') as used, count(*) filter (where e.span = 'covariate') as covariate,
      count(*) filter (where e.span = 'before') as before, count(*) filter (where e.span = 'after') as after,
      coalesce(sum(e.sum) filter (where e.span = 'used' and e.slot = 'y'), 0) as y_sum,
      max(e.value) filter (where e.span = 'used' and e.slot = 'y') as y_top,
      coalesce(sum(e.sum) filter (where e.span = 'used' and e.slot = 'd'), 0) as d_sum,
      coalesce(sum(e.sum) filter (where e.span = 'covariate' and e.slot = 'y'), 0) as x_sum,
      max(e.value) filter (where e.span = 'covariate' and e.slot = 'y') as x_top,
      coalesce(sum(e.sum) filter (where e.span = 'covariate' and e.slot = 'd'), 0) as w_sum
    from events e
    group by e.workspace_id, e.metric_id, e.unit_id, e.is_ratio, e.fold
  )
  select t.workspace_id, expected_values.experiment_id, t.metric_id, t.unit_id,
    t.used, t.covariate + t.before, t.after, t.covariate,
    case when t.fold <> 'max' then t.y_sum end, case when t.is_ratio then t.d_sum end,
    case when t.fold <> 'max' then t.x_sum end, case when t.is_ratio then t.w_sum end,
    case when t.used = 0 then 0 when t.fold = 'max' then t.y_top
      -- Trimmed, so that a quotient does not remember how many decimals have come and gone.
      when t.fold = 'mean' then (trim_scale(t.y_sum) / t.used)::double precision else t.y_sum::double precision end,
    case when t.is_ratio then t.d_sum else least(t.used, 1) end::double precision,
    case when t.covariate = 0 then 0 when t.fold = 'max' then t.x_top
      when t.fold = 'mean' then (trim_scale(t.x_sum) / t.covariate)::double precision else t.x_sum::double precision end,
    case when t.is_ratio then t.w_sum else least(t.covariate, 1) end::double precision
  from tallies t;
end
$$;

comment on function private.expected_values(uuid, bigint) is
'What the units of an experiment are worth to its metrics, from the events of transactions before a watermark.';

create or replace function private.rules_hash(experiment_id uuid) returns text
language sql stable
set search_path = ''
return (
  select encode(sha256(convert_to(jsonb_build_array(
    e.unit, e.environment_id, e.segments,
    (select jsonb_agg(to_jsonb(m) order by m.metric_id, m.slot) from private.metric_slots m where m.experiment_id = e.id),
    (select jsonb_agg(to_jsonb(k) order by k.phase_id, k.variant_id) from private.phase_cuts k where k.experiment_id = e.id))::text, 'UTF8')), 'hex')
  from public.experiments e where e.id = rules_hash.experiment_id);

comment on function private.rules_hash(uuid) is 'What an experiment''s numbers depend on besides raw rows.';

create or replace function private.rebuild_at(experiment_id uuid, before bigint) returns void
language plpgsql
set search_path = ''
set work_mem = '256MB'
set jit = off
as $$
#variable_conflict use_variable
begin
  delete from private.effect_moments m where m.experiment_id = experiment_id;
  delete from private.unit_cells c where c.experiment_id = experiment_id;
  delete from private.unit_values v where v.experiment_id = experiment_id;
  delete from private.experiment_units u where u.experiment_id = experiment_id;
  perform private.see_segments_again(experiment_id, before);
  insert into private.experiment_units select u.* from private.expected_units(experiment_id, before) u;
  insert into private.unit_cells select c.* from private.expected_cells(experiment_id) c;
  insert into private.unit_values select v.* from private.expected_values(experiment_id, before) v;
  insert into private.effect_moments select m.* from private.expected_moments(experiment_id) m;
  insert into private.counted_experiments as c (experiment_id, rules_hash, cut_phases, cut_variants)
  select experiment_id, private.rules_hash(experiment_id), coalesce(array_agg(k.phase_id), '{}'), coalesce(array_agg(k.variant_id), '{}')
  from private.phase_cuts k where k.experiment_id = experiment_id
  on conflict on constraint counted_experiments_pkey do update set
    rules_hash = excluded.rules_hash, cut_phases = excluded.cut_phases, cut_variants = excluded.cut_variants;
  delete from private.held_experiments h where h.experiment_id = experiment_id;
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
