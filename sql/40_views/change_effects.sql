-- Grain: change × metric, for an experiment's changes × arm, and for a deployment that a factorial experiment takes apart × field.
create or replace view public.change_effects with (security_invoker = true) as
with told as (
  select m.change_id, e.metric_id, a.variant_id, a.factor_id, coalesce(a.grade, e.grade) as grade,
    case when a.grade is null then e.method else a.method end as method,
    case when a.grade is null then e.difference else a.difference end as difference,
    case when a.grade is null then e.std_error else a.std_error end as std_error,
    case when a.grade is null then e.degrees_of_freedom else a.degrees_of_freedom end as degrees_of_freedom,
    case when a.grade is null then e.ci_low else a.ci_low end as ci_low,
    case when a.grade is null then e.ci_high else a.ci_high end as ci_high,
    case when a.grade is null then e.p_value else a.p_value end as p_value,
    case when a.grade is null then e.mean_before else a.mean_before end as mean_before,
    case when a.grade is null then e.mean_after else a.mean_after end as mean_after,
    case when a.grade is null then e.n_before else a.n_before end as n_before,
    case when a.grade is null then e.n_after else a.n_after end as n_after,
    case when a.grade is null then e.reason_code end as reason_code,
    case when a.grade is null then e.joint_with else '{}' end as joint_with,
    case when a.grade is null then e.compared_with end as compared_with,
    case when a.grade is null then e.pre_trend_p_value end as pre_trend_p_value,
    case when a.grade is null then e.days_before end as days_before,
    case when a.grade is null then e.days_after end as days_after,
    coalesce(a.as_of, e.as_of) as as_of,
    case when a.grade is null then e.assumption else a.assumption end as assumption
  from private.change_marks m
  join private.change_estimates e on e.change_id = m.change_id
  left join private.change_evidence a on a.change_id = m.change_id and a.metric_id = e.metric_id
    and a.reason_code is null and not a.is_own and a.factor_id is null
  union all
  select a.change_id, a.metric_id, a.variant_id, a.factor_id, a.grade, a.method, a.difference, a.std_error, a.degrees_of_freedom,
    a.ci_low, a.ci_high, a.p_value, a.mean_before, a.mean_after, a.n_before, a.n_after, a.reason_code, '{}', null, null,
    null, null, a.as_of, a.assumption
  from private.change_evidence a
  where a.is_own or a.factor_id is not null or not exists (
    select from private.change_estimates e where e.change_id = a.change_id and e.metric_id = a.metric_id)
)
select c.workspace_id, c.id as change_id, c.occurred_at, c.kind, c.summary, c.environment_id, c.capability_id, c.action_id,
  c.intent_id, e.key as environment_key, b.key as capability_key, n.key as action_key, i.key as intent_key,
  coalesce(k.requested_model, v.model) as model, c.deployment_id,
  coalesce(c.experiment_id, case when t.grade = 'A' then coalesce(k.fields_experiment_id, k.evidence_experiment_id) end) as experiment_id,
  t.variant_id, t.factor_id, (select f.key from public.factors f where f.id = t.factor_id) as field, k.fields as fields_changed,
  case when cardinality(k.fields) > 0 then k.fields_note is null or k.fields_experiment_id is not null end
    as fields_separable, k.fields_experiment_id,
  t.metric_id, m.key as metric_key, m.name as metric_name, m.unit as metric_unit, m.direction as metric_direction,
  t.grade, t.method, t.difference, t.std_error, t.degrees_of_freedom, t.ci_low, t.ci_high, t.p_value,
  t.mean_before, t.mean_after, t.n_before, t.n_after, t.days_before, t.days_after, t.compared_with, t.pre_trend_p_value,
  t.joint_with,
  case
    when t.reason_code is not null or t.ci_low is null then null
    when t.ci_low <= 0 and t.ci_high >= 0 then 'undecided'
    when (t.difference > 0) = (m.direction = 'increase') then 'better'
    else 'worse'
  end as verdict,
  case when t.change_id is null then case when c.kind in ('annotation', 'import', 'incident', 'holdout_changed')
    then 'not_measured' else 'no_outcomes' end else t.reason_code end as reason_code,
  case when t.grade is not null then t.assumption || case when t.factor_id is null then coalesce(' ' || k.fields_note, '') else '' end end as assumption,
  t.as_of
from public.timeline c
left join private.change_marks k on k.change_id = c.id
left join told t on t.change_id = c.id
left join public.outcome_metrics m on m.id = t.metric_id
left join public.environments e on e.id = c.environment_id
left join public.capabilities b on b.id = c.capability_id
left join public.actions n on n.id = c.action_id
left join public.intents i on i.id = c.intent_id
left join public.prompt_versions v on c.kind ~ '^deployment_' and v.id = (c.detail ->> 'version_id')::uuid;

