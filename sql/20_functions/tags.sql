create or replace function private.lock_prompt(prompt_id uuid, code text, context jsonb, requested uuid) returns uuid
language plpgsql
set search_path = ''
as $$
declare
  owner uuid := (select p.workspace_id from public.prompts p where p.id = lock_prompt.prompt_id);
begin
  perform private.authorise_row(owner, requested, 'prompts.write', code, context);
  -- The prompt's row serialises whatever moves its heads and tags: version numbers count over all of its branches.
  perform from public.prompts p where p.id = lock_prompt.prompt_id for no key update;
  return owner;
end
$$;

comment on function private.lock_prompt(uuid, text, jsonb, uuid) is
'The workspace of a prompt that the caller may change, with the prompt locked; raises the code for anybody else.';

create or replace function private.require_name(argument text, name text) returns void
language plpgsql immutable
set search_path = ''
as $$
begin
  if name is null or name !~ '^[A-Za-z0-9][A-Za-z0-9_./-]{0,99}$' then
    perform private.fail('bad_argument', jsonb_build_object('argument', argument,
      'expected', '1 to 100 letters, digits, and after the first also _ . / -'));
  end if;
end
$$;

comment on function private.require_name(text, text) is 'Raises bad_argument unless the text can name a branch or a tag.';

create or replace function private.move_tag(held public.tags, target public.tags, reason text) returns void
language plpgsql
set search_path = ''
as $$
begin
  insert into public.tag_moves (workspace_id, prompt_id, name, from_version_id, to_version_id, reason, created_by)
  values (target.workspace_id, target.prompt_id, target.name, held.version_id, target.version_id,
    coalesce(reason, ''), auth.uid());
end
$$;

comment on function private.move_tag(public.tags, public.tags, text) is
'Remembers where a tag pointed (null: nowhere) and where it points from now on.';

create or replace function private.require_tag_at(held public.tags, name text, expected_version uuid) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if held.version_id is distinct from expected_version then
    perform private.fail('stale_tag', jsonb_build_object('tag', name, 'version_id', held.version_id));
  end if;
end
$$;

comment on function private.require_tag_at(public.tags, text, uuid) is
'Raises stale_tag unless the tag points at the version that the caller names; null means that there is no such tag.';

create or replace function private.tag_version(
  version_id uuid, name text, expected_version uuid, reason text, workspace_id uuid
) returns public.tags
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  prompt uuid := (select v.prompt_id from public.prompt_versions v where v.id = version_id);
  tenant uuid := private.lock_prompt(prompt, 'unknown_version', jsonb_build_object('version_id', version_id), workspace_id);
  held public.tags;
  made public.tags;
begin
  perform private.require_name('name', name);
  select t.* into held from public.tags t where t.prompt_id = prompt and t.name = tag_version.name;
  if held.version_id = version_id then
    return held;
  end if;
  perform private.require_tag_at(held, name, expected_version);
  insert into public.tags (workspace_id, prompt_id, name, version_id, created_by)
  values (tenant, prompt, name, version_id, auth.uid())
  on conflict on constraint tags_name_unique do update set version_id = excluded.version_id, moved_at = private.now()
  returning * into made;
  perform private.move_tag(held, made, reason);
  return made;
end
$$;

comment on function private.tag_version(uuid, text, uuid, text, uuid) is
E'Points a tag at a version by compare-and-swap.\nDefiner: every move of a tag is logged, so nobody may write tags by hand.';

create or replace function private.untag(
  prompt_id uuid, name text, expected_version uuid, reason text, workspace_id uuid
) returns public.tags
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  held public.tags;
  gone public.tags;
begin
  perform private.lock_prompt(prompt_id, 'unknown_prompt', jsonb_build_object('prompt_id', prompt_id), workspace_id);
  select t.* into held from public.tags t where t.prompt_id = untag.prompt_id and t.name = untag.name;
  if held.id is null then
    perform private.fail('unknown_tag', jsonb_build_object('tag', name));
  end if;
  perform private.require_tag_at(held, name, expected_version);
  delete from public.tags t where t.id = held.id;
  gone := held;
  gone.version_id := null;
  perform private.move_tag(held, gone, reason);
  return held;
end
$$;

comment on function private.untag(uuid, text, uuid, text, uuid) is
E'Takes a tag away by compare-and-swap.\nDefiner: as tag_version.';
