create or replace view public.ramp_guardrails with (security_invoker = true) as
select r.workspace_id, r.id as ramp_id, r.experiment_id, f.metric_id, f.metric_key, f.metric_name, f.metric_unit,
  f.metric_direction, f.margin, f.n_control, f.n_variant, r.min_subjects, f.mean_control, f.mean_variant,
  f.harm, f.harm_low, f.harm_high,
  case
    when f.reason_code <> 'zero_variance' or least(f.n_control, f.n_variant) < least(r.min_subjects, 20) then 'waiting'
    when f.status = 'fail' then 'breached'
    when least(f.n_control, f.n_variant) < r.min_subjects then 'waiting'
    else 'stands'
  end as status,
  coalesce(nullif(f.reason_code, 'zero_variance'),
    case when least(f.n_control, f.n_variant) < r.min_subjects then 'below_min_subjects' end) as reason_code,
  f.as_of
from public.ramps r
cross join lateral (
  select g.* from public.guardrail_status g
  where g.experiment_id = r.experiment_id
  -- One ramp at a time: effects are not computed for experiments that nobody asked about.
  offset 0
) as f;

comment on view public.ramp_guardrails is E'One row per ramp × guardrail: whether the new version is worse than the margin allows, with the numbers that say so.\nharm is how much worse the new version is than the live one, in the metric''s unit, whichever way is better. breached: harm_low, which holds however often it is looked at, lies beyond the margin (from 20 subjects an arm, or min_subjects if fewer). stands: it does not, with min_subjects in each arm. waiting: reason_code says for what.';
comment on column public.ramp_guardrails.workspace_id is 'The workspace.';
comment on column public.ramp_guardrails.ramp_id is 'The ramp.';
comment on column public.ramp_guardrails.experiment_id is 'The experiment that it runs as.';
comment on column public.ramp_guardrails.metric_id is 'The outcome metric.';
comment on column public.ramp_guardrails.metric_key is 'Its key.';
comment on column public.ramp_guardrails.metric_name is 'Its name.';
comment on column public.ramp_guardrails.metric_unit is 'The unit of harm and margin.';
comment on column public.ramp_guardrails.metric_direction is 'Which way is better.';
comment on column public.ramp_guardrails.margin is 'How much worse is still acceptable.';
comment on column public.ramp_guardrails.n_control is 'Subjects with the live version that count.';
comment on column public.ramp_guardrails.n_variant is 'Subjects with the new version that count.';
comment on column public.ramp_guardrails.min_subjects is 'How many each arm needs.';
comment on column public.ramp_guardrails.mean_control is 'Mean with the live version.';
comment on column public.ramp_guardrails.mean_variant is 'Mean with the new version.';
comment on column public.ramp_guardrails.harm is 'How much worse the new version is; negative when it is better.';
comment on column public.ramp_guardrails.harm_low is 'Its lower bound: one-sided at 5 %, at all looks together.';
comment on column public.ramp_guardrails.harm_high is 'Its upper bound.';
comment on column public.ramp_guardrails.status is 'stands, waiting or breached.';
comment on column public.ramp_guardrails.reason_code is 'Why it waits: below_min_subjects, no_subjects, too_few_subjects, sample_ratio_mismatch; null when it does not.';
comment on column public.ramp_guardrails.as_of is 'When it was computed.';
