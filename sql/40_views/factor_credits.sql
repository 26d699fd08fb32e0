create or replace view public.factor_credits with (security_invoker = true) as
select e.workspace_id, e.id as experiment_id, e.key as experiment_key, e.environment_id, l.environment_key, e.capability_id, l.capability_key,
  (c.about).metric_id, (c.about).metric_key, (c.about).metric_name, (c.about).metric_kind, (c.about).metric_unit,
  (c.about).metric_direction, (c.about).metric_role, (c.about).variant_id, (c.about).variant_key,
  f.id as factor_id, f.key as factor_key, f.name as factor_name, f.kind as factor_kind, f.param as factor_param, f.action_id,
  (select a.key from public.actions a where a.id = f.action_id) as action_key,
  s.credit, s.std_error, s.degrees_of_freedom, s.ci_low, s.ci_high, s.p_value, c.difference,
  m.estimate as main_effect, m.std_error as main_std_error, m.p_value as main_p_value, m.p_holm as main_adjusted_p_value,
  'shapley'::text as method, '1'::text as method_version, 'A'::text as grade, coalesce(s.reason_code, c.reason_code) as reason_code,
  nullif(w.covers_until, '-infinity') as as_of
from public.experiments e
join private.experiment_labels l on l.experiment_id = e.id
cross join private.watermark w
cross join lateral (select x.* from private.factor_cells(e.id) x offset 0) c
cross join lateral stats.shapley(c.factor_keys, c.cells) s
cross join lateral stats.factorial_effects(c.factor_keys, c.cells) m
join public.factors f on f.experiment_id = e.id and f.key = s.player
where m.factors_of = array[s.player];

comment on view public.factor_credits is E'One row per full factorial experiment × metric × factor: which of the things that varied at once moved the outcome, and by how much.\ncredit is the factor''s share of the difference between all new and all old, averaged over the orders in which they could have been switched (Shapley); credits add up to difference to the last digit. main_effect is the factor''s effect averaged over the levels of the others. Each combination was drawn by chance, so both are caused. An experiment whose factors were not all crossed, or not in two levels each, has no rows: then only the joint effect can be told, and its parts are not separable.';
comment on column public.factor_credits.workspace_id is 'The workspace.';
comment on column public.factor_credits.experiment_id is 'The experiment.';
comment on column public.factor_credits.experiment_key is 'Its key.';
comment on column public.factor_credits.environment_id is 'Where it runs.';
comment on column public.factor_credits.environment_key is 'The key of that environment.';
comment on column public.factor_credits.capability_id is 'The capability that it changes.';
comment on column public.factor_credits.capability_key is 'The key of that capability.';
comment on column public.factor_credits.metric_id is 'The outcome metric.';
comment on column public.factor_credits.metric_key is 'Its key.';
comment on column public.factor_credits.metric_name is 'Its name.';
comment on column public.factor_credits.metric_kind is 'Its kind.';
comment on column public.factor_credits.metric_unit is 'The unit of the credit, the difference and the main effect.';
comment on column public.factor_credits.metric_direction is 'Which way is better.';
comment on column public.factor_credits.metric_role is 'primary, secondary or guardrail in this experiment.';
comment on column public.factor_credits.variant_id is 'The arm in which everything is new.';
comment on column public.factor_credits.variant_key is 'Its key.';
comment on column public.factor_credits.factor_id is 'The factor.';
comment on column public.factor_credits.factor_key is 'Its key.';
comment on column public.factor_credits.factor_name is 'Its name.';
comment on column public.factor_credits.factor_kind is 'What varies: prompt, model, param, tools or version.';
comment on column public.factor_credits.factor_param is 'The parameter that varies, for the kind param.';
comment on column public.factor_credits.action_id is 'The action in which it varies; null for every action.';
comment on column public.factor_credits.action_key is 'The key of that action.';
comment on column public.factor_credits.credit is 'The factor''s share of the difference.';
comment on column public.factor_credits.std_error is 'Standard error of the credit.';
comment on column public.factor_credits.degrees_of_freedom is 'Of the credit, by Satterthwaite.';
comment on column public.factor_credits.ci_low is 'Lower end of the 95 % interval of the credit.';
comment on column public.factor_credits.ci_high is 'Upper end.';
comment on column public.factor_credits.p_value is 'Two-sided, for no credit.';
comment on column public.factor_credits.difference is 'All new minus all old, not adjusted: what the credits add up to.';
comment on column public.factor_credits.main_effect is 'Effect of the factor averaged over the levels of the others.';
comment on column public.factor_credits.main_std_error is 'Its standard error.';
comment on column public.factor_credits.main_p_value is 'Two-sided, for no main effect.';
comment on column public.factor_credits.main_adjusted_p_value is 'The same, corrected over all main effects and interactions (Holm).';
comment on column public.factor_credits.method is 'How it was shared out.';
comment on column public.factor_credits.method_version is 'Which version of that.';
comment on column public.factor_credits.grade is 'Grade of evidence: A, randomised.';
comment on column public.factor_credits.reason_code is 'Why numbers are absent, or not to be believed: those of experiment_effects, no_value when a combination has no units.';
comment on column public.factor_credits.as_of is 'Up to when outcomes are counted.';
