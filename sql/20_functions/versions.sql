create or replace function private.bundle(version public.prompt_versions) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
  return jsonb_build_object(
    'messages', version.messages, 'variables', version.variables, 'provider', version.provider,
    'model', version.model, 'params', version.params, 'tools', version.tools,
    'response_format', version.response_format);
end
$$;

comment on function private.bundle(public.prompt_versions) is 'What a caller needs to make the model call.';

create or replace function private.version_card(version public.prompt_versions) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
  return jsonb_build_object(
    'id', version.id, 'prompt_id', version.prompt_id,
    'number', version.number, 'content_hash', version.content_hash);
end
$$;

comment on function private.version_card(public.prompt_versions) is 'What identifies a version.';

create or replace function private.check_bundle(
  messages jsonb, variables jsonb, provider text, model text, params jsonb, tools jsonb, response_format jsonb
) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  fault jsonb;
begin
  select jsonb_build_object('field', field, 'expected', expected) into fault
  from (values
    ('messages', 'a non-empty array of {role, content}', jsonb_typeof(messages) = 'array'
      and jsonb_array_length(messages) > 0
      and not jsonb_path_exists(messages, '$[*] ? (!exists(@.role) || !exists(@.content) || @.role.type() != "string")')),
    ('variables', 'an object of name to JSON Schema', jsonb_typeof(variables) = 'object'
      and not jsonb_path_exists(variables, '$.* ? (@.type() != "object")')),
    ('provider', 'a text of 1 to 100 characters', length(provider) between 1 and 100),
    ('model', 'a text of 1 to 200 characters', length(model) between 1 and 200),
    ('params', 'an object', jsonb_typeof(params) = 'object'),
    ('tools', 'an array of objects', jsonb_typeof(tools) = 'array'
      and not jsonb_path_exists(tools, 'strict $[*] ? (@.type() != "object")')),
    ('response_format', 'an object or null', response_format is null or jsonb_typeof(response_format) = 'object')
  ) as rule (field, expected, holds)
  where holds is not true
  limit 1;
  if fault is not null then
    perform private.fail('bad_bundle', fault);
  end if;
  perform private.check_messages(messages, variables);
end
$$;

comment on function private.check_bundle(jsonb, jsonb, text, text, jsonb, jsonb, jsonb) is
'Raises bad_bundle, naming the first field that is not as it must be, or invalid_template.';

create or replace function private.lock_branch(
  prompt_id uuid, branch text, expected_head uuid, requested_workspace uuid
) returns public.branches
language plpgsql
set search_path = ''
as $$
declare
  line public.branches;
begin
  perform private.lock_prompt(prompt_id, 'unknown_prompt',
    jsonb_build_object('prompt_id', prompt_id), requested_workspace);
  select b.* into line from public.branches b
  where b.prompt_id = lock_branch.prompt_id and b.name = branch and b.deleted_at is null;
  if line.id is null then
    perform private.fail('unknown_branch', jsonb_build_object('branch', branch));
  end if;
  if expected_head is not null and expected_head is distinct from line.head_version_id then
    perform private.fail('stale_head', jsonb_build_object('branch', branch, 'head_version_id', line.head_version_id));
  end if;
  return line;
end
$$;

comment on function private.lock_branch(uuid, text, uuid, uuid) is
'The branch to commit to, with the prompt locked; raises for a stranger, an unknown branch, or a head that has moved.';

create or replace function private.add_version(line public.branches, draft public.prompt_versions)
returns public.prompt_versions
language plpgsql
set search_path = ''
as $$
declare
  made public.prompt_versions;
begin
  insert into public.prompt_versions (
    workspace_id, prompt_id, number, branch_id, parent_version_id, merged_version_id, forked_from_version_id,
    template_version_id, messages, variables, provider, model, params, tools, response_format, message, created_by)
  select line.workspace_id, line.prompt_id, coalesce(max(v.number), 0) + 1, line.id, line.head_version_id,
    draft.merged_version_id, draft.forked_from_version_id,
    coalesce(draft.template_version_id,
      (select h.template_version_id from public.prompt_versions h where h.id = line.head_version_id)),
    draft.messages, draft.variables, draft.provider, draft.model, draft.params, draft.tools, draft.response_format,
    coalesce(draft.message, ''), auth.uid()
  from public.prompt_versions v where v.prompt_id = line.prompt_id
  returning * into made;
  update public.branches b set head_version_id = made.id where b.id = line.id;
  return made;
end
$$;

comment on function private.add_version(public.branches, public.prompt_versions) is
'Numbers a draft, puts it at the head of a branch whose prompt is locked, and hands on the template that the line came from.';

create or replace function private.commit_draft(line public.branches, draft public.prompt_versions)
returns public.prompt_versions
language plpgsql
set search_path = ''
as $$
begin
  perform private.check_bundle(draft.messages, draft.variables, draft.provider, draft.model, draft.params, draft.tools,
    draft.response_format);
  if exists (
    select from public.prompt_versions v
    where v.id = line.head_version_id
      and v.content_hash = private.bundle_hash(draft.messages, draft.variables, draft.provider, draft.model,
        draft.params, draft.tools, draft.response_format)
  ) then
    perform private.fail('nothing_changed', jsonb_build_object('branch', line.name, 'version_id', line.head_version_id));
  end if;
  return private.add_version(line, draft);
end
$$;

comment on function private.commit_draft(public.branches, public.prompt_versions) is
'Adds a draft to a locked branch; raises for a bundle that is not valid, or the same as the head''s.';

create or replace function private.commit_version(
  prompt_id uuid, branch text, messages jsonb, variables jsonb, provider text, model text, params jsonb, tools jsonb,
  response_format jsonb, message text, expected_head uuid, workspace_id uuid
) returns public.prompt_versions
language plpgsql security definer
set search_path = ''
as $$
declare
  line public.branches := private.lock_branch(prompt_id, branch, expected_head, workspace_id);
  draft public.prompt_versions;
begin
  draft.messages := messages;
  draft.variables := variables;
  draft.provider := provider;
  draft.model := model;
  draft.params := params;
  draft.tools := tools;
  draft.response_format := response_format;
  draft.message := message;
  return private.commit_draft(line, draft);
end
$$;

comment on function private.commit_version(uuid, text, jsonb, jsonb, text, text, jsonb, jsonb, jsonb, text, uuid, uuid) is
E'Adds a version to a branch and moves its head.\nDefiner: versions are immutable, so nobody may insert or number them by hand.';

create or replace function private.version_of(variant_id uuid, action_id uuid) returns uuid
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select r.prompt_version_id
    from public.variant_versions r
    where r.variant_id = version_of.variant_id
      and (r.action_id is null or r.action_id = version_of.action_id)
    order by (r.action_id is not null) desc
    limit 1);
end
$$;

comment on function private.version_of(uuid, uuid) is 'The version that a variant runs for an action: its own row, else the one for every action.';

create or replace function private.require_version(version_id uuid, requested uuid, permission text)
returns public.prompt_versions
language plpgsql stable
set search_path = ''
as $$
declare
  found_version public.prompt_versions;
begin
  select v.* into found_version from public.prompt_versions v where v.id = version_id;
  perform private.authorise_row(found_version.workspace_id, requested, permission, 'unknown_version',
    jsonb_build_object('version_id', version_id));
  return found_version;
end
$$;

comment on function private.require_version(uuid, uuid, text) is
'The version, for a caller who holds the permission where it is; for anybody else it does not exist.';
