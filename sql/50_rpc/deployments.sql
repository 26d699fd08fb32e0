create or replace function public.decide(
  environment text, capability text, subject text, action text default null, conversation text default null,
  intent text default null, attributes jsonb default '{}', workspace_id uuid default null
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
begin
  return private.decide(environment, capability, subject, action, conversation, intent, attributes, workspace_id);
end
$$;

comment on function public.decide(text, text, text, text, text, text, jsonb, uuid) is E'What to run for a subject, now: {assignment_id, experiment, variant, version, bundle, deployment_id, reason}.\nAn active experiment that covers the call answers first (reason assigned, or variant_rolled_back); else what is live at the most specific scope (live_deployment, or holdout for a subject that is kept out of experiments). A subject keeps its arm. attributes is what is known of the subject: audiences are asked about it. The exposure is logged in the same transaction.';

create or replace function public.publish(
  environment text, capability text, version_id uuid, expected_version uuid default null,
  action text default null, intent text default null, reason text default '', workspace_id uuid default null
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
begin
  return private.publish(environment, capability, version_id, expected_version, action, intent, reason, workspace_id);
end
$$;

comment on function public.publish(text, text, uuid, uuid, text, text, text, uuid) is E'Makes a version live at a scope, if expected_version is what is live there now (null or left out: nothing is).\nReturns the deployment with its version and a summary. Refused: 409 stale_version when another version is live here, 409 already_live, 422 wrong_prompt for a version of another capability''s or action''s prompt, 404 unknown_version. A ramp that runs at an overlapping scope stops when this changes what it stands on.';

create or replace function public.rollback(
  environment text, capability text, expected_version uuid,
  action text default null, intent text default null, to_version uuid default null, reason text default '',
  to_time timestamptz default null, workspace_id uuid default null
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
begin
  return private.rollback(environment, capability, expected_version, action, intent, to_version, reason, to_time, workspace_id);
end
$$;

comment on function public.rollback(text, text, uuid, text, text, uuid, text, timestamptz, uuid) is E'Returns a scope to what the live version replaced, to a version that was live here (to_version), or to what was live here at a moment (to_time).\nOne transaction: the next decide anywhere returns it. Several go further back, never to and fro. Where the first publish of an action or intent is rolled back, version is null and the wider scope applies again (applies names its version). Returns the deployment with version, applies and a summary. Refused: 409 stale_version when expected_version is not live here (null: nothing is), 409 already_live, 409 nothing_to_roll_back, 409 nothing_wider, 422 never_live_here, 422 nothing_live_then. Ask preview_rollback first what it would touch.';

create or replace function public.withdraw(
  environment text, capability text, expected_version uuid,
  action text default null, intent text default null, reason text default '', workspace_id uuid default null
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
begin
  return private.withdraw(environment, capability, expected_version, action, intent, reason, workspace_id);
end
$$;

comment on function public.withdraw(text, text, uuid, text, text, text, uuid) is E'Ends the override of an action or intent: the wider scope applies from the next decide on. The history stays, and rollback brings the version back.\nReturns the deployment (version null), applies with the version that answers now, and a summary. Refused: 409 stale_version, 409 nothing_here when nothing is live at exactly this scope, 409 nothing_wider when no wider scope is live.';
