create or replace view public.action_effects with (security_invoker = true) as
select e.workspace_id, e.id as experiment_id, e.key as experiment_key, e.environment_id, l.environment_key, e.capability_id,
  l.capability_key, l.intent_keys, l.models,
  c.metric_id, c.metric_key, c.metric_name, c.metric_kind, c.metric_unit, c.metric_direction, c.metric_role,
  c.variant_id, c.variant_key, c.variant_name,
  w.place as position, w.action_id, w.action_key, w.action_name,
  (s.units_control + s.further_control)::double precision / nullif(t.units_control, 0) as reached_control,
  (s.units_variant + s.further_variant)::double precision / nullif(t.units_variant, 0) as reached_variant,
  case when w.place > 0 then s.completed_control::double precision / nullif(t.units_control, 0) end as completed_control,
  case when w.place > 0 then s.completed_variant::double precision / nullif(t.units_variant, 0) end as completed_variant,
  s.further_control::double precision / nullif(s.units_control + s.further_control, 0) as went_on_control,
  s.further_variant::double precision / nullif(s.units_variant + s.further_variant, 0) as went_on_variant,
  s.y_control / nullif(s.n_control, 0) as mean_stopped_control, s.y_variant / nullif(s.n_variant, 0) as mean_stopped_variant,
  f.parts[w.place + 1] as contribution_going_on, f.parts[cardinality(f.shares) + w.place + 1] as contribution_stopping,
  f.parts[w.place + 1] + f.parts[cardinality(f.shares) + w.place + 1] as contribution,
  f.difference, 'chain_of_steps'::text as method, '1'::text as method_version, f.reason_code, f.told_as_of as as_of
from public.experiments e
join private.experiment_labels l on l.experiment_id = e.id
cross join lateral (select x.* from private.action_rows(e.id) x offset 0) f
join private.comparisons c on c.experiment_id = e.id and c.metric_id = f.metric_id and c.variant_id = f.variant_id
cross join lateral private.workflow_steps(e.id) w
left join lateral unnest(f.shares) s on s.place = w.place
left join lateral (
  select sum(x.units_control) as units_control, sum(x.units_variant) as units_variant from unnest(f.shares) x) t on true;

comment on view public.action_effects is E'One row per experiment × variant that is not the control × metric × step of the capability''s workflow (position 0: before the first action): how far units got, and the step''s part in the difference.\nA unit got as far as the last action that was called for it in the metric''s window. contribution = going_on (more or fewer units went on from here, at what going on is worth) + stopping (those who stopped here brought more or less). Contributions add up to difference, to the last digit. The difference is caused by the variant; its parts say where along the way it shows, not what would come of mending one step alone: for that, vary the steps (factor_credits). The daily tier passes over the units again and again and tells when it has seen all of them: as_of is when such a pass began, seconds ago up to some ten thousand units and minutes ago for a million. difference is the plain one (unadjusted_difference of experiment_effects) of that pass.';
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
comment on column public.action_effects.reason_code is 'Why the parts are absent: no_subjects, too_few_subjects, kind_not_supported, not_counted_yet (no pass has ended), does_not_add_up (the parts miss the difference by more than rounding, so none are shown).';
comment on column public.action_effects.as_of is 'What was committed before this moment is counted: when the pass began.';
