create or replace function public.preview_rollback(
  environment text, capability text, action text default null, intent text default null,
  to_version uuid default null, to_time timestamptz default null, workspace_id uuid default null
) returns jsonb
language sql stable
set search_path = ''
return private.preview_rollback(environment, capability, action, intent, to_version, to_time, workspace_id);

comment on function public.preview_rollback(text, text, text, text, uuid, timestamptz, uuid) is E'What rollback with the same arguments would do; changes nothing.\nReturns {expected_version (pass it to rollback), live, live_since, after, gives_scope_back, summary, diff (the fields that differ), traffic (calls and conversations of the last hour and day that really got the live version; or reason_code no_inferences), experiments (that run here: ramp_stops, keeps_running_live or unaffected), narrower (scopes that stay as they are), effects (per metric: after minus live, with interval, n and grade: A from an experiment between the two versions, C from before and after, else null with a reason_code)}. Refused as rollback would be.';

create or replace function public.preview_publish(
  environment text, capability text, version_id uuid, action text default null, intent text default null,
  workspace_id uuid default null
) returns jsonb
language sql stable
set search_path = ''
return private.preview_publish(environment, capability, version_id, action, intent, workspace_id);

comment on function public.preview_publish(text, text, uuid, text, text, uuid) is E'What publish of this version would do; changes nothing.\nReturns the same as preview_rollback. Refused: 404 unknown_version, 422 wrong_prompt, 409 already_live.';
