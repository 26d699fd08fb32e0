create or replace function public.create_branch(
  prompt_id uuid, name text, from_version uuid default null, from_branch text default null,
  workspace_id uuid default null
) returns public.branches
language sql volatile
set search_path = ''
return private.create_branch(prompt_id, name, from_version, from_branch, workspace_id);

comment on function public.create_branch(uuid, text, uuid, text, uuid) is
E'Adds a branch to a prompt and returns it: at from_version, any version of the prompt, or at the head of from_branch, or else at the head of main.\nThe same call again returns the same branch. A name that another branch bears is refused (branch_exists).';

create or replace function public.rename_branch(
  prompt_id uuid, branch text, new_name text, workspace_id uuid default null
) returns public.branches
language sql volatile
set search_path = ''
return private.rename_branch(prompt_id, branch, new_name, workspace_id);

comment on function public.rename_branch(uuid, text, text, uuid) is
E'Gives a branch another name and returns it.\nmain keeps its name (main_stays). A name that another branch bears is refused (branch_exists).';

create or replace function public.delete_branch(
  prompt_id uuid, branch text, expected_head uuid, even_unmerged boolean default false, workspace_id uuid default null
) returns public.branches
language sql volatile
set search_path = ''
return private.delete_branch(prompt_id, branch, expected_head, even_unmerged, workspace_id);

comment on function public.delete_branch(uuid, text, uuid, boolean, uuid) is
E'Deletes a branch whose head is expected_head (null for a branch without versions), and returns it. Its versions stay, and its name is free again; create_branch at the head brings it back.\nRefused: for main (main_stays), when it has moved on (stale_head), and, unless even_unmerged is true, when no other branch or tag leads to its versions (branch_unmerged).';

create or replace function public.version_log(
  prompt_id uuid, branch text default 'main', page_size integer default 50, before_number integer default null,
  workspace_id uuid default null
) returns table (
  version_id uuid, number integer, branch_name text, parent_version_id uuid, merged_version_id uuid,
  forked_from_version_id uuid, template_version_id uuid, message text, author uuid, committed_at timestamptz,
  content_hash text, tags text[], changed text[]
)
language sql stable
set search_path = ''
begin atomic
  select l.version_id, l.number, l.branch, l.parent_version_id, l.merged_version_id, l.forked_from_version_id,
    l.template_version_id, l.message, l.author, l.committed_at, l.content_hash, l.tags, l.changed
  from private.version_log(prompt_id, branch, page_size, before_number, workspace_id) l;
end;

comment on function public.version_log(uuid, text, integer, integer, uuid) is
E'The history of a branch: its head and everything that came before, over both parents of merges, newest first.\nchanged names the paths that differ from the first parent (or, in a fork''s first version, from its source); null for a first version. For the next page, pass the last number as before_number. page_size is 1 to 200, 50 when left out; branch is main when left out.';

create or replace function public.diff_versions(from_version uuid, to_version uuid, workspace_id uuid default null)
returns jsonb
language sql stable
set search_path = ''
return private.diff_versions(from_version, to_version, workspace_id);

comment on function public.diff_versions(uuid, uuid, uuid) is
E'What differs between two versions of one workspace, of the same prompt or of two.\nfields: [{path, op: added | removed | changed | reordered, from?, to?}] for provider, model, response_format, every parameter, variable, and tool by name. messages: [{op: equal | changed | removed | added, from?, to?, message?, fields?, lines?, content?}], counted from 0. lines: [{op: equal | changed | removed | added, from?, to?, count?, lines?}], counted from 1; a changed line is {from, to, words?: [{op: equal | removed | added, text}]}. Line breaks are line feeds: a carriage return belongs to its line. A content of more than 5,000 lines or 500,000 characters is compared as a whole, and says so: content = {from, to, reason: too_large}; words are given for the first 200 changed lines of a message, up to 2,000 characters each.\nA version that the caller cannot see, or of another workspace, is refused (unknown_version).';

create or replace function public.merge_branch(
  prompt_id uuid, source text, target text default 'main', expected_head uuid default null,
  expected_source_head uuid default null, resolutions jsonb default '{}', message text default '',
  workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.merge_branch(
  prompt_id, source, target, expected_head, expected_source_head, resolutions, message, workspace_id);

comment on function public.merge_branch(uuid, text, text, uuid, uuid, jsonb, text, uuid) is
E'Merges the branch source into the branch target: three ways, by field and, in messages, by line.\nReturns {status, source, target, base, ours, theirs, version, conflicts}. status is merged (a version with two parents was made), fast_forward (target had nothing of its own and now stands where source stands) or conflicts: nothing was written, and conflicts lists {path, base?, ours?, theirs?}, a side without the field lacking its key. Lines are arrays of lines.\nTo settle conflicts, call again with expected_head and expected_source_head, the ids of ours and theirs, and resolutions: path to {"take": "ours" | "theirs" | "base"}, {"value": …} or {"remove": true}. Conflicts without a resolution come back.\nRefused: a head that has moved (stale_head), a source that target holds already (already_merged) or that has no version (branch_empty), a resolution of no conflict (bad_resolution), a merged bundle whose placeholders are not declared (invalid_template).';
