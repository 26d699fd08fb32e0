create or replace function public.tag_version(
  version_id uuid, name text, expected_version uuid default null, reason text default '', workspace_id uuid default null
) returns public.tags
language sql volatile
set search_path = ''
return private.tag_version(version_id, name, expected_version, reason, workspace_id);

comment on function public.tag_version(uuid, text, uuid, text, uuid) is
E'Points a tag, a name that is unique in the prompt, at a version, and returns it.\nA new tag needs no expected_version. To move one, name the version that it points at now; when it points elsewhere, the call is refused (stale_tag). A tag that points there already stays as it is. Every move is a row of tag_moves.';

create or replace function public.untag(
  prompt_id uuid, name text, expected_version uuid, reason text default '', workspace_id uuid default null
) returns public.tags
language sql volatile
set search_path = ''
return private.untag(prompt_id, name, expected_version, reason, workspace_id);

comment on function public.untag(uuid, text, uuid, text, uuid) is
E'Takes a tag away and returns it as it was; tag_moves keeps its history.\nRefused when there is no such tag (unknown_tag), or when it points at another version than the one named (stale_tag).';
