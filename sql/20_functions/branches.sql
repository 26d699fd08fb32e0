create or replace function private.find_branch(prompt_id uuid, name text) returns public.branches
language plpgsql stable
set search_path = ''
as $$
declare
  line public.branches;
begin
  select b.* into line from public.branches b
  where b.prompt_id = find_branch.prompt_id and b.name = find_branch.name and b.deleted_at is null;
  if line.id is null then
    perform private.fail('unknown_branch', jsonb_build_object('branch', name));
  end if;
  return line;
end
$$;

comment on function private.find_branch(uuid, text) is 'The living branch of a prompt by its name; raises unknown_branch.';

create or replace function private.ancestry(version_id uuid) returns setof uuid
language sql stable rows 100
set search_path = ''
as $$
  with recursive line as (
    select version_id as id
    union
    select parent.id
    from line
    join public.prompt_versions v on v.id = line.id
    cross join lateral (values (v.parent_version_id), (v.merged_version_id)) as parent (id)
    where parent.id is not null
  )
  select id from line where id is not null
$$;

comment on function private.ancestry(uuid) is 'A version and all that it came from, over both parents of merges.';

create or replace function private.branch_start(prompt_id uuid, from_version uuid, from_branch text) returns uuid
language plpgsql stable
set search_path = ''
as $$
begin
  if from_version is null then
    return (private.find_branch(prompt_id, coalesce(from_branch, 'main'))).head_version_id;
  elsif from_branch is not null then
    perform private.fail('bad_argument', '{"argument": "from_branch", "expected": "left out where from_version is given"}');
  elsif not exists (
    select from public.prompt_versions v where v.id = from_version and v.prompt_id = branch_start.prompt_id
  ) then
    perform private.fail('unknown_version', jsonb_build_object('version_id', from_version));
  end if;
  return from_version;
end
$$;

comment on function private.branch_start(uuid, uuid, text) is
'Where a new branch begins: at a version of its prompt, or at the head of another branch.';

create or replace function private.create_branch(
  prompt_id uuid, name text, from_version uuid, from_branch text, workspace_id uuid
) returns public.branches
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  tenant uuid := private.lock_prompt(prompt_id, 'unknown_prompt', jsonb_build_object('prompt_id', prompt_id), workspace_id);
  start uuid := private.branch_start(prompt_id, from_version, from_branch);
  line public.branches;
begin
  perform private.require_name('name', name);
  select b.* into line from public.branches b
  where b.prompt_id = create_branch.prompt_id and b.name = create_branch.name and b.deleted_at is null;
  if line.id is null then
    insert into public.branches (workspace_id, prompt_id, name, head_version_id)
    values (tenant, prompt_id, name, start) returning * into line;
  elsif line.head_version_id is distinct from start then
    perform private.fail('branch_exists', jsonb_build_object('branch', name));
  end if;
  return line;
end
$$;

comment on function private.create_branch(uuid, text, uuid, text, uuid) is
E'Adds a branch at a version or at another branch''s head.\nDefiner: holds the prompt''s lock, so that the branch begins where the other stood at one moment.';

create or replace function private.rename_branch(prompt_id uuid, branch text, new_name text, workspace_id uuid)
returns public.branches
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  line public.branches := private.lock_branch(prompt_id, branch, null, workspace_id);
begin
  perform private.require_name('new_name', new_name);
  if new_name <> branch and exists (
    select from public.branches b where b.prompt_id = rename_branch.prompt_id and b.name = new_name and b.deleted_at is null
  ) then
    perform private.fail('branch_exists', jsonb_build_object('branch', new_name));
  end if;
  update public.branches b set name = new_name where b.id = line.id returning b.* into line;
  return line;
end
$$;

comment on function private.rename_branch(uuid, text, text, uuid) is
E'Gives a branch another name.\nDefiner: as create_branch.';

create or replace function private.is_kept(line public.branches) returns boolean
language sql stable
set search_path = ''
as $$
  select (line).head_version_id is null
    or exists (
      select from public.branches b cross join lateral private.ancestry(b.head_version_id) as a (id)
      where b.prompt_id = (line).prompt_id and b.id <> (line).id and b.deleted_at is null
        and a.id = (line).head_version_id)
    or exists (
      select from public.tags t cross join lateral private.ancestry(t.version_id) as a (id)
      where t.prompt_id = (line).prompt_id and a.id = (line).head_version_id)
$$;

comment on function private.is_kept(public.branches) is
'Whether another branch or a tag leads to all of a branch''s versions, so that nothing is lost from sight without it.';

create or replace function private.delete_branch(
  prompt_id uuid, branch text, expected_head uuid, even_unmerged boolean, workspace_id uuid
) returns public.branches
language plpgsql security definer
set search_path = ''
as $$
declare
  line public.branches := private.lock_branch(prompt_id, branch, null, workspace_id);
begin
  if branch = 'main' then
    perform private.fail('main_stays');
  elsif line.head_version_id is distinct from expected_head then
    perform private.fail('stale_head', jsonb_build_object('branch', branch, 'head_version_id', line.head_version_id));
  elsif not coalesce(even_unmerged, false) and not private.is_kept(line) then
    perform private.fail('branch_unmerged', jsonb_build_object('branch', branch));
  end if;
  update public.branches b set deleted_at = private.now() where b.id = line.id returning b.* into line;
  return line;
end
$$;

comment on function private.delete_branch(uuid, text, uuid, boolean, uuid) is
E'Marks a branch as deleted by compare-and-swap; its versions stay.\nDefiner: nobody may write deleted_at by hand.';
