create or replace function public.record_inferences(inferences jsonb, workspace_id uuid default null) returns jsonb
language plpgsql volatile
set search_path = ''
-- A full batch may outlast the API's few seconds; PostgREST applies this to the whole call.
set statement_timeout = '60s'
as $$
begin
  return private.record_inferences(inferences, workspace_id);
end
$$;

comment on function public.record_inferences(jsonb, uuid) is E'Records up to 10,000 model calls: {accepted, duplicates, errors: [{index, code, message, hint}]}.\nA row: id (your uuid), environment, subject, capability, version_id, provider, requested_model, started_at, latency_ms, status; and, if known, conversation, action, intent, experiment_id, variant_id, resolved_model, input_tokens, output_tokens, cost_usd, error_code, finish_reason, output, keys [{type, value}]. Good rows land; a row whose id is known already counts as a duplicate.';

create or replace function public.record_outcomes(outcomes jsonb, workspace_id uuid default null) returns jsonb
language plpgsql volatile
set search_path = ''
-- A full batch may outlast the API's few seconds; PostgREST applies this to the whole call.
set statement_timeout = '60s'
as $$
begin
  return private.record_outcomes(outcomes, workspace_id);
end
$$;

comment on function public.record_outcomes(jsonb, uuid) is E'Records up to 10,000 outcomes: {accepted, duplicates, errors: [{index, code, message, hint}]}.\nA row: metric (key), value (number or boolean), environment, occurred_at, source, source_event_id, and at least one of subject, conversation, inference_id, key {type, value}. Good rows land; the first received of a (source, source_event_id) wins.';
