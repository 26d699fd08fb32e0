-- The registry of errors. docs/reference/errors.md is written from it, and a test keeps the two equal.
create or replace view private.errors as
select entry.code, entry.sqlstate, entry.message, entry.hint
from (values
  -- people, keys and workspaces
  ('sign_in_required', 'PT401', 'Nobody is signed in.',
   'Send a user''s access token in Authorization, or call from your server with a secret key.'),
  ('no_workspace', 'PT403', 'You belong to no workspace yet.',
   'Call create_workspace, or ask a workspace''s owner to add you.'),
  ('workspace_ambiguous', 'PT400', 'You can reach several workspaces: say which one is meant.',
   'Pass workspace_id.'),
  ('workspace_not_found', 'PT404', 'There is no workspace {workspace_id} that you can see.',
   'Read /workspaces to see yours.'),
  ('permission_denied', 'PT403', 'You do not hold the permission {permission}.',
   'Ask an owner or admin to give it to your role; a server needs an API key that was made with it.'),
  ('approval_required', 'PT403', 'This needs a review first: {given} of {needed} approvals by holders of {permission} stand for what would happen now.',
   'Call submit_for_approval for an experiment, request_publication for a version, and act once it is approved. An edit voids an approval.'),
  ('own_work', 'PT403', 'You asked for this or made it: somebody else reviews it.',
   'Ask a person who holds the permission that the request names.'),
  ('not_yours', 'PT403', 'Only its author changes a comment.', 'Reply to it instead.'),
  ('person_required', 'PT403', 'Only a signed-in person may do this.',
   'Call with a user''s access token in Authorization; an API key or a server''s key does not do.'),
  ('environment_denied', 'PT403', 'The API key is not for this environment.',
   'Use a key that is scoped to the environment, or to all.'),
  ('bad_api_key', 'PT401', 'The API key is not valid.',
   'Send a key that is neither revoked nor expired in x-upshot-key; create_api_key makes one.'),
  ('key_and_session', 'PT400', 'An API key stands alone: it cannot be combined with a user''s token or a secret key.',
   'Send x-upshot-key with the publishable key in apikey and no other Authorization, or leave x-upshot-key out.'),
  ('above_your_own', 'PT403', 'You cannot give what you do not hold: {permission}.',
   'Leave the permission out, or ask somebody who holds it.'),
  ('not_for_keys', 'PT422', 'An API key cannot hold {permission}.',
   'Name keys of /permissions whose is_personal is false.'),
  ('api_key_name_taken', 'PT409', 'A live API key is called {name} already.', 'Choose another name, or rotate that key.'),

  ('stale_api_key', 'PT409', 'The key has been rotated since you looked.', 'Read its prefix again, then rotate if it is still needed.'),
  ('api_key_revoked', 'PT409', 'The API key is revoked.', 'Make a new one with create_api_key.'),
  ('owners_only', 'PT403', 'Only an owner makes, changes or removes an owner.', 'Ask an owner of the workspace.'),
  ('already_member', 'PT409', '{email} belongs to the workspace already.', 'Change their role with change_role.'),
  ('invitation_over', 'PT410', 'The invitation is no longer open: it was {state}.', 'Ask for a new one.'),
  ('invitation_for_another', 'PT403', 'The invitation is for another email address than yours.',
   'Sign in with the address that was invited.'),
  ('email_unconfirmed', 'PT403', 'Your email address is not confirmed.', 'Confirm it, then accept the invitation.'),
  ('stale_role', 'PT409', 'The member has another role than the one you named.',
   'Read /members and call again with expected_role set to what it is.'),
  ('role_taken', 'PT409', 'The workspace has a role {role} already.', 'Choose another key, or edit that role.'),
  ('role_in_use', 'PT409', 'The role {role} cannot be deleted: somebody has it, or is invited to it.',
   'Give the members another role and revoke the invitations first.'),
  ('owner_role_stays', 'PT409', 'The owner''s role can be neither narrowed nor deleted.',
   'Edit another role, or make one.'),

  -- names that nothing bears
  ('unknown_environment', 'PT404', 'There is no environment {environment} in this workspace.',
   'Use the key of a row of /environments.'),
  ('unknown_capability', 'PT404', 'There is no capability {capability} in this workspace.',
   'Use the key of a row of /capabilities, or insert one.'),
  ('unknown_action', 'PT404', 'The capability has no action {action}.',
   'Use the key of a row of /actions of this capability, or insert one.'),
  ('unknown_intent', 'PT404', 'There is no intent {intent} in this workspace.',
   'Use the key of a row of /intents, or leave intent out.'),
  ('unknown_metric', 'PT404', 'There is no outcome metric {metric} in this workspace.',
   'Use the key of a row of /outcome_metrics, or insert one.'),
  ('unknown_prompt', 'PT404', 'There is no prompt {prompt_id} that you can see.', 'Use the id of a row of /prompts.'),
  ('unknown_branch', 'PT404', 'The prompt has no branch {branch}.', 'Make it with create_branch.'),
  ('unknown_tag', 'PT404', 'The prompt has no tag {tag}.', 'Read /tags for the tags of this prompt.'),
  ('unknown_template', 'PT404', 'There is no prompt template {template_id} that you can see.',
   'Use the id of a row of /prompt_templates.'),
  ('unknown_template_version', 'PT404', 'There is no template version {template_version_id} that you can see here.',
   'Use the id of a row of /prompt_template_versions of the same workspace.'),
  ('unknown_inference', 'PT404', 'There is no inference {inference_id} in this workspace.',
   'Use the id that record_inferences was given, and pass workspace_id if you can reach several.'),
  ('unknown_version', 'PT404', 'There is no prompt version {version_id} that you can see.',
   'Use the id of a row of /prompt_versions.'),
  ('unknown_experiment', 'PT404', 'There is no experiment {experiment_id} that you can see.',
   'Use the id of a row of /experiments.'),
  ('unknown_experiment_template', 'PT404', 'There is no template of experiments {template} in this workspace.',
   'Use the key of a row of /experiment_templates.'),
  ('unknown_variant', 'PT404', 'The experiment has no variant {variant}.',
   'Use the key of a row of /variants of this experiment.'),
  ('unknown_test_case', 'PT404', 'There is no test case {test_case_id} that you can see.',
   'Use the id of a row of /test_cases.'),
  ('unknown_api_key', 'PT404', 'There is no API key {api_key_id} that you can see.', 'Use the id of a row of /api_keys.'),
  ('unknown_role', 'PT404', 'There is no role {role} in this workspace.', 'Use the key of a row of /roles.'),
  ('unknown_member', 'PT404', 'There is no member {user_id} that you can see.', 'Use the user_id of a row of /members.'),
  ('unknown_invitation', 'PT404', 'There is no such invitation for you.',
   'Use the whole token, signed in with the address that was invited; my_invitations lists what waits for you.'),
  ('unknown_run', 'PT404', 'There is no run {run_id} that you can see.', 'Use the id of a row of /runs.'),
  ('unknown_request', 'PT404', 'There is no approval request {request_id} that you can see.',
   'Use the id of a row of /approval_requests.'),
  ('unknown_object', 'PT404', 'There is no {object_kind} {object_id} that you can see.',
   'Use a kind that the verb names, and the id of a row of its table.'),
  ('unknown_change', 'PT404', 'The timeline has no annotation or incident {change_id} that you can correct.',
   'Use the id of a row of /timeline whose kind is annotation or incident.'),
  ('unknown_comment', 'PT404', 'There is no comment {comment_id} that you can see.', 'Use the id of a row of /comments.'),
  ('unknown_provider_key', 'PT404', 'The workspace has no key for the provider {provider}.',
   'Store one with set_provider_key.'),
  ('unknown_import', 'PT404', 'There is no import {import_id} that you can see.', 'Use the id of a row of /metric_imports.'),
  ('unknown_ramp', 'PT404', 'There is no ramp {ramp_id} that you can see.', 'Use the id of a row of /ramps.'),
  ('nothing_deployed', 'PT404', 'Nothing is live for this capability in {environment}.',
   'Publish a version first, at the capability or at a narrower scope.'),

  -- prompts, experiments, deployments: moves that the present state refuses
  ('stale_version', 'PT409', 'Another version is live here than the one you named.',
   'Read live_deployments and call again with expected_version set to what is live.'),
  ('stale_revision', 'PT409', 'The experiment has changed since revision {expected_revision}.',
   'Read the experiment again, look at what changed, and call with its revision.'),
  ('stale_head', 'PT409', 'The branch {branch} has moved on.',
   'Read the branch''s head, merge your change, and call again with expected_head.'),
  ('stale_template', 'PT409', 'The template {template} has moved on.',
   'Read its newest version, carry your change over, and call again with expected_head.'),
  ('branch_exists', 'PT409', 'The prompt has a branch {branch} already.', 'Choose another name, or work on that branch.'),
  ('branch_unmerged', 'PT409', 'No other branch and no tag leads to the versions of {branch}.',
   'Merge it, tag its head, or call again with even_unmerged.'),
  ('branch_empty', 'PT409', 'The branch {branch} has no version yet.', 'Commit one first.'),
  ('main_stays', 'PT409', 'A prompt keeps its branch main, under that name.', 'Commit to main, or leave it alone.'),
  ('already_merged', 'PT409', '{target} holds everything of {source} already.', 'There is nothing to do.'),
  ('key_taken', 'PT409', 'The key {key} is taken already.', 'Choose another key.'),
  ('stale_tag', 'PT409', 'The tag {tag} points at another version than the one you named.',
   'Read the tag, look at where it points, and call again with expected_version set to that.'),
  ('nothing_changed', 'PT409', 'The bundle is the same as the head of {branch}.', 'Change something, or do not commit.'),
  ('already_live', 'PT409', 'This version is live here already.', 'There is nothing to do.'),
  ('revision_required', 'PT409', 'The experiment is {state}: its rows can be written one by one only while it is a draft.',
   'Call edit_experiment and name the revision that you saw.'),
  ('experiment_template_taken', 'PT409', 'There is another template of experiments with the key {key}.', 'Choose another key.'),
  ('experiment_key_taken', 'PT409', 'There is another experiment with the key {key}.',
   'Choose another key, or change that experiment with edit_experiment.'),
  ('move_not_allowed', 'PT409', 'An experiment that is {state} cannot {verb}.',
   'Read /experiment_moves for the moves that its state allows.'),
  ('experiment_started', 'PT409', 'The experiment has started: its {what} can no longer change.',
   'Make a new experiment from it; what was measured stays with this one.'),
  ('pause_first', 'PT409', 'The experiment is {state}: its arms can change only while it is a draft or paused.',
   'Pause it, change the arms, and resume: a new phase begins.'),
  ('layer_slot_taken', 'PT409',
   'The experiment {holder} is live in this environment and holds some of the slots {layer_from} to {layer_to}.',
   'Take free slots: read /experiments of the layer with layer_from, layer_to and state.'),
  ('stale_holdout', 'PT409', 'The holdout has changed since number {expected_number}: it is {number} now.',
   'Read the last row of /holdouts of this environment, and call again with its number.'),
  ('already_rolled_back', 'PT409', 'The variant {variant} is rolled back already.', 'There is nothing to do.'),
  ('not_rolled_back', 'PT409', 'The variant {variant} is not rolled back.', 'There is nothing to do.'),
  ('archived', 'PT409', 'The {object_kind} {object_id} is archived: nothing new can use it.',
   'Call restore_object, or choose another one.'),
  ('still_used', 'PT409', 'The {object_kind} is still used by {what}.', 'End that first, then archive it.'),
  ('superseded', 'PT409', 'This entry of the timeline has been corrected already.', 'Correct its latest version: read /timeline.'),
  ('request_closed', 'PT409', 'The request is {state}: it takes no more reviews.', 'Submit again to open a new one.'),
  ('stale_approval', 'PT409', 'This is not what you read: the request''s content is another one, or has been edited since.',
   'Read the request and what it is about again, and call with its content_hash.'),
  ('nothing_to_roll_back', 'PT409', 'Nothing was live here before the current version.',
   'Publish another version, or name one in to_version.'),
  ('nothing_here', 'PT409', 'Nothing is live at exactly this scope.', 'There is nothing to do: the wider scope applies.'),
  ('nothing_wider', 'PT409', 'No wider scope is live: nothing would answer here.',
   'Publish at a wider scope first, or another version here.'),
  ('ramp_running', 'PT409', 'A ramp runs at this scope already.', 'Wait for it, or abort it with abort_ramp.'),
  ('ramp_over', 'PT409', 'The ramp is {state}.', 'Start another with start_ramp.'),
  ('stale_ramp', 'PT409', 'The ramp has moved since revision {expected_revision}.',
   'Read /ramps again, look at what changed, and call with its revision.'),
  ('ramp_paused', 'PT409', 'The experiment of the ramp is paused.', 'Resume the experiment {experiment_id}, or abort the ramp.'),
  ('ramp_holds', 'PT409', 'The present step lasts until {until}.',
   'Wait: the worker advances the ramp. A person may pass force.'),
  ('ramp_keeps_traffic', 'PT409', 'A ramp runs as this experiment: what defines it stays as it is, and its traffic follows the ramp''s steps.',
   'Use advance_ramp or abort_ramp; pause stops it for a while.'),
  ('guardrail_breached', 'PT409', 'The new version is worse than its guardrails allow: {guardrails}.',
   'Abort the ramp with abort_ramp.'),
  ('guardrail_waits', 'PT409', 'It is too early to tell: {guardrails}.',
   'Wait for more subjects, or for the outcomes. A person may pass force.'),
  ('overridden', 'PT409', 'Narrower scopes answer part of these calls: {scopes}.',
   'Ramp each scope by itself, or withdraw the narrower ones first.'),
  ('nothing_to_ramp_from', 'PT409', 'Nothing is live here that the new version could be compared with.',
   'Use publish for the first version.'),
  ('last_owner', 'PT409', 'A workspace must keep an owner.', 'Make another member an owner first.'),
  ('provider_key_in_use', 'PT409', '{runs} queued runs need the key of {provider}.',
   'Wait until they have ended, or pass force: their calls then fail.'),
  ('import_state', 'PT409', 'The import is {state}: {verb} is for another state.',
   'Read the import''s state: stage_rows and map_columns come first, then check_import, commit_import, undo_import.'),
  ('not_counted_yet', 'PT409', 'Some rows of {table} that would go have not been counted yet.',
   'Let the worker catch up (private.compact and private.compact_days until they are idle), then call again.'),
  ('append_only', 'PT409', 'Rows of {table} are history: {operation} is refused.', 'Corrections are new rows.'),
  ('event_id_reused', 'PT409', 'The event {source_event_id} of {source} was received before with another metric.',
   'Give every metric of an event its own source_event_id, for instance by adding the metric''s key.'),

  -- things that make no sense together
  ('never_live_here', 'PT422', 'The version {version_id} was never live at this scope.',
   'Use publish for a version that is new here.'),
  ('nothing_live_then', 'PT422', 'Nothing was live at this scope at {to_time}.',
   'Read /deployments for the moves of this scope; withdraw gives it back to the wider one.'),
  ('wrong_prompt', 'PT422', 'The version belongs to a prompt of another capability or action.',
   'Choose a version of a prompt that this capability and action run.'),
  ('control_stays', 'PT422', 'The control cannot be rolled back: it is what the others fall back to.',
   'Pause or archive the experiment instead.'),
  ('not_a_member', 'PT422', 'The user {user_id} is no member of this workspace.', 'Mention members only.'),
  ('experiment_incomplete', 'PT422', 'The experiment cannot start yet: {problems}.', 'Mend what is named, then activate.'),
  ('bad_audience', 'PT422', 'The audience is not valid at {path}: {problem}.', 'Correct the node and write it again.'),
  ('nothing_to_run', 'PT422', 'There is no test case to run.', 'Insert test_cases for the prompt, or pass their ids.'),

  -- arguments and batches
  ('bad_argument', 'PT400', 'The argument {argument} must be {expected}.', 'Correct it and call again.'),
  ('bad_resolution', 'PT422', 'The resolution of {path} must be {expected}.',
   'Read the conflicts that merge_branch returned, and call again.'),
  ('missing_variable', 'PT422', 'No value for {names}.', 'Give every required variable a value, or the variable a default.'),
  ('unexpected_variable', 'PT422', 'Not declared by this version: {names}. It declares {declared}.',
   'Leave these out, or declare them in a new version.'),
  ('wrong_variable_type', 'PT422', '{problem}', 'Send a value of the declared type.'),
  ('invalid_template', 'PT422', '{problem}', 'Declare the variable, or write \{{ for plain braces.'),
  ('bad_mapping', 'PT422', 'The mapping is not valid: {field} must be {expected}.', 'Correct it and call map_columns again.'),
  ('bad_document', 'PT422', 'The document is not valid: {field} must be {expected}.',
   'Correct it and call again; experiment_document shows how a whole one looks.'),
  ('bad_bundle', 'PT422', 'The bundle is not valid: {field} must be {expected}.', 'Correct it and commit again.'),
  ('bad_batch', 'PT400', 'The batch must be a JSON array of objects.', 'Send [{…}, {…}], at most 10,000 rows.'),
  ('batch_too_large', 'PT413', 'The batch has {rows} rows; at most 10,000 are taken at once.', 'Send it in parts.'),
  ('bad_row', 'PT422', 'The row is not a JSON object.', 'Send one object a row.'),
  ('missing_field', 'PT422', 'The field {field} is missing.', 'Send {field} as {expected}.'),
  ('bad_field', 'PT422', 'The field {field} must be {expected}.', 'Correct {field} and send the row again.'),
  ('wrong_arm', 'PT422', 'The hash does not give this unit the variant {variant_id} in the phase {phase_id}, or leaves it out of the traffic.',
   'Read the ruleset again, and decide by its salt, traffic, arm_starts and arm_ids as the reference on decide says.'),
  ('other_arm', 'PT409', 'The unit has the arm {variant} in this experiment and keeps it.',
   'Remember the first arm of a unit, or ask decide.'),
  ('no_join_key', 'PT422', 'The outcome names nothing that it could belong to.',
   'Send at least one of subject, conversation, inference_id, key.'),
  ('metric_is_computed', 'PT422', 'The metric {metric} is computed from {from}: nothing is recorded for it.',
   'Send the outcomes that it is made from, or the inferences.'),
  ('bad_ratio', 'PT422', 'The halves of a ratio are metrics that add up: neither of them is a ratio, a quantile or the ratio itself.',
   'Name a count, a mean, a proportion or a duration.'),
  ('bad_proportion', 'PT422', 'The metric {metric} is a proportion: its value is true, false, 1 or 0.',
   'Send one of these, or make the metric a mean.')
) as entry (code, sqlstate, message, hint);

