create or replace function private.may_hear(topic text) returns boolean
language sql stable security definer
set search_path = ''
begin atomic
  select case split_part(topic, ':', 1)
    when 'workspace' then exists (
      select from private.my_workspaces() w where topic = 'workspace:' || w)
    when 'experiment' then exists (
      select from public.experiments e
      where topic = 'experiment:' || e.id
        and e.workspace_id in (select w from private.my_workspaces() w))
    else false
  end;
end;

comment on function private.may_hear(text) is
E'True when a topic is of a workspace that the caller is a member of.\nDefiner: Realtime asks before any table can be read.';

-- This folder comes after policies/90_execute: what it made is closed here.
revoke execute on all functions in schema private from public, anon;
grant execute on function private.may_hear(text) to authenticated;

create policy messages_select_member on realtime.messages for select to authenticated
  using (extension in ('broadcast', 'presence') and (select private.may_hear((select realtime.topic()))));

notify pgrst, 'reload schema';
