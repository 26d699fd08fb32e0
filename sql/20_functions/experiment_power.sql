-- Will it ever decide? From who was seen in the scope lately, and from what the primary metric was for them.
create or replace function private.recent_units(experiment public.experiments, since timestamptz)
returns table (unit_id text, first_at timestamptz)
language plpgsql stable
set search_path = ''
as $$
declare
  steps uuid[] := array(select s.action_id from public.experiment_actions s where s.experiment_id = experiment.id);
  wants uuid[] := array(select s.intent_id from public.experiment_intents s where s.experiment_id = experiment.id);
begin
  return query
  select seen.unit, min(seen.at)
  from (
    select case experiment.unit when 'conversation' then i.conversation else i.subject end, i.started_at
    from public.inferences i
    where i.workspace_id = experiment.workspace_id and i.environment_id = experiment.environment_id
      and i.capability_id = experiment.capability_id
      -- The coarse index on received_at finds the recent blocks; what was reported late is in them too.
      and i.received_at >= since and i.started_at >= since
      and (steps = '{}' or i.action_id = any (steps)) and (wants = '{}' or i.intent_id = any (wants))
    union all
    select case experiment.unit when 'conversation' then a.conversation else a.subject end, a.assigned_at
    from public.experiments other
    join public.assignments a on a.experiment_id = other.id
    where other.workspace_id = experiment.workspace_id and other.environment_id = experiment.environment_id
      and other.capability_id = experiment.capability_id and a.assigned_at >= since
      and (wants = '{}' or a.intent_id = any (wants))
  ) as seen (unit, at)
  where seen.unit is not null
  group by seen.unit;
end
$$;

comment on function private.recent_units(public.experiments, timestamptz) is
'Who would have been asked: the units that were seen in the experiment''s scope since a moment, and when first.';

create or replace function private.audience_share(experiment public.experiments, since timestamptz) returns double precision
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select avg(private.audience_matches(experiment.audience, a.attributes)::integer)::double precision
    from (
      select a.attributes from public.experiments other
      join public.assignments a on a.experiment_id = other.id
      where other.workspace_id = experiment.workspace_id and other.environment_id = experiment.environment_id
        and other.capability_id = experiment.capability_id and a.assigned_at >= since
      limit 10000) as a);
end
$$;

comment on function private.audience_share(public.experiments, timestamptz) is
'The share of recent subjects, of those whose attributes are known, that the audience takes; null when none is known.';

create or replace function private.experiment_shares(experiment_id uuid)
returns table (control double precision, smallest double precision, rivals integer)
language sql stable
set search_path = ''
as $$
  select max(a.weight::double precision / nullif(w.whole, 0)) filter (where a.is_control),
    min(a.weight::double precision / nullif(w.whole, 0)) filter (where not a.is_control and a.weight > 0),
    greatest(count(*) filter (where not a.is_control and a.weight > 0), 1)::integer
  from public.variants a
  cross join (
    select sum(b.weight)::double precision as whole from public.variants b
    where b.experiment_id = experiment_shares.experiment_id and b.rolled_back_at is null) w
  where a.experiment_id = experiment_shares.experiment_id and a.rolled_back_at is null
$$;

comment on function private.experiment_shares(uuid) is
'The control''s share of new units, that of the smallest other arm, and how many other arms there are.';

create or replace function private.daily_units(experiment public.experiments, units bigint, days double precision, since timestamptz)
returns double precision
language sql stable
set search_path = ''
return units / days * (experiment).traffic / 10000
  * coalesce(((experiment).layer_to - (experiment).layer_from) / 10000.0, 1)
  * coalesce(case when (experiment).audience is not null then private.audience_share(experiment, since) end, 1);

comment on function private.daily_units(public.experiments, bigint, double precision, timestamptz) is
'How many units a day would take part: of those seen, by traffic, slots and audience.';

