create or replace function private.render_version(version_id uuid, given jsonb, workspace_id uuid) returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
  version public.prompt_versions := private.require_version(version_id, workspace_id, 'workspace.read');
begin
  return private.bundle(version) - 'variables' || jsonb_build_object(
    'version_id', version.id, 'content_hash', version.content_hash,
    'messages', private.render_messages(version.messages, version.variables, given));
end
$$;

comment on function private.render_version(uuid, jsonb, uuid) is
E'Fills a version.\nDefiner: as diff_versions.';

create or replace function private.fork_source(version_id uuid, prompt_id uuid, requested uuid)
returns public.prompt_versions
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_variable
begin
  if (version_id is null) = (prompt_id is null) then
    perform private.fail('bad_argument', '{"argument": "version_id", "expected": "given, or prompt_id instead of it"}');
  elsif version_id is not null then
    return private.require_version(version_id, requested, 'prompts.write');
  end if;
  perform private.authorise_row((select p.workspace_id from public.prompts p where p.id = prompt_id), requested,
    'prompts.write', 'unknown_prompt', jsonb_build_object('prompt_id', prompt_id));
  return (select v from public.prompt_versions v where v.id = (private.find_branch(prompt_id, 'main')).head_version_id);
end
$$;

comment on function private.fork_source(uuid, uuid, uuid) is
'The version to copy: the one named, or the head of the prompt''s main; raises unless the caller may change prompts there.';

create or replace function private.fork_place(source public.prompts, capability text, action text)
returns public.prompts
language plpgsql stable
set search_path = ''
as $$
declare
  place public.prompts := source;
begin
  if capability is not null then
    place.capability_id := (select c.id from public.capabilities c
      where c.workspace_id = source.workspace_id and c.key = capability);
    place.action_id := null;
  end if;
  if place.capability_id is null then
    perform private.fail('unknown_capability', jsonb_build_object('capability', capability));
  elsif action is not null then
    place.action_id := (select a.id from public.actions a where a.capability_id = place.capability_id and a.key = action);
    if place.action_id is null then
      perform private.fail('unknown_action', jsonb_build_object('action', action));
    end if;
  end if;
  return place;
end
$$;

comment on function private.fork_place(public.prompts, text, text) is
'The source prompt with the capability and action of its fork: those named, or its own.';

create or replace function private.copy_version(source public.prompt_versions, line public.branches, message text)
returns public.prompt_versions
language plpgsql
set search_path = ''
as $$
declare
  draft public.prompt_versions := source;
begin
  draft.forked_from_version_id := source.id;
  draft.merged_version_id := null;
  draft.message := coalesce(nullif(message, ''), format('Forked from version %s', source.number));
  return private.add_version(line, draft);
end
$$;

comment on function private.copy_version(public.prompt_versions, public.branches, text) is
'The first version of a fork: the same bundle, and where it came from.';

create or replace function private.made_fork(tenant uuid, key text, source_id uuid) returns public.prompts
language plpgsql stable
set search_path = ''
as $$
declare
  held public.prompts;
begin
  select p.* into held from public.prompts p where p.workspace_id = tenant and p.key = made_fork.key;
  if held.id is not null and not exists (
    select from public.prompt_versions v
    where v.workspace_id = tenant and v.prompt_id = held.id and v.forked_from_version_id = source_id
  ) then
    perform private.fail('key_taken', jsonb_build_object('key', key));
  end if;
  return held;
end
$$;

comment on function private.made_fork(uuid, text, uuid) is
'The fork that an earlier call made under this key; raises when the key belongs to another prompt.';

create or replace function private.fork_prompt(
  key text, name text, version_id uuid, prompt_id uuid, capability text, action text, message text, workspace_id uuid
) returns public.prompts
language plpgsql security definer
set search_path = ''
as $$
declare
  source public.prompt_versions := private.fork_source(version_id, prompt_id, workspace_id);
  place public.prompts;
  made public.prompts;
  line public.branches;
begin
  if source.id is null then
    perform private.fail('branch_empty', '{"branch": "main"}');
  end if;
  perform private.require_text('name', name, 200);
  perform pg_advisory_xact_lock(hashtextextended('prompt:' || source.workspace_id || key, 0));
  made := private.made_fork(source.workspace_id, key, source.id);
  if made.id is null then
    select p.* into place from public.prompts p where p.id = source.prompt_id;
    place := private.fork_place(place, capability, action);
    insert into public.prompts (workspace_id, key, name, capability_id, action_id)
    values (source.workspace_id, key, name, place.capability_id, place.action_id) returning * into made;
    select b.* into strict line from public.branches b where b.prompt_id = made.id;
    perform private.copy_version(source, line, message);
  end if;
  return made;
end
$$;

comment on function private.fork_prompt(text, text, uuid, uuid, text, text, text, uuid) is
E'Makes a prompt that begins as a copy of a version.\nDefiner: as commit_version.';
