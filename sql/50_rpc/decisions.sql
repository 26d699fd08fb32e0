create or replace function public.explain_decision(
  environment text, capability text, subject text, action text default null, conversation text default null,
  intent text default null, attributes jsonb default '{}', workspace_id uuid default null
) returns jsonb
language sql stable
set search_path = ''
return private.explain_decision(environment, capability, subject, action, conversation, intent, attributes, workspace_id);

comment on function public.explain_decision(text, text, text, text, text, text, jsonb, uuid) is E'Why decide answers as it does, for the same arguments; writes nothing: {decision, experiments, deployments}.\nexperiments lists those of the capability in the order in which they are asked: {experiment, state, applies, because, steps}. because names the first check that failed: state, action, intent, version, unit, audience (with the node), holdout, layer or traffic (with the bucket); the first that applies answers. deployments lists what is live at the scopes that cover the call, and which wins. decision has no bundle, and no assignment_id while the subject has no arm yet. Needs decisions.make and workspace.read.';

create or replace function public.ruleset(environment text, if_none_match text default null, workspace_id uuid default null)
returns jsonb
language sql stable
set search_path = ''
return private.ruleset(environment, if_none_match, workspace_id);

comment on function public.ruleset(text, text, uuid) is E'Everything that decide needs for an environment, for code that decides by itself with the same hash.\n{etag, not_modified, environment, holdout, layers, capabilities, intents, experiments, deployments, versions}. Pass the etag that you have in if_none_match: while nothing has changed the answer is {etag, not_modified: true}. Report what was decided locally with record_exposures. Needs decisions.make.';

create or replace function public.record_exposures(exposures jsonb, workspace_id uuid default null) returns jsonb
language plpgsql volatile
set search_path = ''
-- A full batch may outlast the API's few seconds; PostgREST applies this to the whole call.
set statement_timeout = '60s'
as $$
begin
  return private.record_exposures(exposures, workspace_id);
end
$$;

comment on function public.record_exposures(jsonb, uuid) is E'Records up to 10,000 exposures that were decided elsewhere: locally from a ruleset, or by another system for an experiment whose assigned_by is external: {accepted, duplicates, errors: [{index, code, message, hint}]}.\nA row of ours: experiment_id, phase_id, variant_id, subject; and, if known, conversation, intent, attributes, exposed_at. A row of another system: experiment_id, variant (its key) or variant_id, subject, source, source_event_id, and the same if known; its arms are taken as given, each event once, and attributes with bot: true mark what is no person. For ours, only an arm that the hash gives the unit in that phase lands (else wrong_arm); a unit that has another arm keeps it (other_arm); one that has this arm counts as a duplicate. Needs decisions.make.';