comment on view private.errors is 'One row per error that Upshot raises: code, SQLSTATE (PTnnn is HTTP nnn), message, hint.';

create or replace function private.fill(template text, context jsonb) returns text
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  slot record;
begin
  for slot in select key, value from jsonb_each_text(context) loop
    template := replace(template, '{' || slot.key || '}', coalesce(slot.value, 'null'));
  end loop;
  return template;
end
$$;

comment on function private.fill(text, jsonb) is 'Puts the context''s values into a template''s {slots}.';

create or replace function private.fault(code text, context jsonb default '{}') returns jsonb
language sql stable
set search_path = ''
as $$
  select jsonb_build_object(
    'code', e.code, 'message', private.fill(e.message, context), 'hint', private.fill(e.hint, context))
  from private.errors e
  where e.code = fault.code
$$;

comment on function private.fault(text, jsonb) is 'A registered error as a value, for rows of a batch: {code, message, hint}.';

create or replace function private.fail(code text, context jsonb default '{}') returns void
language plpgsql stable
set search_path = ''
as $$
declare
  entry record;
begin
  select e.* into strict entry from private.errors e where e.code = fail.code;
  raise exception using
    errcode = entry.sqlstate,
    message = private.fill(entry.message, context),
    detail = (jsonb_build_object('code', entry.code) || context)::text,
    hint = private.fill(entry.hint, context);
end
$$;

comment on function private.fail(text, jsonb) is
'Raises a registered error: message for people, detail as JSON for machines, hint for the next act.';
