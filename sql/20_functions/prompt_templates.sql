create or replace function private.lock_template(template_id uuid, expected_head uuid, requested uuid)
returns public.prompt_templates
language plpgsql
set search_path = ''
as $$
declare
  template public.prompt_templates;
  owner uuid := (select t.workspace_id from public.prompt_templates t where t.id = lock_template.template_id);
begin
  perform private.authorise_row(owner, requested, 'templates.write', 'unknown_template',
    jsonb_build_object('template_id', template_id));
  select t.* into template from public.prompt_templates t where t.id = template_id for no key update;
  if expected_head is not null and expected_head is distinct from template.head_version_id then
    perform private.fail('stale_template', jsonb_build_object(
      'template', template.key, 'head_version_id', template.head_version_id));
  end if;
  return template;
end
$$;

comment on function private.lock_template(uuid, uuid, uuid) is
'A template that the caller may change, locked; raises for a stranger, or when its head has moved.';

create or replace function private.check_template(draft public.prompt_template_versions) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  perform private.check_bundle(draft.messages, draft.variables, coalesce(draft.provider, 'open'),
    coalesce(draft.model, 'open'), draft.params, draft.tools, draft.response_format);
end
$$;

comment on function private.check_template(public.prompt_template_versions) is
'As check_bundle; a template may leave provider and model open.';

create or replace function private.add_template_version(
  template public.prompt_templates, draft public.prompt_template_versions
) returns public.prompt_template_versions
language plpgsql
set search_path = ''
as $$
declare
  made public.prompt_template_versions;
begin
  insert into public.prompt_template_versions (workspace_id, template_id, number,
    messages, variables, provider, model, params, tools, response_format, message, created_by)
  select template.workspace_id, template.id, coalesce(max(v.number), 0) + 1,
    draft.messages, draft.variables, draft.provider, draft.model, draft.params, draft.tools, draft.response_format,
    coalesce(draft.message, ''), auth.uid()
  from public.prompt_template_versions v where v.template_id = template.id
  returning * into made;
  update public.prompt_templates t set head_version_id = made.id where t.id = template.id;
  return made;
end
$$;

comment on function private.add_template_version(public.prompt_templates, public.prompt_template_versions) is
'Numbers a draft and makes it the head of its locked template.';

create or replace function private.commit_template_version(
  template_id uuid, messages jsonb, variables jsonb, provider text, model text, params jsonb, tools jsonb,
  response_format jsonb, message text, expected_head uuid, workspace_id uuid
) returns public.prompt_template_versions
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  template public.prompt_templates := private.lock_template(template_id, expected_head, workspace_id);
  draft public.prompt_template_versions;
begin
  draft.messages := messages;
  draft.variables := variables;
  draft.provider := provider;
  draft.model := model;
  draft.params := params;
  draft.tools := tools;
  draft.response_format := response_format;
  draft.message := message;
  perform private.check_template(draft);
  if exists (
    select from public.prompt_template_versions v where v.id = template.head_version_id
      and v.content_hash = private.bundle_hash(messages, variables, provider, model, params, tools, response_format)
  ) then
    perform private.fail('nothing_changed', jsonb_build_object('branch', template.key, 'version_id', template.head_version_id));
  end if;
  return private.add_template_version(template, draft);
end
$$;

comment on function private.commit_template_version(uuid, jsonb, jsonb, text, text, jsonb, jsonb, jsonb, text, uuid, uuid) is
E'Adds a version to a template.\nDefiner: template versions are immutable, so nobody may insert or number them by hand.';

create or replace function private.require_template_version(template_version_id uuid, tenant uuid)
returns public.prompt_template_versions
language plpgsql stable
set search_path = ''
as $$
declare
  origin public.prompt_template_versions;
begin
  select t.* into origin from public.prompt_template_versions t
  where t.id = template_version_id and t.workspace_id = tenant;
  if origin.id is null then
    perform private.fail('unknown_template_version', jsonb_build_object('template_version_id', template_version_id));
  end if;
  return origin;
end
$$;

comment on function private.require_template_version(uuid, uuid) is 'A template version of a workspace; raises for any other.';

create or replace function private.with_defaults(variables jsonb, chosen jsonb) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  if jsonb_typeof(chosen) is distinct from 'object' then
    perform private.fail('bad_argument', '{"argument": "defaults", "expected": "an object of name to value"}');
  end if;
  -- What is chosen becomes a default: the text stays the template's, and no value is ever read as a template.
  perform private.variable_texts(
    (select coalesce(jsonb_object_agg(d.key, d.value), '{}') from jsonb_each(variables) d where chosen ? d.key), chosen);
  return variables || (
    select coalesce(jsonb_object_agg(c.key, (variables -> c.key) || jsonb_build_object('default', c.value)), '{}')
    from jsonb_each(chosen) c);
end
$$;

comment on function private.with_defaults(jsonb, jsonb) is
'The variables of a template with chosen values as defaults; raises for a value that does not fit.';

create or replace function private.template_draft(
  origin public.prompt_template_versions, chosen jsonb, provider text, model text, params jsonb, message text
) returns public.prompt_versions
language plpgsql stable
set search_path = ''
as $$
declare
  draft public.prompt_versions;
begin
  draft.messages := origin.messages;
  draft.variables := private.with_defaults(origin.variables, chosen);
  draft.provider := coalesce(provider, origin.provider);
  draft.model := coalesce(model, origin.model);
  draft.params := origin.params || coalesce(params, '{}');
  draft.tools := origin.tools;
  draft.response_format := origin.response_format;
  draft.message := message;
  draft.template_version_id := origin.id;
  return draft;
end
$$;

comment on function private.template_draft(public.prompt_template_versions, jsonb, text, text, jsonb, text) is
'What a prompt version begins with when it is made from a template.';

create or replace function private.create_version_from_template(
  prompt_id uuid, template_version_id uuid, branch text, chosen jsonb, provider text, model text, params jsonb,
  message text, expected_head uuid, workspace_id uuid
) returns public.prompt_versions
language plpgsql security definer
set search_path = ''
as $$
declare
  line public.branches := private.lock_branch(prompt_id, branch, expected_head, workspace_id);
  origin public.prompt_template_versions := private.require_template_version(template_version_id, line.workspace_id);
begin
  return private.commit_draft(line, private.template_draft(origin, chosen, provider, model, params, message));
end
$$;

comment on function private.create_version_from_template(uuid, uuid, text, jsonb, text, text, jsonb, text, uuid, uuid) is
E'Commits a version that a template version gives.\nDefiner: as commit_version.';

create or replace function private.render_template_version(template_version_id uuid, given jsonb, workspace_id uuid)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  origin public.prompt_template_versions;
begin
  select t.* into origin from public.prompt_template_versions t where t.id = template_version_id;
  perform private.authorise_row(origin.workspace_id, workspace_id, 'workspace.read', 'unknown_template_version',
    jsonb_build_object('template_version_id', template_version_id));
  return jsonb_build_object('template_version_id', origin.id, 'content_hash', origin.content_hash,
    'provider', origin.provider, 'model', origin.model, 'params', origin.params, 'tools', origin.tools,
    'response_format', origin.response_format,
    'messages', private.render_messages(origin.messages, origin.variables, given));
end
$$;

comment on function private.render_template_version(uuid, jsonb, uuid) is
E'Fills a template version.\nDefiner: as render_version.';
