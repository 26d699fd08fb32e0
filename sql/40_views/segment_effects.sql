create or replace view private.segment_rows with (security_invoker = true) as
select e.workspace_id, e.id as experiment_id, e.key as experiment_key, e.environment_id, e.capability_id, d.dimensions, f.*
from public.experiments e
cross join lateral (
  select array['intent'] || array(select 'attribute:' || s from unnest(e.segments) s) as dimensions) d
cross join lateral private.effect_rows(e.id, d.dimensions, null, null) f;

comment on view private.segment_rows is 'One row per experiment × variant × metric × declared segment: its effect.';

create or replace view public.segment_effects with (security_invoker = true) as
select r.workspace_id, r.experiment_id, r.experiment_key, r.dimension, r.segment, coalesce(i.name, r.segment) as segment_name,
  (r.about).*, (r.numbers).*, 0.95::double precision as confidence_level, (r.settled).*, r.adjusted_p_value, r.correction, r.verdict, r.waiting_for,
  'A'::text as grade, r.reason_code, nullif(w.covers_until, '-infinity') as as_of, r.environment_id, r.capability_id
from private.segment_rows r
cross join private.watermark w
left join public.intents i on r.dimension = 'intent' and i.id::text = r.segment;

comment on view public.segment_effects is E'One row per experiment × variant that is not the control × metric × declared segment: the effect on the subjects whose first exposure was in the segment.\nSegments are the intent, and the attributes that the experiment declares; their effects are plain, not adjusted for the past. p is corrected over the segments of a dimension (Benjamini and Hochberg): adjusted_p_value, which the verdict follows.';

create or replace view public.segment_summaries with (security_invoker = true) as
select r.workspace_id, r.experiment_id, (r.about).metric_id, (r.about).metric_key, (r.about).variant_id, (r.about).variant_key,
  r.dimension, s.strata as segments, s.strata_left_out as segments_left_out,
  s.poststratified_estimate as poststratified_difference, s.poststratified_std_error,
  s.poststratified_ci_low, s.poststratified_ci_high, s.poststratified_p_value,
  s.q_statistic as heterogeneity_q, s.q_degrees_of_freedom as heterogeneity_df, s.q_p_value as heterogeneity_p_value,
  s.i2 as heterogeneity_i2, m.pooled_difference, m.mix_p_value, m.warning as simpson_warning, s.reason_code
from (
  select r.workspace_id, r.experiment_id, r.dimension, r.about,
    array_agg(r.control order by r.segment) as controls, array_agg(r.variant order by r.segment) as variants
  from private.segment_rows r
  group by r.workspace_id, r.experiment_id, r.dimension, r.about
) r
cross join lateral stats.stratified_effect(r.controls, r.variants) s
cross join lateral stats.simpson(r.controls, r.variants) m;

