-- Effects in any slice, from the cube: each arm's ratio of sums, its standard error from how the buckets differ. Buckets are
-- drawn by a hash of the unit: they are like that many big units, independent of each other, whatever a slice leaves of them.
create type private.slice_filter as (intent text, action text, model text, from_day date, to_day date);

comment on type private.slice_filter is 'A slice: intent and action by id, as text; null is any.';

create or replace function private.slice_cells(experiment_id uuid, metrics uuid[], filter private.slice_filter)
returns setof private.cube_cells
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_custom_plan
as $$
declare
  since constant date := coalesce(filter.from_day, '-infinity');
  until constant date := coalesce(filter.to_day, 'infinity');
begin
  if num_nonnulls(filter.intent, filter.action, filter.model) <= 1 then
    return query
    select c.* from private.cube_cells c
    where c.experiment_id = slice_cells.experiment_id and c.metric_id = any (metrics) and c.intent = coalesce(filter.intent, '(all)')
      and c.action = coalesce(filter.action, '(all)') and c.model = coalesce(filter.model, '(all)') and c.day >= since and c.day <= until;
  else
    return query
    select c.* from private.cube_cells c
    where c.experiment_id = slice_cells.experiment_id and c.metric_id = any (metrics) and c.day >= since and c.day <= until
      and case when filter.intent is null then c.intent <> '(all)' else c.intent = filter.intent end
      and case when filter.action is null then c.action <> '(all)' else c.action = filter.action end
      and case when filter.model is null then c.model <> '(all)' else c.model = filter.model end;
  end if;
end
$$;

comment on function private.slice_cells(uuid, uuid[], private.slice_filter) is
'The cells of a slice: those of one value, or of all together, are kept; two values and more are put together from single cells.';

create or replace function private.slice_arms(experiment_id uuid, metrics uuid[], filter private.slice_filter)
returns table (metric_id uuid, phase_id uuid, variant_id uuid, d numeric, readout stats.readout)
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  standings constant text[] := (select case e.switchers when 'first_arm' then array['counted', 'switcher'] else array['counted'] end
    from public.experiments e where e.id = slice_arms.experiment_id);
begin
  return query
  with buckets as (
    select b.metric_id, b.phase_id, b.variant_id, b.n, coalesce(sum(b.y), 0) as y, coalesce(sum(b.d), 0) as d
    from (
      select c.metric_id, c.phase_id, c.variant_id, generate_series(1, 64) as n, unnest(c.y) as y, unnest(c.d) as d
      from private.slice_cells(slice_arms.experiment_id, metrics, filter) c where c.standing = any (standings)) b
    where b.y is not null or b.d is not null
    group by b.metric_id, b.phase_id, b.variant_id, b.n
  )
  select s.metric_id, s.phase_id, s.variant_id, sum(s.d), stats.ratio_readout(stats.moments_of_sums(
    count(*), sum(s.y), sum(s.d), null, null, sum(s.y * s.y), sum(s.y * s.d), null, null, sum(s.d * s.d), null, null, null, null, null))
  from buckets s
  group by s.metric_id, s.phase_id, s.variant_id;
end
$$;

comment on function private.slice_arms(uuid, uuid[], private.slice_filter) is
'The arms of a slice, phase by phase: the sum below the line, and the ratio with its variance between buckets.';

