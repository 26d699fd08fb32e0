create or replace view private.experiment_labels with (security_invoker = true) as
select e.id as experiment_id, v.key as environment_key, c.key as capability_key,
  array(select a.key from public.experiment_actions s join public.actions a on a.id = s.action_id
    where s.experiment_id = e.id order by a.key) as action_keys,
  array(select i.key from public.experiment_intents s join public.intents i on i.id = s.intent_id
    where s.experiment_id = e.id order by i.key) as intent_keys,
  array(select distinct p.model from public.variants a join public.variant_versions r on r.variant_id = a.id
    join public.prompt_versions p on p.id = r.prompt_version_id where a.experiment_id = e.id order by p.model) as models
from public.experiments e
join public.environments v on v.id = e.environment_id
join public.capabilities c on c.id = e.capability_id;

comment on view private.experiment_labels is 'One row per experiment: what its effects are found by.';

create or replace view public.experiment_effects with (security_invoker = true) as
select e.workspace_id, e.id as experiment_id, e.key as experiment_key, e.environment_id, l.environment_key, e.capability_id,
  l.capability_key, l.action_keys, l.intent_keys, l.models, (f.about).*, (f.numbers).*,
  0.95::double precision as confidence_level, (f.settled).*, f.adjusted_p_value, f.correction,
  private.mature_share(e.id, (f.about).metric_id) as mature_share,
  private.settles_at(e.id, (f.about).metric_id) as settles_at, f.verdict, f.waiting_for, '1'::text as method_version, 'A'::text as grade, f.reason_code, nullif(w.covers_until, '-infinity') as as_of
from public.experiments e
join private.experiment_labels l on l.experiment_id = e.id
cross join private.watermark w
cross join lateral private.effect_rows(e.id, array['all'], null, null) f;

