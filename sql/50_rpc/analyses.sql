create or replace function public.request_analysis(
  experiment_id uuid, method text, inputs jsonb default '{}', metric_id uuid default null,
  variant_id uuid default null, workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.request_analysis(experiment_id, method, inputs, metric_id, variant_id, workspace_id);

comment on function public.request_analysis(uuid, text, jsonb, uuid, uuid, uuid) is E'Asks the workers for an analysis that SQL does not do: ols, anova, regression_adjustment, ipw, aipw, standardisation, mediation, bootstrap_quantile over the units of the last phase; its_newey_west, interrupted_series, structural_counterfactual over days; group_sequential bounds.\nReturns at once; the answer is a row of experiment_results with this request''s method and as_of, null with a reason_code when it cannot be computed. metric_id: the primary metric when not given. variant_id: compares one arm with the control. inputs: see docs/how-to/observational.md. Needs experiments.write.';

create or replace function public.analysis_units_v1(
  experiment_id uuid, metric_id uuid, variant_id uuid default null, after_unit text default '', page_size integer default 5000
) returns jsonb
language sql stable
set search_path = ''
return private.analysis_units(experiment_id, metric_id, variant_id, after_unit, page_size);

comment on function public.analysis_units_v1(uuid, uuid, uuid, text, integer) is E'Worker only: a page of an experiment''s units after the named one: {kind, rows}.\nA row: unit_id, variant, treated (0 for the control), y and d, x and w (the same before the first exposure), entered_at, intent, segments.';

create or replace function public.analysis_days_v1(metric_id uuid, experiment_id uuid default null, change_id uuid default null)
returns jsonb
language sql stable
set search_path = ''
return private.analysis_days(metric_id, experiment_id, change_id);

comment on function public.analysis_days_v1(uuid, uuid, uuid) is E'Worker only: a metric by UTC day: {started_on, rows}. Of an experiment: all outcomes in its environment. Of a change: those whom it reached, freed of the mix of intents, up to four weeks on either side.\nA row: day, n outcomes (or customers, for a change), their total.';
