create or replace function public.decide(
  environment text, capability text, subject text, action text default null, conversation text default null,
  intent text default null, attributes jsonb default '{}', workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.decide(environment, capability, subject, action, conversation, intent, attributes, workspace_id);

comment on function public.decide(text, text, text, text, text, text, jsonb, uuid) is E'What to run for a subject, now: {assignment_id, experiment, variant, version, bundle, deployment_id, reason}.\nAn active experiment that covers the call answers first (reason assigned, or variant_rolled_back); else what is live at the most specific scope (live_deployment). A subject keeps its arm. The exposure is logged in the same transaction.';

create or replace function public.publish(
  environment text, capability text, version_id uuid, expected_version uuid default null,
  action text default null, intent text default null, reason text default '', workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.publish(environment, capability, version_id, expected_version, action, intent, reason, workspace_id);

comment on function public.publish(text, text, uuid, uuid, text, text, text, uuid) is E'Makes a version live at a scope, if expected_version is what is live there now (null or left out: nothing is).\nReturns the deployment with its version and a summary. A stale expectation is refused with 409 stale_version.';

create or replace function public.rollback(
  environment text, capability text, expected_version uuid,
  action text default null, intent text default null, to_version uuid default null, reason text default '',
  workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.rollback(environment, capability, expected_version, action, intent, to_version, reason, workspace_id);

comment on function public.rollback(text, text, uuid, text, text, uuid, text, uuid) is E'Returns a scope to the version before the live one, or to one that was live here earlier (to_version).\nOne transaction: the next decide anywhere returns it. A stale expectation is refused with 409 stale_version.';