comment on view public.segment_summaries is E'One row per experiment × variant that is not the control × metric × dimension: do its segments tell one story?\nThe effect in the mix of all subjects (post-stratified), whether the segments differ (Cochran''s Q, I² as a share), and a warning when the arms got different mixes and the pooled effect misleads (Simpson).';
comment on column public.segment_effects.workspace_id is 'The workspace.';
comment on column public.segment_effects.experiment_id is 'The experiment.';
comment on column public.segment_effects.experiment_key is 'Its key.';
comment on column public.segment_effects.dimension is 'intent, or attribute: and the name of a declared attribute.';
comment on column public.segment_effects.segment is 'The value: an intent''s id, an attribute''s text; empty where the first exposure had none.';
comment on column public.segment_effects.segment_name is 'The intent''s name, or the value.';
comment on column public.segment_effects.metric_id is 'The outcome metric.';
comment on column public.segment_effects.metric_key is 'Its key.';
comment on column public.segment_effects.metric_name is 'Its name.';
comment on column public.segment_effects.metric_kind is 'Its kind.';
comment on column public.segment_effects.metric_unit is 'The unit of the means, the difference and its interval.';
comment on column public.segment_effects.metric_direction is 'Which way is better.';
comment on column public.segment_effects.metric_role is 'primary, secondary or guardrail in this experiment.';
comment on column public.segment_effects.variant_id is 'The variant.';
comment on column public.segment_effects.variant_key is 'Its key.';
comment on column public.segment_effects.variant_name is 'Its name.';
comment on column public.segment_effects.control_variant_id is 'The control that it is compared with.';
comment on column public.segment_effects.n_control is 'Subjects of the control that count.';
comment on column public.segment_effects.n_variant is 'Subjects of the variant that count.';
comment on column public.segment_effects.mean_control is 'Mean over the control''s subjects: the rate of a proportion, the ratio of a ratio.';
comment on column public.segment_effects.mean_variant is 'The same of the variant''s subjects.';
comment on column public.segment_effects.difference is 'Variant minus control; adjusted for the past where method says so.';
comment on column public.segment_effects.std_error is 'Standard error of the difference.';
comment on column public.segment_effects.degrees_of_freedom is 'Welch and Satterthwaite''s.';
comment on column public.segment_effects.ci_low is 'Lower end of the 95 % interval of the difference, for one look at a time fixed beforehand.';
comment on column public.segment_effects.ci_high is 'Upper end.';
comment on column public.segment_effects.p_value is 'Two-sided, for no difference, at one look.';
comment on column public.segment_effects.log10_p is 'Its decimal logarithm, which goes on where p_value ends at 1e-300.';
comment on column public.segment_effects.sequential_low is 'Lower end of the 95 % interval that holds at all looks together (asymptotic confidence sequence).';
comment on column public.segment_effects.sequential_high is 'Upper end.';
comment on column public.segment_effects.sequential_p_value is 'The p that may be looked at at any time, of the outcomes so far. Null below twenty subjects an arm.';
comment on column public.segment_effects.lift is 'Difference relative to the control; null when the control is not clear of zero.';
comment on column public.segment_effects.lift_low is 'Lower end of the interval of the lift.';
comment on column public.segment_effects.lift_high is 'Upper end.';
comment on column public.segment_effects.chance_to_win is 'The probability that the variant is better, from a flat prior.';
comment on column public.segment_effects.risk_ship is 'What shipping the variant is expected to lose, in the metric''s unit, should it be worse.';
comment on column public.segment_effects.risk_keep is 'What keeping the control is expected to lose.';
comment on column public.segment_effects.unadjusted_difference is 'The plain difference of the means.';
comment on column public.segment_effects.unadjusted_std_error is 'Its standard error.';
comment on column public.segment_effects.unadjusted_ci_low is 'Lower end of its interval.';
comment on column public.segment_effects.unadjusted_ci_high is 'Upper end.';
comment on column public.segment_effects.unadjusted_p_value is 'Its two-sided p.';
comment on column public.segment_effects.variance_reduction is 'What share of the variance the past explained and took away; null where nothing was adjusted.';
comment on column public.segment_effects.method is 'welch_t, ratio_delta or quantile_ranks; with cuped_ in front when adjusted for what was before the first exposure.';
comment on column public.segment_effects.confidence_level is 'Of the intervals.';
comment on column public.segment_effects.mature_n_control is 'Subjects of the control whose attribution window is closed: what they are worth is final.';
comment on column public.segment_effects.mature_n_variant is 'The same of the variant.';
comment on column public.segment_effects.mature_difference is 'Variant minus control over those subjects. The verdict follows it: a variant that only makes outcomes come later moves difference, and not this.';
comment on column public.segment_effects.mature_std_error is 'Its standard error.';
comment on column public.segment_effects.mature_low is 'Lower end of its 95 % interval that holds at all looks together.';
comment on column public.segment_effects.mature_high is 'Upper end.';
comment on column public.segment_effects.mature_p_value is 'Its p that may be looked at at any time.';
comment on column public.segment_effects.adjusted_p_value is 'mature_p_value, corrected for how many there are: the verdict follows it.';
comment on column public.segment_effects.correction is 'holm (primary metric × arms), benjamini_hochberg (secondary metrics; segments), or none (guardrails).';
comment on column public.segment_effects.verdict is 'better, worse, undecided, or waiting while too few subjects have a closed window; null when there is nothing to believe.';
comment on column public.segment_effects.waiting_for is 'What a waiting verdict waits for: subjects (twenty an arm), or closed_windows (twenty an arm whose window is closed).';
comment on column public.segment_effects.grade is 'Grade of evidence: A, randomised.';
comment on column public.segment_effects.reason_code is 'Why numbers or the verdict are absent: no_subjects, too_few_subjects, no_value, out_of_range, zero_variance, kind_not_supported, not_computed_yet (a quantile follows within seconds), too_large (more than 500,000 values of a quantile), sample_ratio_mismatch.';
comment on column public.segment_effects.as_of is 'What was committed before this moment is counted.';
comment on column public.segment_summaries.workspace_id is 'The workspace.';
comment on column public.segment_summaries.experiment_id is 'The experiment.';
comment on column public.segment_summaries.metric_id is 'The outcome metric.';
comment on column public.segment_summaries.metric_key is 'Its key.';
comment on column public.segment_summaries.variant_id is 'The variant.';
comment on column public.segment_summaries.variant_key is 'Its key.';
comment on column public.segment_summaries.dimension is 'intent, or attribute: and the name of a declared attribute.';
comment on column public.segment_summaries.segments is 'Segments with a variance in both arms.';
comment on column public.segment_summaries.segments_left_out is 'Segments with fewer than two subjects in an arm.';
comment on column public.segment_summaries.poststratified_difference is 'The effect in the mix of all subjects.';
comment on column public.segment_summaries.poststratified_std_error is 'Its standard error.';
comment on column public.segment_summaries.poststratified_ci_low is 'Lower end of its 95 % interval.';
comment on column public.segment_summaries.poststratified_ci_high is 'Upper end.';
comment on column public.segment_summaries.poststratified_p_value is 'Its two-sided p.';
comment on column public.segment_summaries.heterogeneity_q is 'Cochran''s Q: how much the segments'' effects differ.';
comment on column public.segment_summaries.heterogeneity_df is 'Its degrees of freedom.';
comment on column public.segment_summaries.heterogeneity_p_value is 'The chance of so much difference if the effect were one.';
comment on column public.segment_summaries.heterogeneity_i2 is 'The share of the variation between segments that is not chance.';
comment on column public.segment_summaries.pooled_difference is 'The difference without regard to segments.';
comment on column public.segment_summaries.mix_p_value is 'The chance that the arms got so different mixes of segments by luck.';
comment on column public.segment_summaries.simpson_warning is 'True when the arms'' mixes differ and the pooled difference misleads.';
comment on column public.segment_effects.environment_id is 'Where the experiment runs.';
comment on column public.segment_effects.capability_id is 'The capability that it changes.';
comment on column public.segment_summaries.reason_code is 'Why numbers or the verdict are absent: no_subjects, too_few_subjects, no_value, out_of_range, zero_variance, kind_not_supported, not_computed_yet (a quantile follows within seconds), too_large (more than 500,000 values of a quantile), sample_ratio_mismatch.';
