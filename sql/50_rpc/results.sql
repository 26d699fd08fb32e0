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