create or replace function private.power_gap(
  experiment public.experiments, metric public.outcome_metrics, units bigint, a_day double precision, n bigint, variance double precision
) returns text
language sql immutable
set search_path = ''
return case when (metric).id is null then 'no_primary_metric' when units = 0 then 'no_recent_traffic'
  when a_day = 0 then 'nobody_takes_part' when coalesce(n, 0) < 2 then 'no_metric_history'
  when variance = 0 then 'zero_variance' when (experiment).minimum_effect is null then 'no_minimum_effect' end;

comment on function private.power_gap(public.experiments, public.outcome_metrics, bigint, double precision, bigint, double precision) is
'Why it cannot be said how long an experiment takes; null when it can.';

create or replace function private.experiment_power(experiment public.experiments) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  since constant timestamptz := private.now() - interval '28 days';
  metric public.outcome_metrics;
  seen record;
  base record;
  share record;
  alpha double precision;
  a_day double precision;
  once double precision;
  planned double precision;
  needed double precision;
begin
  select m.* into metric from public.experiment_metrics em join public.outcome_metrics m on m.id = em.metric_id
  where em.experiment_id = experiment.id and em.role = 'primary';
  select s.*, 0.05 / s.rivals as alpha into share from private.experiment_shares(experiment.id) s;
  alpha := share.alpha;
  select count(*) as units, greatest(extract(epoch from private.now() - min(u.first_at)) / 86400, 1)::double precision as days
  into seen from private.recent_units(experiment, since) u;
  a_day := private.daily_units(experiment, seen.units, seen.days, since);
  select b.* into base from private.baseline(experiment, metric, since) b where metric.id is not null and seen.units > 0;
  once := stats.subjects_needed(base.variance, experiment.minimum_effect, share.control, share.smallest, alpha, 0.8);
  planned := coalesce(experiment.sequence_units, experiment.planned_units, once);
  needed := stats.anytime_sample_size(
    base.variance, experiment.minimum_effect, share.control, share.smallest, alpha, 0.8, planned);
  return jsonb_build_object('metric', metric.key, 'minimum_effect', experiment.minimum_effect,
    'units_seen', seen.units, 'days_seen', seen.days, 'units_per_day', a_day,
    'baseline_units', coalesce(base.n, 0), 'baseline_mean', base.mean, 'baseline_variance', base.variance,
    'alpha', alpha, 'power', 0.8, 'units_at_one_look', once, 'planned_units', planned,
    'units_needed', needed, 'days_needed', stats.days_to_decide(needed, a_day),
    'detectable_in_28_days', stats.anytime_detectable_effect(
      base.variance, 28 * a_day * share.control, 28 * a_day * share.smallest, alpha, 0.8, coalesce(planned, 5000)),
    'reason_code', private.power_gap(experiment, metric, seen.units, a_day, base.n, base.variance));
end
$$;

comment on function private.experiment_power(public.experiments) is
E'How long the experiment takes to see its minimum effect by the any-time interval, in whole weeks, from the last 28 days; a reason_code says what is not known.\nunits_at_one_look is how many one look at a fixed end would need.';

create or replace function private.planned_size(experiment public.experiments) returns bigint
language plpgsql stable
set search_path = ''
as $$
declare
  share record;
  told double precision;
begin
  if experiment.minimum_effect is null then
    return 5000;
  end if;
  told := (private.experiment_power(experiment) ->> 'units_at_one_look')::double precision;
  if told is null and exists (
    select from public.experiment_metrics em join public.outcome_metrics m on m.id = em.metric_id
    where em.experiment_id = experiment.id and em.role = 'primary' and m.kind = 'proportion'
  ) then
    -- Nothing was seen yet. A share varies most at one half: three times too large a plan costs little.
    select s.* into share from private.experiment_shares(experiment.id) s;
    told := stats.subjects_needed(0.25, experiment.minimum_effect, share.control, share.smallest, 0.05 / share.rivals, 0.8);
  end if;
  return least(greatest(coalesce(told, 5000), 40), 1e12);
end
$$;

comment on function private.planned_size(public.experiments) is
E'For how many units an experiment is planned that does not say: as many as one look would need to see its minimum effect, from what was seen before it began; else 5,000.';