comment on view public.experiment_effects is E'One row per experiment × variant that is not the control × metric: what the variant did to the outcome.\nBy subject, as assigned: the difference of means (or of ratios) against control, its interval, an interval that may be looked at at any time (sequential_…), the relative lift, the chance to win. Adjusted for what subjects did before their first exposure where that narrows it: method then begins with cuped_, and unadjusted_… has the plain numbers. All this is of the outcomes so far; mature_… is of the subjects whose window is closed, and the verdict follows that. An effect that cannot be computed is null with a reason_code.';
comment on column public.experiment_effects.workspace_id is 'The workspace.';
comment on column public.experiment_effects.experiment_id is 'The experiment.';
comment on column public.experiment_effects.experiment_key is 'Its key.';
comment on column public.experiment_effects.environment_id is 'Where it runs.';
comment on column public.experiment_effects.environment_key is 'The environment''s key.';
comment on column public.experiment_effects.capability_id is 'The capability that it changes.';
comment on column public.experiment_effects.capability_key is 'The capability''s key.';
comment on column public.experiment_effects.action_keys is 'The keys of the actions in scope; empty for the capability as a whole. Filter with cs.{Book}.';
comment on column public.experiment_effects.intent_keys is 'The keys of the intents in scope; empty for all.';
comment on column public.experiment_effects.models is 'The models that its arms run.';
comment on column public.experiment_effects.metric_id is 'The outcome metric.';
comment on column public.experiment_effects.metric_key is 'Its key.';
comment on column public.experiment_effects.metric_name is 'Its name.';
comment on column public.experiment_effects.metric_kind is 'Its kind.';
comment on column public.experiment_effects.metric_unit is 'The unit of the means, the difference and its interval.';
comment on column public.experiment_effects.metric_direction is 'Which way is better.';
comment on column public.experiment_effects.metric_role is 'primary, secondary or guardrail in this experiment.';
comment on column public.experiment_effects.variant_id is 'The variant.';
comment on column public.experiment_effects.variant_key is 'Its key.';
comment on column public.experiment_effects.variant_name is 'Its name.';
comment on column public.experiment_effects.control_variant_id is 'The control that it is compared with.';
comment on column public.experiment_effects.n_control is 'Subjects of the control that count.';
comment on column public.experiment_effects.n_variant is 'Subjects of the variant that count.';
comment on column public.experiment_effects.mean_control is 'Mean over the control''s subjects: the rate of a proportion, the ratio of a ratio.';
comment on column public.experiment_effects.mean_variant is 'The same of the variant''s subjects.';
comment on column public.experiment_effects.difference is 'Variant minus control; adjusted for the past where method says so.';
comment on column public.experiment_effects.std_error is 'Standard error of the difference.';
comment on column public.experiment_effects.degrees_of_freedom is 'Welch and Satterthwaite''s.';
comment on column public.experiment_effects.ci_low is 'Lower end of the 95 % interval of the difference, for one look at a time fixed beforehand.';
comment on column public.experiment_effects.ci_high is 'Upper end.';
comment on column public.experiment_effects.p_value is 'Two-sided, for no difference, at one look.';
comment on column public.experiment_effects.log10_p is 'Its decimal logarithm, which goes on where p_value ends at 1e-300.';
comment on column public.experiment_effects.sequential_low is 'Lower end of the 95 % interval that holds at all looks together (asymptotic confidence sequence).';
comment on column public.experiment_effects.sequential_high is 'Upper end.';
comment on column public.experiment_effects.sequential_p_value is 'The p that may be looked at at any time, of the outcomes so far. Null below twenty subjects an arm.';
comment on column public.experiment_effects.lift is 'Difference relative to the control; null when the control is not clear of zero.';
comment on column public.experiment_effects.lift_low is 'Lower end of the interval of the lift.';
comment on column public.experiment_effects.lift_high is 'Upper end.';
comment on column public.experiment_effects.chance_to_win is 'The probability that the variant is better, from a flat prior.';
comment on column public.experiment_effects.risk_ship is 'What shipping the variant is expected to lose, in the metric''s unit, should it be worse.';
comment on column public.experiment_effects.risk_keep is 'What keeping the control is expected to lose.';
comment on column public.experiment_effects.unadjusted_difference is 'The plain difference of the means.';
comment on column public.experiment_effects.unadjusted_std_error is 'Its standard error.';
comment on column public.experiment_effects.unadjusted_ci_low is 'Lower end of its interval.';
comment on column public.experiment_effects.unadjusted_ci_high is 'Upper end.';
comment on column public.experiment_effects.unadjusted_p_value is 'Its two-sided p.';
comment on column public.experiment_effects.variance_reduction is 'What share of the variance the past explained and took away; null where nothing was adjusted.';
comment on column public.experiment_effects.method is 'welch_t, ratio_delta or quantile_ranks; with cuped_ in front when adjusted for what was before the first exposure.';
comment on column public.experiment_effects.confidence_level is 'Of the intervals.';
comment on column public.experiment_effects.mature_n_control is 'Subjects of the control whose attribution window is closed: what they are worth is final.';
comment on column public.experiment_effects.mature_n_variant is 'The same of the variant.';
comment on column public.experiment_effects.mature_difference is 'Variant minus control over those subjects. The verdict follows it: a variant that only makes outcomes come later moves difference, and not this.';
comment on column public.experiment_effects.mature_std_error is 'Its standard error.';
comment on column public.experiment_effects.mature_low is 'Lower end of its 95 % interval that holds at all looks together, cut by those of the looks before.';
comment on column public.experiment_effects.mature_high is 'Upper end.';
comment on column public.experiment_effects.mature_p_value is 'Its p that may be looked at at any time: the smallest of all looks that were kept, so that a decision is not taken back by a later one.';
comment on column public.experiment_effects.adjusted_p_value is 'mature_p_value, corrected for how many there are: the verdict follows it.';
comment on column public.experiment_effects.correction is 'holm (primary metric × arms), benjamini_hochberg (secondary metrics; segments), or none (guardrails).';
comment on column public.experiment_effects.mature_share is 'The share of subjects whose attribution window is closed; below 1 the effect may still move.';
comment on column public.experiment_effects.settles_at is 'When the attribution window of the last subject closes: nothing but late reports moves the effect then. Null without subjects.';
comment on column public.experiment_effects.verdict is 'better, worse, undecided, or waiting while too few subjects have a closed window; null when there is nothing to believe.';
comment on column public.experiment_effects.waiting_for is 'What a waiting verdict waits for: subjects (twenty an arm), or closed_windows (twenty an arm whose window is closed).';
comment on column public.experiment_effects.method_version is 'Counts when the computation changes.';
comment on column public.experiment_effects.grade is 'Grade of evidence: A, randomised.';
comment on column public.experiment_effects.reason_code is 'Why numbers or the verdict are absent: no_subjects, too_few_subjects, no_value, out_of_range, zero_variance, kind_not_supported, not_computed_yet (a quantile follows within seconds), too_large (more than 500,000 values of a quantile), sample_ratio_mismatch.';
comment on column public.experiment_effects.as_of is 'What was committed before this moment is counted.';
