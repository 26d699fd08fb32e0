create or replace function private.one_sided(low double precision, high double precision, n bigint, planned bigint)
returns double precision
language sql immutable
set search_path = ''
return (high - low) * (stats.confidence_sequence(0, 1, n, 0.1, coalesce(planned, 5000))).ci_high
  / (stats.confidence_sequence(0, 1, n, 0.05, coalesce(planned, 5000))).ci_high;

comment on function private.one_sided(double precision, double precision, bigint, bigint) is
'How wide a 95 % any-time interval is when each of its sides is to hold at 5 %: as both do at 90 %.';

create or replace view public.guardrail_status with (security_invoker = true) as
select f.workspace_id, f.experiment_id, f.metric_id, f.metric_key, f.metric_name, f.metric_unit, f.metric_direction,
  f.variant_id, f.variant_key, f.variant_name, g.margin, f.n_control, f.n_variant, f.mean_control, f.mean_variant,
  h.harm, h.harm_low, h.harm_high, h.mature_harm_low, h.mature_harm_high,
  case
    when f.reason_code <> 'zero_variance' or h.harm is null then null
    when h.harm_low > g.margin or h.mature_harm_low > g.margin then 'fail'
    when h.mature_harm_high <= g.margin then 'pass'
    else 'inconclusive'
  end as status,
  f.method, f.reason_code, f.as_of, f.environment_id, f.environment_key, f.capability_id, f.capability_key, f.action_keys,
  f.intent_keys, f.models
from public.experiment_effects f
join public.experiments e on e.id = f.experiment_id
join public.experiment_metrics em on em.experiment_id = f.experiment_id and em.metric_id = f.metric_id
cross join lateral (select coalesce(em.margin, 0) as margin, case f.metric_direction when 'increase' then -1 else 1 end as bad) g
cross join lateral (select
  private.one_sided(f.sequential_low, f.sequential_high, f.n_control + f.n_variant, e.sequence_units) as live,
  private.one_sided(f.mature_low, f.mature_high, f.mature_n_control + f.mature_n_variant, e.sequence_units) as mature) r
cross join lateral (
  select f.difference * g.bad as harm,
    case when f.std_error = 0 then 0 else - r.live / 2 end + f.difference * g.bad as harm_low,
    case when f.std_error = 0 then 0 else r.live / 2 end + f.difference * g.bad as harm_high,
    case when f.mature_std_error = 0 then 0 else - r.mature / 2 end + f.mature_difference * g.bad as mature_harm_low,
    case when f.mature_std_error = 0 then 0 else r.mature / 2 end + f.mature_difference * g.bad as mature_harm_high
) h
where f.metric_role = 'guardrail';

comment on view public.guardrail_status is E'One row per experiment × variant that is not the control × guardrail: is the variant worse than the margin allows?\nharm is how much worse it is by the outcomes so far, in the metric''s unit, whichever way is better; harm_low and harm_high are its one-sided bounds at 5 %, which hold however often they are looked at; mature_harm_… are those of the subjects whose window is closed. fail: a lower bound is beyond the margin; it may be a variant that is only slower, for harm is not waited out. pass: mature_harm_high is within the margin, which no late outcome can undo. inconclusive: neither yet.';
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
comment on column public.guardrail_status.mature_harm_low is 'The lower bound over the subjects whose window is closed; null below twenty of them an arm.';
comment on column public.guardrail_status.mature_harm_high is 'The upper bound over them: pass follows it.';
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
