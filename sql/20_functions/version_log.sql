create type private.version_log_row as (
  version_id uuid, number integer, branch text, parent_version_id uuid, merged_version_id uuid,
  forked_from_version_id uuid, template_version_id uuid, message text, author uuid, committed_at timestamptz,
  content_hash text, tags text[], changed text[]
);

comment on type private.version_log_row is 'One version in the history of a branch.';

create or replace function private.changed_fields(version public.prompt_versions) returns text[]
language plpgsql stable
set search_path = ''
as $$
declare
  before public.prompt_versions;
begin
  select p.* into before from public.prompt_versions p
  where p.id = coalesce(version.parent_version_id, version.forked_from_version_id);
  if before.id is null then
    return null;
  end if;
  return array(
    select f.change ->> 'path'
    from jsonb_array_elements(private.diff_fields(private.bundle(before), private.bundle(version)))
      with ordinality as f (change, n)
    order by f.n)
    || array(select '/messages' where before.messages is distinct from version.messages);
end
$$;

comment on function private.changed_fields(public.prompt_versions) is
'The paths that differ from the first parent, or from the version that was forked; null for a first version.';

create or replace function private.log_row(version public.prompt_versions) returns private.version_log_row
language sql stable
set search_path = ''
as $$
  select row(
    version.id, version.number, (select b.name from public.branches b where b.id = version.branch_id),
    version.parent_version_id, version.merged_version_id, version.forked_from_version_id, version.template_version_id,
    version.message, version.created_by, version.created_at, version.content_hash,
    array(select t.name from public.tags t
      where t.workspace_id = version.workspace_id and t.prompt_id = version.prompt_id and t.version_id = version.id
      order by t.name),
    private.changed_fields(version))::private.version_log_row
$$;

comment on function private.log_row(public.prompt_versions) is 'A version as version_log shows it.';

create or replace function private.version_log(
  prompt_id uuid, branch text, page_size integer, before_number integer, workspace_id uuid
) returns setof private.version_log_row
language plpgsql stable security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  head uuid;
begin
  perform private.authorise_row((select p.workspace_id from public.prompts p where p.id = prompt_id), workspace_id,
    'workspace.read', 'unknown_prompt', jsonb_build_object('prompt_id', prompt_id));
  if page_size is null or page_size not between 1 and 200 then
    perform private.fail('bad_argument', '{"argument": "page_size", "expected": "a number from 1 to 200"}');
  end if;
  head := (private.find_branch(prompt_id, branch)).head_version_id;
  return query
  select l.*
  from (
    select v as version from public.prompt_versions v
    where v.id in (select private.ancestry(head)) and (before_number is null or v.number < before_number)
    order by v.number desc limit page_size) as page
  cross join lateral private.log_row(page.version) l
  order by l.number desc;
end
$$;

comment on function private.version_log(uuid, text, integer, integer, uuid) is
E'The history of a branch over both parents of merges, newest first.\nDefiner: as diff_versions.';
