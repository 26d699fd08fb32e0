create or replace function private.merge_base(ours uuid, theirs uuid) returns uuid
language sql stable
set search_path = ''
as $$
  -- Numbers grow along every line of parents: of the common ancestors, the one with the highest is nobody's ancestor.
  select v.id from public.prompt_versions v
  where v.id in (select private.ancestry(ours)) and v.id in (select private.ancestry(theirs))
  order by v.number desc limit 1
$$;

comment on function private.merge_base(uuid, uuid) is
'The newest version that both come from; where histories cross, always the same one; null when they have none.';

create or replace function private.empty_bundle() returns jsonb
language sql immutable
set search_path = ''
return '{"messages": [], "variables": {}, "params": {}, "tools": []}'::jsonb;

comment on function private.empty_bundle() is 'The base of two histories that have nothing in common.';

create or replace function private.bundle_of(version_id uuid) returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce((select private.bundle(v) from public.prompt_versions v where v.id = version_id), private.empty_bundle())
$$;

comment on function private.bundle_of(uuid) is 'The bundle of a version; the empty one for none.';

create or replace function private.card_of(version_id uuid) returns jsonb
language sql stable
set search_path = ''
as $$
  select private.version_card(v) from public.prompt_versions v where v.id = version_id
$$;

comment on function private.card_of(uuid) is 'What identifies a version, by its id.';

create or replace function private.check_resolutions(
  resolutions jsonb, expected_head uuid, expected_source_head uuid
) returns void
language plpgsql immutable
set search_path = ''
as $$
begin
  if jsonb_typeof(resolutions) is distinct from 'object' then
    perform private.fail('bad_argument', '{"argument": "resolutions", "expected": "an object of path to resolution"}');
  elsif resolutions <> '{}' and (expected_head is null or expected_source_head is null) then
    perform private.fail('bad_argument', '{"argument": "expected_head", "expected": "named, and expected_source_head too: resolutions belong to the two heads that they were made for"}');
  end if;
end
$$;

comment on function private.check_resolutions(jsonb, uuid, uuid) is
'Raises bad_argument for resolutions that do not say for which heads they were made.';

create or replace function private.require_conflicts(resolutions jsonb, conflicts jsonb) returns void
language plpgsql immutable
set search_path = ''
as $$
declare
  stray text := (select min(k collate "C") from jsonb_object_keys(resolutions) k
    where not exists (select from jsonb_array_elements(conflicts) c where c ->> 'path' = k));
begin
  if stray is not null then
    perform private.fail('bad_resolution', jsonb_build_object('path', stray, 'expected', 'the path of a conflict of this merge'));
  end if;
end
$$;

comment on function private.require_conflicts(jsonb, jsonb) is 'Raises bad_resolution for a resolution of no conflict.';

create or replace function private.merge_answer(
  status text, base uuid, ours public.branches, theirs public.branches, version_id uuid, conflicts jsonb
) returns jsonb
language sql stable
set search_path = ''
as $$
  select jsonb_build_object(
    'status', status, 'source', theirs.name, 'target', ours.name, 'base', private.card_of(base),
    'ours', private.card_of(ours.head_version_id), 'theirs', private.card_of(theirs.head_version_id),
    'version', private.card_of(version_id), 'conflicts', coalesce((
      select jsonb_agg(c.item - 'is_resolved' order by c.n) from jsonb_array_elements(conflicts) with ordinality as c (item, n)
      where c.item -> 'is_resolved' = 'false'), '[]'))
$$;

comment on function private.merge_answer(text, uuid, public.branches, public.branches, uuid, jsonb) is
'What merge_branch returns: how it ended, between which versions, and the conflicts that are still open.';

create or replace function private.commit_merge(
  ours public.branches, theirs public.branches, bundle jsonb, message text
) returns uuid
language plpgsql
set search_path = ''
as $$
declare
  draft public.prompt_versions := jsonb_populate_record(null::public.prompt_versions, bundle);
begin
  perform private.check_bundle(draft.messages, draft.variables, draft.provider, draft.model, draft.params, draft.tools,
    draft.response_format);
  draft.merged_version_id := theirs.head_version_id;
  draft.message := coalesce(nullif(message, ''), format('Merge %s into %s', theirs.name, ours.name));
  return (private.add_version(ours, draft)).id;
end
$$;

comment on function private.commit_merge(public.branches, public.branches, jsonb, text) is
'Adds a version with two parents to a locked branch.';

create or replace function private.merge_heads(
  ours public.branches, theirs public.branches, base uuid, resolutions jsonb, message text
) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  merged private.merged := private.merge_bundles(private.bundle_of(base), private.bundle_of(ours.head_version_id),
    private.bundle_of(theirs.head_version_id), resolutions);
  made uuid;
begin
  perform private.require_conflicts(resolutions, merged.conflicts);
  if merged.conflicts @> '[{"is_resolved": false}]' then
    return private.merge_answer('conflicts', base, ours, theirs, null, merged.conflicts);
  end if;
  made := private.commit_merge(ours, theirs, merged.value, message);
  return private.merge_answer('merged', base, ours, theirs, made, '[]');
end
$$;

comment on function private.merge_heads(public.branches, public.branches, uuid, jsonb, text) is
'Merges two heads that have both moved since their base, or says what stands against it.';

create or replace function private.forward(ours public.branches, theirs public.branches) returns jsonb
language plpgsql
set search_path = ''
as $$
begin
  update public.branches b set head_version_id = theirs.head_version_id where b.id = ours.id;
  return private.merge_answer('fast_forward', ours.head_version_id, ours, theirs, theirs.head_version_id, '[]');
end
$$;

comment on function private.forward(public.branches, public.branches) is
'Moves a branch that has nothing of its own to where the other stands: no new version is needed.';

create or replace function private.merge_branch(
  prompt_id uuid, source text, target text, expected_head uuid, expected_source_head uuid, resolutions jsonb,
  message text, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  ours public.branches := private.lock_branch(prompt_id, target, expected_head, workspace_id);
  theirs public.branches := private.lock_branch(prompt_id, source, expected_source_head, workspace_id);
  base uuid := private.merge_base(ours.head_version_id, theirs.head_version_id);
begin
  perform private.check_resolutions(resolutions, expected_head, expected_source_head);
  if theirs.head_version_id is null then
    perform private.fail('branch_empty', jsonb_build_object('branch', source));
  elsif base = theirs.head_version_id then
    perform private.fail('already_merged', jsonb_build_object('source', source, 'target', target));
  elsif ours.head_version_id is null or base = ours.head_version_id then
    return private.forward(ours, theirs);
  end if;
  return private.merge_heads(ours, theirs, base, resolutions, message);
end
$$;

comment on function private.merge_branch(uuid, text, text, uuid, uuid, jsonb, text, uuid) is
E'Merges one branch of a prompt into another.\nDefiner: as commit_version.';
