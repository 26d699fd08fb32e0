create or replace function public.compact_slices() returns jsonb
language sql volatile
set search_path = ''
set statement_timeout = '600s'
return private.compact_slices();

comment on function public.compact_slices() is E'Worker only: counts into slices what the compactor has counted since the last call, and computes quantiles whose values moved.\nSafe to call from several workers at once: state says moved, idle, or busy when another one is at it.';

create or replace function public.slice_effects(
  experiment_id uuid, intent text default null, action text default null, model text default null, from_day date default null,
  to_day date default null, metric text default null
) returns table (
  workspace_id uuid, experiment_key text, metric_id uuid, metric_key text, metric_name text, metric_kind text, metric_unit text,
  metric_direction text, metric_role text, variant_id uuid, variant_key text, variant_name text, control_variant_id uuid,
  n_control bigint, n_variant bigint, mean_control double precision, mean_variant double precision, difference double precision,
  std_error double precision, degrees_of_freedom double precision, ci_low double precision, ci_high double precision,
  p_value double precision, log10_p double precision, sequential_low double precision, sequential_high double precision,
  sequential_p_value double precision, lift double precision, lift_low double precision, lift_high double precision,
  chance_to_win double precision, risk_ship double precision, risk_keep double precision, unadjusted_difference double precision,
  unadjusted_std_error double precision, unadjusted_ci_low double precision, unadjusted_ci_high double precision,
  unadjusted_p_value double precision, variance_reduction double precision, method text, confidence_level double precision,
  adjusted_p_value double precision, correction text, verdict text, grade text, reason_code text, estimand text, warnings text[],
  as_of timestamptz
)
language plpgsql stable rows 10
set search_path = ''
as $$
declare
  experiment public.experiments;
  filter private.slice_filter;
  metrics uuid[];
  counted_until timestamptz;
begin
  perform private.require_experiment(slice_effects.experiment_id);
  select e.* into experiment from public.experiments e where e.id = slice_effects.experiment_id;
  filter := private.slice_filter_of(experiment, intent, action, model, from_day, to_day);
  metrics := private.slice_metrics(experiment, metric);
  select nullif(w.covers_until, '-infinity') into counted_until from private.watermark w;
  if num_nonnulls(action, model, from_day, to_day) = 0 then
    return query select experiment.workspace_id, experiment.key, (r.about).*, (r.numbers).*, 0.95::double precision,
      r.adjusted_p_value, r.correction, r.verdict, 'A', r.reason_code, r.estimand, r.warnings, counted_until
    from private.exact_rows(experiment.id, metrics, filter) r;
  else
    return query select experiment.workspace_id, experiment.key, (r.about).*, ((r.said).numbers).*, 0.95::double precision,
      null::double precision, 'none', null::text, case when num_nonnulls(action, model) > 0 then 'C' else 'A' end,
      (r.said).reason_code, r.estimand, r.warnings, counted_until
    from private.slice_rows(experiment.id, metrics, filter) r;
  end if;
end
$$;

comment on function public.slice_effects(uuid, text, text, text, date, date, text) is E'What each variant did in any slice: an intent (of the subject''s first exposure), an action, a model, days of the event (UTC, both included); null is any.\nWithout action, model and days it is experiment_effects, or the intent''s row of segment_effects: by subject, exact. Else each arm is a ratio of sums over what happened in the slice within the attribution window, and estimand says which: ratio (the metric''s own), per_call (its values over the calls of the slice), per_outcome (over its outcomes). n_control and n_variant are then calls or outcomes, null for a ratio. The standard error comes from 64 buckets of subjects, with Student''s t; there is no sequence and no verdict. An outcome belongs to the call that it names, else to the last call of its conversation, else of its subject, until then.\nAction and model are decided after the arm: such a slice compares what each arm sent there, which the variant may have changed. Its grade is C, and warnings has decided_after_assignment; few_buckets means few subjects. Slices follow the results within seconds.';
