create or replace function public.store_result_v1(
  workspace_id uuid, method text, method_version text, as_of timestamptz, result jsonb default null,
  inputs jsonb default '{}', reason_code text default null, grade text default null, experiment_id uuid default null,
  metric_id uuid default null, variant_id uuid default null, change_id uuid default null
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
#variable_conflict use_variable
begin
  perform private.require_text('method', method, 100);
  perform private.require_text('method_version', method_version, 100);
  return private.store_result(jsonb_build_object(
    'workspace_id', workspace_id, 'method', method, 'method_version', method_version, 'as_of', as_of,
    'result', result, 'inputs', coalesce(inputs, '{}'), 'reason_code', reason_code, 'grade', grade,
    'experiment_id', experiment_id, 'metric_id', metric_id, 'variant_id', variant_id, 'change_id', change_id));
end
$$;

comment on function public.store_result_v1(
  uuid, text, text, timestamptz, jsonb, jsonb, text, text, uuid, uuid, uuid, uuid
) is E'Worker only: stores what a method that SQL does not do has found, in experiment_results.\nIdempotent: what it is about, method, version, inputs and as_of together name a computation. Either result or reason_code is there. Returns {result_id, inputs_hash, is_new}.';

create or replace function public.effects_as_of(
  experiment_id uuid, as_of timestamptz default null, mature_only boolean default false, switchers text default null,
  workspace_id uuid default null
) returns jsonb
language sql stable
set search_path = ''
return private.effects_as_of(experiment_id, as_of, mature_only, switchers, workspace_id);

comment on function public.effects_as_of(uuid, timestamptz, boolean, text, uuid) is E'The effects of an experiment as they could have been known at a moment, from the raw rows: exposures until then, and outcomes that had been received by then.\nas_of null is everything there is. mature_only keeps subjects whose attribution window had closed. switchers is exclude or first_arm (null: as the experiment says). Returns {experiment_id, as_of, mature_only, switchers, effects: [the columns of experiment_effects, with each arm''s readout in control and variant], ledgers: [for each metric exposures_raw, exposures, subjects_exposed, subjects_bot, subjects_multi_variant, subjects_immature, subjects_analysed by arm, srm, and outcomes_raw split into outcomes_duplicate, outcomes_invalid_value, outcomes_orphan, outcomes_excluded_subject, outcomes_before_exposure, outcomes_after_window and outcomes_used]}. It reads every event: for a page, read experiment_effects.';

create or replace function public.effects_between(experiment_id uuid, from_day date default null, to_day date default null)
returns setof public.experiment_effects
language plpgsql stable rows 10
set search_path = ''
as $$
begin
  perform private.require_experiment(effects_between.experiment_id);
  return query
  select e.workspace_id, e.id as experiment_id, e.key as experiment_key, e.environment_id, l.environment_key, e.capability_id,
    l.capability_key, l.action_keys, l.intent_keys, l.models, (f.about).*, (f.numbers).*,
    0.95::double precision, (f.settled).*, f.adjusted_p_value, f.correction, private.mature_share(e.id, (f.about).metric_id),
    private.settles_at(e.id, (f.about).metric_id), f.verdict, f.waiting_for, '1'::text, 'A'::text, f.reason_code, nullif(w.covers_until, '-infinity')
  from public.experiments e
  join private.experiment_labels l on l.experiment_id = e.id
  cross join private.watermark w
  cross join lateral private.effect_rows(e.id, array['all'], from_day, to_day) f
  where e.id = effects_between.experiment_id;
end
$$;

comment on function public.effects_between(uuid, date, date) is E'experiment_effects of the cohorts that entered from a day to a day (UTC, both included; null is open): what the variant did to the subjects of that time.\nA cohort''s outcomes count until its window is closed, whenever they happened.';
