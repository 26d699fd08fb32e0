create or replace function private.directory()
returns table (
  workspace_id uuid, user_id uuid, role text, display_name text, email text, joined_at timestamptz
)
language plpgsql stable security definer
set search_path = ''
as $$
#variable_conflict use_column
begin
  return query
  select m.workspace_id, m.user_id, m.role,
    left(coalesce(
      nullif(trim(u.raw_user_meta_data ->> 'full_name'), ''), nullif(trim(u.raw_user_meta_data ->> 'name'), ''),
      split_part(u.email, '@', 1), ''), 200),
    case when auth.uid() is not null or private.caller_is_server() then u.email::text end,
    m.created_at
  from public.members m
  join auth.users u on u.id = m.user_id
  where private.caller_is_server() or m.workspace_id in (select w from private.my_workspaces() w);
end
$$;

comment on function private.directory() is
E'The people of the caller''s workspaces, with their names.\nDefiner: names and addresses are in auth.users, which nobody reads.';

create or replace view public.member_directory with (security_invoker = true) as
select d.workspace_id, d.user_id, d.role, d.display_name, d.email, d.joined_at from private.directory() d;

comment on view public.member_directory is E'One row per workspace and member: how to show and reach the people that one works with.\nA person sets their name with Auth (updateUser, data.full_name). Who has left is not here.';
comment on column public.member_directory.workspace_id is 'The workspace.';
comment on column public.member_directory.user_id is 'The user.';
comment on column public.member_directory.role is 'Their role here.';
comment on column public.member_directory.display_name is 'full_name or name of their own account, else the first part of their address.';
comment on column public.member_directory.email is 'Their address; null for API keys, which need not write to people.';
comment on column public.member_directory.joined_at is 'When they joined.';
