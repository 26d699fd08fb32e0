create or replace function public.create_experiment(document jsonb, workspace_id uuid default null) returns jsonb
language sql volatile
set search_path = ''
return private.create_experiment(document, workspace_id);

comment on function public.create_experiment(jsonb, uuid) is E'Drafts a whole experiment from one document: {key, name, hypothesis, environment, capability, actions, intents, unit, traffic, assigned_by, switchers, segments, audience, layer, minimum_effect, planned_units, metrics, variants, factors, base}; key, environment and capability are required.\nmetrics: [{"metric": "booked", "role": "primary"}, {"metric": "complaints", "role": "guardrail", "margin": 0.01}]. variants: [{"key": "control", "is_control": true, "weight": 1, "versions": {"*": "booking@main", "Book": "<version id>"}}]; a version is an id, prompt@tag, prompt@branch or prompt@number, and * stands for every action that is not named. unit is user (when left out), account or conversation; traffic is in basis points, 10000 when left out: everybody; minimum_effect is in the primary metric''s unit; planned_units, over all arms, is where the any-time interval is narrowest: the power calculation''s when left out, and fixed at the start; actions and intents are lists of keys, empty for all; audience is a rule as the column audience of /experiments explains it; layer is {"key": "checkout", "from": 0, "to": 5000}, its slots of 10000. assigned_by is upshot, or external when another system draws the arms and record_exposures reports them; switchers is exclude or first_arm; segments is a list of at most 4 attributes whose value at the first exposure makes a segment. factors: [{"key": "model", "kind": "model", "levels": ["small", {"key": "large", "value": {"provider": "openai", "model": "large"}}]}, {"key": "temperature", "kind": "param", "levels": [0, 0.7]}], of kind prompt, model, param, tools or version; base is what the cells are made from, as versions of an arm are said. With factors and base, and without variants, the full factorial design is made: a cell that no version of the prompt runs yet is committed to a branch that is named after the experiment.\nReturns {experiment_id, key, state, revision, parent_experiment_id, content_hash, document}. The same call again returns the same experiment; another one with its key is refused with 409 experiment_key_taken, and a document that is not valid with 422 bad_document, naming the field.';

create or replace function public.edit_experiment(
  experiment_id uuid, expected_revision integer, changes jsonb, workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.edit_experiment(experiment_id, expected_revision, changes, workspace_id);

comment on function public.edit_experiment(uuid, integer, jsonb, uuid) is E'Changes parts of an experiment in one transaction: changes is a part of the document that create_experiment takes, and what it does not name stays.\nA list replaces the list that was there; of an arm that stays, only what is said changes. {"weights": {"b": 3}} changes weights alone. Returns {experiment_id, key, state, revision, parent_experiment_id, content_hash, document}.\nRefused with 409 stale_revision when the experiment has changed since the revision that you name: its details say what is another now. A started experiment keeps its scope, unit, audience, control and primary metric (409 experiment_started); arms and weights change in a pause (409 pause_first), and subjects who have an arm keep it. An experiment in review goes back to draft. Nothing that is as it was counts as a change.';

create or replace function public.fork_experiment(
  experiment_id uuid, key text, name text default null, workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.fork_experiment(experiment_id, key, name, workspace_id);

comment on function public.fork_experiment(uuid, text, text, uuid) is E'Drafts a copy of an experiment, of any state: scope, audience, metrics, arms and versions, under another key and with a new salt, so that subjects are drawn anew.\nIt remembers its parent; experiment_ancestry tells. Returns {experiment_id, key, state, revision, parent_experiment_id, content_hash, document}; the same call again returns the same copy, 409 experiment_key_taken refuses a key that another bears.';

create or replace function public.experiment_document(experiment_id uuid, workspace_id uuid default null) returns jsonb
language sql stable
set search_path = ''
return private.read_experiment(experiment_id, workspace_id);

comment on function public.experiment_document(uuid, uuid) is E'An experiment as the document that create_experiment and edit_experiment take.\nReturns {experiment_id, key, state, revision, parent_experiment_id, content_hash, document}: name the revision in edit_experiment; an approval is bound to the content hash. Refuses with 404 unknown_experiment.';

create or replace function public.experiment_ancestry(experiment_id uuid, workspace_id uuid default null) returns jsonb
language sql stable
set search_path = ''
return private.experiment_ancestry(experiment_id, workspace_id);

comment on function public.experiment_ancestry(uuid, uuid) is E'Where an experiment comes from and what was forked from it: its card with parents, the nearest first, and children, to any depth.\nA card is {experiment_id, key, name, state, parent_experiment_id, started_at, ended_at, distance}. Refuses with 404 unknown_experiment.';

create or replace function public.experiment_checklist(experiment_id uuid, workspace_id uuid default null) returns jsonb
language sql stable
set search_path = ''
return private.experiment_checklist(experiment_id, workspace_id);

comment on function public.experiment_checklist(uuid, uuid) is E'What to mend before an experiment starts: {experiment_id, revision, state, ready, items, power}.\nAn item is {code, severity, message, hint, detail}. Blockers keep activate and resume from starting it (422 experiment_incomplete): too_few_arms, no_control, arm_without_version, unequal_scopes, wrong_capability, no_primary_metric, guardrail_without_margin, arm_without_level, layer_slot_taken. Warnings do not: overlapping_experiment, version_out_of_scope, same_versions, nothing_deployed, audience_matches_nobody, too_few_subjects, and what is not known about the time it takes.\npower says from the last 28 days how many units come a day, how many are needed to see the minimum effect (80 % power at 5 %, shared out over the arms), how many days that takes, and what can be seen in 28 days; its reason_code says what is missing for that. Refuses with 404 unknown_experiment.';
