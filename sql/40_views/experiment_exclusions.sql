create or replace view private.refused_outcomes with (security_invoker = true) as
select b.workspace_id, b.environment_id, (c.entry ->> 'metric_id')::uuid as metric_id, b.received_at,
  case c.entry ->> 'code' when 'duplicate' then 'duplicate' else 'invalid_value' end as reason, (c.entry ->> 'rows')::bigint as outcomes
from public.ingest_batches b
cross join lateral jsonb_array_elements(b.counts) as c (entry)
where b.verb = 'record_outcomes' and c.entry ->> 'code' <> 'clock_ahead' and c.entry ->> 'metric_id' is not null;

comment on view private.refused_outcomes is 'One row per batch of outcomes × metric × what kept rows of it from landing: known already, or not a value.';

create or replace view public.experiment_exclusions with (security_invoker = true) as
select e.workspace_id, e.id as experiment_id, m.id as metric_id, m.key as metric_key, r.position, r.reason, coalesce(r.outcomes, 0)::bigint as outcomes
from public.experiments e
join public.experiment_metrics em on em.experiment_id = e.id
join public.outcome_metrics m on m.id = em.metric_id
cross join lateral (
  select sum(o.outcomes_used) filter (where o.is_in) as used, sum(o.outcomes_before) filter (where o.is_in) as before,
    sum(o.outcomes_after) filter (where o.is_in) as after,
    sum(o.outcomes_used + o.outcomes_before + o.outcomes_after) filter (where o.standing = 'bot') as bot,
    sum(o.outcomes_used + o.outcomes_before + o.outcomes_after) filter (where o.standing = 'switcher' and not o.is_in) as switcher
  from (
    select k.*, k.standing = 'counted' or k.standing = 'switcher' and e.switchers = 'first_arm' as is_in
    from private.effect_moments k
    where k.experiment_id = e.id and k.metric_id = m.id and k.dimension = 'all' and k.entry_day = 'infinity') as o
) as kept
cross join lateral (
  select sum(x.outcomes) filter (where x.reason = 'duplicate') as duplicate,
    sum(x.outcomes) filter (where x.reason = 'invalid_value') as invalid
  from private.refused_outcomes x
  where x.workspace_id = e.workspace_id and x.environment_id = e.environment_id and x.metric_id = m.id
    and x.received_at >= e.started_at
) as refused
cross join lateral (values
  (1, 'duplicate', refused.duplicate), (2, 'invalid_value', refused.invalid), (3, 'bot', kept.bot), (4, 'switcher', kept.switcher),
  (5, 'before_exposure', kept.before), (6, 'after_window', kept.after), (7, 'used', kept.used)) as r (position, reason, outcomes);

comment on view public.experiment_exclusions is E'One row per experiment × metric × reason: what became of the outcomes, each counted once, in the order of position.\nused ones make the effect. Outcomes of subjects who were never exposed are nobody''s exclusion; effects_as_of counts them as orphans. Duplicates and refused values are those of the metric in the environment since the experiment started.';
comment on column public.experiment_exclusions.workspace_id is 'The workspace.';
comment on column public.experiment_exclusions.experiment_id is 'The experiment.';
comment on column public.experiment_exclusions.metric_id is 'The outcome metric.';
comment on column public.experiment_exclusions.metric_key is 'Its key.';
comment on column public.experiment_exclusions.position is 'Where the reason stands in the order: each outcome has the first that applies.';
comment on column public.experiment_exclusions.reason is 'duplicate, invalid_value, bot, switcher, before_exposure, after_window, used.';
comment on column public.experiment_exclusions.outcomes is 'How many.';