create or replace function private.slice_pairs(experiment_id uuid, metrics uuid[], filter private.slice_filter)
returns table (metric_id uuid, variant_id uuid, arms stats.compared, n_control numeric, n_variant numeric)
language plpgsql stable
set search_path = ''
as $$
begin
  return query
  with compared as materialized (
    select m.id, k.phase_id, k.variant_id, k.arm_id, k.is_treated,
      case when k.cut_by is null then m.id else private.cut_metric(m.id, k.phase_id, k.cut_by) end as kept_id
    from private.kept_arms(slice_pairs.experiment_id) k cross join unnest(metrics) m (id)
  ),
  arms as materialized (
    select a.* from private.slice_arms(slice_pairs.experiment_id, array(select c.kept_id from compared c), filter) a
  ),
  told as (
    select c.*, a.d, a.readout from compared c
    join arms a on a.metric_id = c.kept_id and a.phase_id = c.phase_id and a.variant_id = c.arm_id
  ),
  phases as (
    select t.id as metric_id, t.variant_id, c.d as d0, t.d as d1, c.readout as r0, t.readout as r1,
      (c.readout).variance + (t.readout).variance is not null as usable
    from told t
    join told c on c.id = t.id and c.phase_id = t.phase_id and c.variant_id = t.variant_id and not c.is_treated
    where t.is_treated
  ),
  grouped as (
    select h.metric_id, h.variant_id, sum(h.d0) as d0, sum(h.d1) as d1,
      array_agg((h.d0 + h.d1)::double precision) filter (where h.usable) as w,
      array_agg(h.r0) filter (where h.usable) as r0, array_agg(h.r1) filter (where h.usable) as r1,
      (array_agg(h.r0))[1] as first0, (array_agg(h.r1))[1] as first1
    from phases h group by h.metric_id, h.variant_id
  )
  select g.metric_id, g.variant_id, row(
      case when g.w is null then g.first0 else private.stratified(g.r0, g.w) end,
      case when g.w is null then g.first1 else private.stratified(g.r1, g.w) end, null, null)::stats.compared, g.d0, g.d1
  from grouped g;
end
$$;

comment on function private.slice_pairs(uuid, uuid[], private.slice_filter) is
'The comparisons of a slice: phases are never pooled, but put together by what is below the line.';

create or replace function private.slice_numbers(
  arms stats.compared, n_control numeric, n_variant numeric, is_ratio boolean, higher_is_better boolean
) returns stats.effect
language plpgsql immutable
set search_path = ''
as $$
declare
  said stats.effect := stats.effect_of(arms, 'ratio_buckets', higher_is_better);
  numbers stats.effect_numbers := said.numbers;
begin
  -- A sequence needs an error that gets ever surer as units come; one from 64 buckets stays as rough as it is.
  numbers.sequential_low := null;
  numbers.sequential_high := null;
  numbers.sequential_p_value := null;
  numbers.n_control := case when not is_ratio then n_control end;
  numbers.n_variant := case when not is_ratio then n_variant end;
  return row(numbers, said.reason_code, said.lift_reason)::stats.effect;
end
$$;

comment on function private.slice_numbers(stats.compared, numeric, numeric, boolean, boolean) is
'A slice''s comparison in numbers: Student''s t between buckets, and no sequence.';

create or replace function private.slice_estimand(metric public.outcome_metrics) returns text
language sql immutable
set search_path = ''
return case
  when (metric).kind = 'quantile' then null
  when (metric).kind = 'ratio' then 'ratio'
  when (metric).source = 'outcomes' and (metric).when_absent = 'exclude' then 'per_outcome'
  else 'per_call' end;

comment on function private.slice_estimand(public.outcome_metrics) is 'What a metric is divided by in a slice: its own denominator, outcomes, or calls.';

create or replace function private.slice_rows(experiment_id uuid, metrics uuid[], filter private.slice_filter)
returns table (about private.effect_about, said stats.effect, estimand text, warnings text[])
language plpgsql stable security definer
set search_path = ''
as $$
declare
  srm constant text := (private.split_of(slice_rows.experiment_id)).srm_status;
  -- Units follow one after the other: what is half counted is not shown.
  is_counting constant boolean := exists (
    select from private.cube_experiments x where x.experiment_id = slice_rows.experiment_id and x.counted_to is not null);
