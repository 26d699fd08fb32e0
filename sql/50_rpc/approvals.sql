create or replace function public.submit_for_approval(
  experiment_id uuid, expected_revision integer, message text default '', workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.submit_for_approval(experiment_id, expected_revision, message, workspace_id);

comment on function public.submit_for_approval(uuid, integer, text, uuid) is E'Asks for a review of an experiment as it is at this revision; a draft becomes in_review.\nReturns the request with content_hash, approvals_given, approvals_needed, permission and experiment {experiment_id, state, revision}. Submitting the same content again returns the same request. Any edit voids it and makes the experiment a draft. A paused experiment can be submitted for its resumption. Refused with 409 stale_revision, and with 422 experiment_incomplete.';

create or replace function public.request_publication(
  environment text, capability text, version_id uuid, action text default null, intent text default null,
  message text default '', workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.request_publication(environment, capability, version_id, action, intent, message, workspace_id);

comment on function public.request_publication(text, text, uuid, text, text, text, uuid) is E'Asks for a review of a publication: this version at this scope. Whoever holds prompts.write may ask.\nReturns the request with content_hash, approvals_given, approvals_needed and permission. Once approved, publish uses it up. Asking again for the same returns the same request.';

create or replace function public.approve(request_id uuid, expected_hash text, comment text default '') returns jsonb
language sql volatile
set search_path = ''
return private.review(request_id, 'approve', expected_hash, comment);

comment on function public.approve(uuid, text, text) is E'Approves a request, if expected_hash is its content_hash and its content is still the same. An act of a person.\nReturns the request with approvals_given and approvals_needed. Refused for the requester and the author (403 own_work), without the rule''s permission, and when it was edited since (409 stale_approval).';

create or replace function public.reject(request_id uuid, expected_hash text, comment text default '') returns jsonb
language sql volatile
set search_path = ''
return private.review(request_id, 'reject', expected_hash, comment);

comment on function public.reject(uuid, text, text) is E'Rejects a request; its experiment goes back to draft. An act of a person who holds the rule''s permission.\nAlso possible after the approval, as long as the act has not happened. Returns the request.';

create or replace function public.withdraw_request(request_id uuid) returns jsonb
language sql volatile
set search_path = ''
return private.withdraw_request(request_id);

comment on function public.withdraw_request(uuid) is E'Takes a request back: its requester, or who holds approvals.write. An experiment in review is a draft again.\nReturns the request.';
