create or replace function public.fork_prompt(
  key text, name text, version_id uuid default null, prompt_id uuid default null, capability text default null,
  action text default null, message text default '', workspace_id uuid default null
) returns public.prompts
language sql volatile
set search_path = ''
return private.fork_prompt(key, name, version_id, prompt_id, capability, action, message, workspace_id);

comment on function public.fork_prompt(text, text, uuid, uuid, text, text, text, uuid) is
E'Makes a prompt whose first version is a copy of version_id, or of the head of main of prompt_id, and remembers it as forked_from_version_id. Returns the prompt.\nIt is for the capability and action named, or for those of its source. The same call again returns the same prompt; a key that another prompt bears is refused (key_taken).';

create or replace function public.render_version(
  version_id uuid, variables jsonb default '{}', workspace_id uuid default null
) returns jsonb
language sql stable
set search_path = ''
return private.render_version(version_id, variables, workspace_id);

comment on function public.render_version(uuid, jsonb, uuid) is
E'The messages of a version with its {{variables}} filled, and the rest of its bundle: what a model would be asked.\nOne rule, which workers follow too: {{ name }} stands for the value of the declared variable name, a string as it is and anything else as JSON; \\{{ is a plain {{. Nothing is executed, and a value is never looked at again. variables is an object of name to value. Refused: missing_variable, unexpected_variable, wrong_variable_type, invalid_template.';

create or replace function public.render_template_version(
  template_version_id uuid, variables jsonb default '{}', workspace_id uuid default null
) returns jsonb
language sql stable
set search_path = ''
return private.render_template_version(template_version_id, variables, workspace_id);

comment on function public.render_template_version(uuid, jsonb, uuid) is
E'As render_version, for a version of a template.\nprovider and model are null where the template leaves them open.';

create or replace function public.create_prompt_template(
  key text, name text, description text default '', workspace_id uuid default null
) returns public.prompt_templates
language plpgsql volatile
set search_path = ''
as $$
#variable_conflict use_variable
declare
  tenant uuid := private.authorise(workspace_id, 'templates.write');
  made public.prompt_templates;
begin
  insert into public.prompt_templates (workspace_id, key, name, description)
  values (tenant, key, name, coalesce(description, ''))
  on conflict on constraint prompt_templates_key_unique do nothing
  returning * into made;
  if made.id is null then
    select t.* into made from public.prompt_templates t
    where t.workspace_id = tenant and t.key = create_prompt_template.key and t.name = create_prompt_template.name;
    if made.id is null then
      perform private.fail('key_taken', jsonb_build_object('key', key));
    end if;
  end if;
  return made;
end
$$;

comment on function public.create_prompt_template(text, text, text, uuid) is
E'Makes a template of prompts, as yet without a version, and returns it.\nThe same call again returns the same template; a key that another template bears is refused (409 key_taken).';

create or replace function public.commit_template_version(
  template_id uuid, messages jsonb default null, variables jsonb default '{}', provider text default null,
  model text default null, params jsonb default '{}', tools jsonb default '[]', response_format jsonb default null,
  message text default '', expected_head uuid default null, workspace_id uuid default null
) returns public.prompt_template_versions
language sql volatile
set search_path = ''
return private.commit_template_version(template_id, messages, variables, provider, model, params, tools,
  nullif(response_format, 'null'), message, expected_head, workspace_id);

comment on function public.commit_template_version(
  uuid, jsonb, jsonb, text, text, jsonb, jsonb, jsonb, text, uuid, uuid
) is E'Adds an immutable version to a template and returns it. messages must be given; provider and model may be left open.\nAn unchanged bundle is refused (nothing_changed), a placeholder that is not declared too (invalid_template). With expected_head, so is a template that has moved on (stale_template).';

create or replace function public.create_version_from_template(
  prompt_id uuid, template_version_id uuid, branch text default 'main', defaults jsonb default '{}',
  provider text default null, model text default null, params jsonb default '{}', message text default '',
  expected_head uuid default null, workspace_id uuid default null
) returns public.prompt_versions
language sql volatile
set search_path = ''
return private.create_version_from_template(
  prompt_id, template_version_id, branch, defaults, provider, model, params, message, expected_head, workspace_id);

comment on function public.create_version_from_template(
  uuid, uuid, text, jsonb, text, text, jsonb, text, uuid, uuid
) is E'Commits a version that begins as a version of a template, and returns it. It and the versions after it remember where they came from (template_version_id).\ndefaults gives variables their values for this prompt: they become defaults, so that the text stays the template''s. provider and model must be given where the template leaves them open; params are laid over the template''s.\nRefused as commit_version refuses, and for a template version that is not of the prompt''s workspace (unknown_template_version).';

create or replace function public.lineage_of(inference_id uuid, workspace_id uuid default null) returns jsonb
language sql stable
set search_path = ''
return private.lineage_of(inference_id, workspace_id);

comment on function public.lineage_of(uuid, uuid) is
E'What one call of a model came from: {inference_id, started_at, deployment, version, template, forked_from_version_id, experiment_id, variant_id}.\nWhat does not apply is null. version_lineage says the same for versions.';
