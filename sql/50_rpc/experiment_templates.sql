create or replace function public.create_experiment_from_template(
  template text, given jsonb, workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.create_experiment_from_template(template, given, workspace_id);

comment on function public.create_experiment_from_template(text, jsonb, uuid) is E'Drafts an experiment from a template: given is an object of slot to value, and /experiment_templates says which slots there are, of which type and with what default.\nReturns {experiment_id, key, state, revision, parent_experiment_id, content_hash, document}; the same call again returns the same experiment. Refuses with 404 unknown_experiment_template, 422 bad_document for a slot that is missing, unknown or of another type, and as create_experiment does.';

create or replace function public.save_as_template(
  experiment_id uuid, key text, name text, description text default '', workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.save_as_template(experiment_id, key, name, description, workspace_id);

comment on function public.save_as_template(uuid, text, text, text, uuid) is E'Makes a template of an experiment: its key, name and environment and what each arm runs become slots, everything else stays as it is.\nReturns the row of /experiment_templates. For those who hold templates.write; refuses with 404 unknown_experiment, 409 experiment_template_taken.';