begin
  if not private.sees_experiment(slice_rows.experiment_id) then
    return;
  end if;
  return query
  select (c.metric_id, c.metric_key, c.metric_name, c.metric_kind, c.metric_unit, c.metric_direction, c.metric_role,
      c.variant_id, c.variant_key, c.variant_name, c.control_variant_id)::private.effect_about,
    row((s.said).numbers, case
      when c.metric_kind = 'quantile' then 'kind_not_supported'
      when is_counting then 'not_computed_yet'
      else coalesce((s.said).reason_code, case when srm = 'mismatch' then 'sample_ratio_mismatch' end) end, (s.said).lift_reason)::stats.effect,
    private.slice_estimand(m),
    array_remove(array[
      case when filter.action is not null or filter.model is not null then 'decided_after_assignment' end,
      case when least(((p.arms).control).n, ((p.arms).variant).n) < 30 then 'few_buckets' end], null)
  from private.comparisons c
  join public.outcome_metrics m on m.id = c.metric_id
  left join private.slice_pairs(slice_rows.experiment_id, case when is_counting then '{}' else metrics end, filter) p
    on p.metric_id = c.metric_id and p.variant_id = c.variant_id
  cross join lateral (
    select private.slice_numbers(p.arms, p.n_control, p.n_variant, c.metric_kind = 'ratio', c.metric_direction = 'increase') as said) s
  where c.experiment_id = slice_rows.experiment_id and c.metric_id = any (metrics);
end
$$;

comment on function private.slice_rows(uuid, uuid[], private.slice_filter) is
E'The effects of an experiment in a slice, from the cube.\nDefiner: asks once who calls, instead of each policy for each cell.';

create or replace function private.exact_rows(experiment_id uuid, metrics uuid[], filter private.slice_filter)
returns table (about private.effect_about, numbers stats.effect_numbers, adjusted_p_value double precision, correction text,
  verdict text, reason_code text, estimand text, warnings text[])
language plpgsql stable
set search_path = ''
as $$
begin
  return query
  select r.about, r.numbers, r.adjusted_p_value, r.correction, r.verdict, r.reason_code, 'per_subject', '{}'::text[]
  from private.effect_rows(exact_rows.experiment_id,
    case when filter.intent is null then array['all'] else array['intent'] end, null, null) r
  where (r.about).metric_id = any (metrics) and r.segment = coalesce(filter.intent, r.segment);
end
$$;

comment on function private.exact_rows(uuid, uuid[], private.slice_filter) is
'A slice by what units were at their first exposure is a segment: then the answer is by subject, and exact.';

create or replace function private.slice_filter_of(
  experiment public.experiments, intent text, action text, model text, from_day date, to_day date
) returns private.slice_filter
language plpgsql stable
set search_path = ''
as $$
declare
  filter private.slice_filter := row(
    (select i.id from public.intents i where i.workspace_id = experiment.workspace_id and i.key = intent),
    (select a.id from public.actions a where a.capability_id = experiment.capability_id and a.key = action),
    left(model, 200), from_day, to_day);
begin
  if intent is not null and filter.intent is null then
    perform private.fail('unknown_intent', jsonb_build_object('intent', intent));
  elsif action is not null and filter.action is null then
    perform private.fail('unknown_action', jsonb_build_object('action', action));
  end if;
  return filter;
end
$$;

comment on function private.slice_filter_of(public.experiments, text, text, text, date, date) is
'A slice by keys; raises unknown_intent or unknown_action.';

create or replace function private.slice_metrics(experiment public.experiments, metric text) returns uuid[]
language plpgsql stable
set search_path = ''
as $$
declare
  metrics constant uuid[] := array(
    select e.metric_id from public.experiment_metrics e
    join public.outcome_metrics m on m.id = e.metric_id
    where e.experiment_id = experiment.id and m.key = coalesce(metric, m.key));
begin
  if metric is not null and metrics = '{}' then
    perform private.fail('unknown_metric', jsonb_build_object('metric', metric));
  end if;
  return metrics;
end
$$;

comment on function private.slice_metrics(public.experiments, text) is 'The metrics of an experiment, or the one with a key.';