comment on view public.change_effects is E'One row per entry of the ledger × outcome metric that it could have moved, for an experiment''s entries × arm, and for a deployment that a factorial experiment takes apart × field: what it did.\nRows with a field are shares of the row without one, and add up to it. Grade A was judged by chance in an experiment, B beside customers whom it did not reach or by the line and the weekdays before it, C by the days before and after; not separable means that others came within a week of it, joint_with names them, and the effect is of all together. What cannot be said is null with a reason_code. An entry that nothing can be measured of has one row without a metric.';
comment on column public.change_effects.workspace_id is 'The workspace.';
comment on column public.change_effects.change_id is 'The entry of the ledger.';
comment on column public.change_effects.occurred_at is 'When it happened.';
comment on column public.change_effects.kind is 'What happened.';
comment on column public.change_effects.summary is 'One sentence for people.';
comment on column public.change_effects.environment_id is 'Where.';
comment on column public.change_effects.capability_id is 'To which capability.';
comment on column public.change_effects.action_id is 'To which action. Its effect is on the outcome of the whole capability.';
comment on column public.change_effects.intent_id is 'For which intent.';
comment on column public.change_effects.environment_key is 'The key of where; null for everywhere.';
comment on column public.change_effects.capability_key is 'The capability''s key; null for all.';
comment on column public.change_effects.action_key is 'The action''s key; null for all.';
comment on column public.change_effects.intent_key is 'The intent''s key; null for all.';
comment on column public.change_effects.model is 'Of a provider''s change: the model that was asked for. Of a deployment: the model of the version that it made live.';
comment on column public.change_effects.deployment_id is 'The deployment.';
comment on column public.change_effects.experiment_id is 'The experiment: its own, or the one whose evidence this is.';
comment on column public.change_effects.variant_id is 'The arm whose difference from the control this is.';
comment on column public.change_effects.factor_id is 'Of a share: the factor of the experiment; null for the change as a whole.';
comment on column public.change_effects.field is 'Of a share: the factor''s key. Null for the change as a whole: filter by field=is.null to count nothing twice.';
comment on column public.change_effects.fields_changed is 'Of a deployment: the fields in which the version differs from the one before.';
comment on column public.change_effects.fields_separable is 'False when several of prompt, model, parameters and tools changed at once and no full factorial experiment ran its two versions and all between them: the effect is theirs together.';
comment on column public.change_effects.fields_experiment_id is 'The factorial experiment that ran its two versions and everything between them.';
comment on column public.change_effects.metric_id is 'The outcome metric; null for an entry that is not measured.';
comment on column public.change_effects.metric_key is 'Its key.';
comment on column public.change_effects.metric_name is 'Its name.';
comment on column public.change_effects.metric_unit is 'The unit of means, difference and interval.';
comment on column public.change_effects.metric_direction is 'Which way is better.';
comment on column public.change_effects.grade is 'Grade of evidence: A, B, C, or not separable; null when there is no effect to grade.';
comment on column public.change_effects.method is 'How it was computed.';
comment on column public.change_effects.difference is 'After minus before; of an experiment, arm minus control.';
comment on column public.change_effects.std_error is 'Its standard error: between subjects for grade A, between days for the others.';
comment on column public.change_effects.degrees_of_freedom is 'Of the interval.';
comment on column public.change_effects.ci_low is 'Lower end of the 95 % interval.';
comment on column public.change_effects.ci_high is 'Upper end.';
comment on column public.change_effects.p_value is 'Two-sided, for no difference.';
comment on column public.change_effects.mean_before is 'What the customers after it would have had before: matched by intent and weekday. Of an experiment, the control''s mean.';
comment on column public.change_effects.mean_after is 'What they had. Of an experiment, the arm''s mean.';
comment on column public.change_effects.n_before is 'Unit-days before: a subject counts once a day. Of an experiment, subjects of the control.';
comment on column public.change_effects.n_after is 'Unit-days after. Of an experiment, subjects of the arm.';
comment on column public.change_effects.days_before is 'Days before that were compared.';
comment on column public.change_effects.days_after is 'Days after.';
comment on column public.change_effects.compared_with is 'Of grade B: intents, capabilities or models that it did not reach.';
comment on column public.change_effects.pre_trend_p_value is 'Whether those it reached were on the move before it already, beside the comparison where there is one.';
comment on column public.change_effects.joint_with is 'The entries that it cannot be told from.';
comment on column public.change_effects.verdict is 'better, worse or undecided; null when there is nothing to believe.';
comment on column public.change_effects.reason_code is 'Why there is no effect: not_measured, no_outcomes, changes_too_close, windows_open, no_matching_days, too_few_days, zero_variance, or what experiment_effects says.';
comment on column public.change_effects.assumption is 'What has to be true for the difference to be its doing, in words.';
comment on column public.change_effects.as_of is 'When it was computed.';
