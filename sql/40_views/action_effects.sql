create or replace view public.action_effects with (security_invoker = true) as
select e.workspace_id, e.id as experiment_id, e.key as experiment_key, e.environment_id, l.environment_key, e.capability_id,
  l.capability_key, l.intent_keys, l.models,
  (f.about).metric_id, (f.about).metric_key, (f.about).metric_name, (f.about).metric_kind, (f.about).metric_unit,
  (f.about).metric_direction, (f.about).metric_role, (f.about).variant_id, (f.about).variant_key, (f.about).variant_name,
  f.place as position, f.action_id, f.action_key, f.action_name,
  (s.units_control + s.further_control)::double precision / nullif(t.units_control, 0) as reached_control,
  (s.units_variant + s.further_variant)::double precision / nullif(t.units_variant, 0) as reached_variant,
  case when f.place > 0 then s.completed_control::double precision / nullif(t.units_control, 0) end as completed_control,
  case when f.place > 0 then s.completed_variant::double precision / nullif(t.units_variant, 0) end as completed_variant,
  s.further_control::double precision / nullif(s.units_control + s.further_control, 0) as went_on_control,
  s.further_variant::double precision / nullif(s.units_variant + s.further_variant, 0) as went_on_variant,
  s.y_control / nullif(s.n_control, 0) as mean_stopped_control, s.y_variant / nullif(s.n_variant, 0) as mean_stopped_variant,
  f.parts[f.place + 1] as contribution_going_on, f.parts[cardinality(f.shares) + f.place + 1] as contribution_stopping,
  f.parts[f.place + 1] + f.parts[cardinality(f.shares) + f.place + 1] as contribution,
  (f.numbers).unadjusted_difference as difference, 'chain_of_steps'::text as method, '1'::text as method_version,
  case
    when (f.about).metric_kind = 'quantile' then 'kind_not_supported'
    when (f.numbers).unadjusted_difference is null then coalesce(f.reason_code, 'too_few_subjects')
    when f.metric_id is null then 'no_comparable_phase'
    when f.parts is null then 'does_not_add_up'
  end as reason_code,
  nullif(m.covers_until, '-infinity') as as_of
from public.experiments e
join private.experiment_labels l on l.experiment_id = e.id
cross join private.watermark m
cross join lateral (
  -- Once an experiment, not once a row.
  with found as materialized (select x.* from private.effect_rows(e.id, array['all'], null, null) x),
  counted as materialized (select x.* from private.action_shares(e.id) x)
  select f.about, f.numbers, f.reason_code, c.metric_id, c.shares, w.place, w.action_id, w.action_key, w.action_name,
    stats.exact_parts(c.parts, (f.numbers).unadjusted_difference) as parts
  from found f
  cross join private.workflow_steps(e.id) w
  left join counted c on c.metric_id = (f.about).metric_id and c.variant_id = (f.about).variant_id
) f
left join lateral unnest(f.shares) s on s.place = f.place
left join lateral (
  select sum(x.units_control) as units_control, sum(x.units_variant) as units_variant from unnest(f.shares) x) t on true;

comment on view public.action_effects is E'One row per experiment × variant that is not the control × metric × step of the capability''s workflow (position 0: before the first action): how far units got, and the step''s part in the difference.\nA unit got as far as the last action that was called for it in the metric''s window. contribution = going_on (more or fewer units went on from here, at what going on is worth) + stopping (those who stopped here brought more or less). Contributions add up to difference, which is the plain one (unadjusted_difference of experiment_effects), to the last digit. The difference is caused by the variant; its parts say where along the way it shows, not what would come of mending one step alone: for that, vary the steps (factor_credits). Read from raw calls: filter by experiment.';
comment on column public.action_effects.workspace_id is 'The workspace.';
comment on column public.action_effects.experiment_id is 'The experiment.';
comment on column public.action_effects.experiment_key is 'Its key.';
comment on column public.action_effects.environment_id is 'Where it runs.';
comment on column public.action_effects.environment_key is 'The key of that environment.';
comment on column public.action_effects.capability_id is 'The capability that it changes.';
comment on column public.action_effects.capability_key is 'The key of that capability.';
comment on column public.action_effects.intent_keys is 'The intents that it is limited to; none is all.';
comment on column public.action_effects.models is 'The models that its arms run.';
comment on column public.action_effects.metric_id is 'The outcome metric.';
comment on column public.action_effects.metric_key is 'Its key.';
comment on column public.action_effects.metric_name is 'Its name.';
comment on column public.action_effects.metric_kind is 'Its kind.';
comment on column public.action_effects.metric_unit is 'The unit of the means, the difference and its parts.';
comment on column public.action_effects.metric_direction is 'Which way is better.';
comment on column public.action_effects.metric_role is 'primary, secondary or guardrail in this experiment.';
comment on column public.action_effects.variant_id is 'The variant.';
comment on column public.action_effects.variant_key is 'Its key.';
comment on column public.action_effects.variant_name is 'Its name.';
comment on column public.action_effects.position is 'The step: 1 is the first action, 0 is before it.';
comment on column public.action_effects.action_id is 'The action; null before the first.';
comment on column public.action_effects.action_key is 'Its key.';
comment on column public.action_effects.action_name is 'Its name.';
comment on column public.action_effects.reached_control is 'Share of the control''s units that got as far as this step.';
comment on column public.action_effects.reached_variant is 'Share of the variant''s units that did.';
comment on column public.action_effects.completed_control is 'Share of the control''s units with a call of this action that ended without an error.';
comment on column public.action_effects.completed_variant is 'Share of the variant''s units with one.';
comment on column public.action_effects.went_on_control is 'Of the control''s units that got as far, the share that got further.';
comment on column public.action_effects.went_on_variant is 'Of the variant''s.';
comment on column public.action_effects.mean_stopped_control is 'Mean (or ratio) over the control''s units that got no further.';
comment on column public.action_effects.mean_stopped_variant is 'Over the variant''s.';
comment on column public.action_effects.contribution_going_on is 'Part of the difference because more or fewer units went on from here.';
comment on column public.action_effects.contribution_stopping is 'Part of the difference because those who stopped here brought more or less.';
comment on column public.action_effects.contribution is 'The step''s part in the difference: the two together.';
comment on column public.action_effects.difference is 'Variant minus control, not adjusted: what the contributions of all steps add up to.';
comment on column public.action_effects.method is 'How it was shared out.';
comment on column public.action_effects.method_version is 'Which version of that.';
comment on column public.action_effects.reason_code is 'Why the parts are absent: those of experiment_effects, kind_not_supported, no_comparable_phase (too few units, or the variant was rolled back), does_not_add_up (the parts miss the difference by more than rounding, so none are shown).';
comment on column public.action_effects.as_of is 'Up to when outcomes are counted.';
