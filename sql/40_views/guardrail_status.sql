create or replace view public.guardrail_status with (security_invoker = true) as
select f.workspace_id, f.experiment_id, f.metric_id, f.metric_key, f.metric_name, f.metric_unit, f.metric_direction,
  f.variant_id, f.variant_key, f.variant_name, g.margin, f.n_control, f.n_variant, f.mean_control, f.mean_variant,
  h.harm, h.harm_low, h.harm_high,
  case
    when f.reason_code <> 'zero_variance' or h.harm is null then null
    when h.harm_high <= g.margin then 'pass'
    when h.harm_low > g.margin then 'fail'
    else 'inconclusive'
  end as status,
  f.method, f.reason_code, f.as_of, f.environment_id, f.environment_key, f.capability_id, f.capability_key, f.action_keys,
  f.intent_keys, f.models
from public.experiment_effects f
join public.experiment_metrics em on em.experiment_id = f.experiment_id and em.metric_id = f.metric_id
cross join lateral (select coalesce(em.margin, 0) as margin, case f.metric_direction when 'increase' then -1 else 1 end as bad) g
-- One side at 5 %: both sides at 10 %.
cross join lateral stats.confidence_sequence(f.difference, f.std_error, (f.n_control + f.n_variant)::double precision, 0.1) s
cross join lateral (
  select f.difference * g.bad as harm,
    case when f.std_error = 0 then f.difference * g.bad when g.bad = 1 then s.ci_low else - s.ci_high end as harm_low,
    case when f.std_error = 0 then f.difference * g.bad when g.bad = 1 then s.ci_high else - s.ci_low end as harm_high
) h
where f.metric_role = 'guardrail';

comment on view public.guardrail_status is E'One row per experiment × variant that is not the control × guardrail: is the variant worse than the margin allows?\nharm is how much worse it is, in the metric''s unit, whichever way is better; harm_low and harm_high are its one-sided bounds at 5 %, which hold however often they are looked at. pass: harm_high is within the margin. fail: harm_low is beyond it. inconclusive: neither yet.';
comment on column public.guardrail_status.workspace_id is 'The workspace.';
comment on column public.guardrail_status.experiment_id is 'The experiment.';
comment on column public.guardrail_status.metric_id is 'The outcome metric.';
comment on column public.guardrail_status.metric_key is 'Its key.';
comment on column public.guardrail_status.metric_name is 'Its name.';
comment on column public.guardrail_status.metric_unit is 'The unit of the means, the difference and its interval.';
comment on column public.guardrail_status.metric_direction is 'Which way is better.';
comment on column public.guardrail_status.variant_id is 'The variant.';
comment on column public.guardrail_status.variant_key is 'Its key.';
comment on column public.guardrail_status.variant_name is 'Its name.';
comment on column public.guardrail_status.margin is 'How much worse is still acceptable.';
comment on column public.guardrail_status.n_control is 'Subjects of the control that count.';
comment on column public.guardrail_status.n_variant is 'Subjects of the variant that count.';
comment on column public.guardrail_status.mean_control is 'Mean over the control''s subjects: the rate of a proportion, the ratio of a ratio.';
comment on column public.guardrail_status.mean_variant is 'The same of the variant''s subjects.';
comment on column public.guardrail_status.harm is 'How much worse the variant is; negative when it is better.';
comment on column public.guardrail_status.harm_low is 'Its lower bound: one-sided at 5 %, at all looks together.';
comment on column public.guardrail_status.harm_high is 'Its upper bound.';
comment on column public.guardrail_status.status is 'pass, fail or inconclusive; null when there is nothing to believe yet.';
comment on column public.guardrail_status.method is 'welch_t, ratio_delta or quantile_ranks; with cuped_ in front when adjusted for what was before the first exposure.';
comment on column public.guardrail_status.reason_code is 'Why numbers or the verdict are absent: no_subjects, too_few_subjects, no_value, out_of_range, zero_variance, kind_not_supported, not_computed_yet (a quantile follows within seconds), too_large (more than 500,000 values of a quantile), sample_ratio_mismatch.';
comment on column public.guardrail_status.as_of is 'What was committed before this moment is counted.';
comment on column public.guardrail_status.environment_id is 'Where the experiment runs.';
comment on column public.guardrail_status.environment_key is 'The key of that environment.';
comment on column public.guardrail_status.capability_id is 'The capability that it changes.';
comment on column public.guardrail_status.capability_key is 'The key of that capability.';
comment on column public.guardrail_status.action_keys is 'The actions that it is over; empty for all.';
comment on column public.guardrail_status.intent_keys is 'The intents that it is over; empty for all.';
comment on column public.guardrail_status.models is 'The models that its arms run.';
