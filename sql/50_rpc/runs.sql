create or replace function public.create_run(
  version_ids uuid[], test_case_ids uuid[] default null, repeats integer default 1, name text default null,
  workspace_id uuid default null
) returns public.runs
language sql volatile
set search_path = ''
return private.create_run(version_ids, test_case_ids, repeats, name, workspace_id);

comment on function public.create_run(uuid[], uuid[], integer, text, uuid) is E'Queues model calls: each version over the named test cases, or over all of its own prompt''s.\nReturns the run; the results appear in run_results.';

create or replace function public.run_work_v1(run_id uuid, items jsonb) returns jsonb
language sql stable
set search_path = ''
return private.run_work(run_id, items);

comment on function public.run_work_v1(uuid, jsonb) is E'Worker only: the items of a run that have no result yet.\nEach {version_id, test_case_id, repeat, bundle, variables, expected}.';

create or replace function public.record_run_results_v1(run_id uuid, results jsonb) returns jsonb
language sql volatile
set search_path = ''
return private.record_run_results(run_id, results);

comment on function public.record_run_results_v1(uuid, jsonb) is E'Worker only: keeps results, each once: {accepted, duplicates}.\nA result: version_id, test_case_id, repeat, status, and output, finish_reason, latency_ms, input_tokens, output_tokens, cost_usd, error_code, error_message, attempts.';
