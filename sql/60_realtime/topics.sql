create or replace function private.may_hear(topic text) returns boolean
language sql stable security definer
set search_path = ''
begin atomic
  select case
    -- The spelling must be exact: a topic that looks alike is another topic.
    when asked.id is null or topic <> asked.noun || ':' || asked.id then false
    else coalesce(case asked.noun
      when 'user' then asked.id = auth.uid()
      else (case asked.noun
        when 'workspace' then asked.id
        when 'experiment' then (select e.workspace_id from public.experiments e where e.id = asked.id)
        when 'prompt' then (select p.workspace_id from public.prompts p where p.id = asked.id)
        when 'run' then (select r.workspace_id from public.runs r where r.id = asked.id)
      end) in (select w from private.my_workspaces() w)
    end, false)
  end
  from (select split_part(topic, ':', 1), private.as_uuid(split_part(topic, ':', 2))) as asked (noun, id);
end;

comment on function private.may_hear(text) is
E'True when a topic is the caller''s own, or of a workspace that they are a member of.\nDefiner: Realtime asks before any table can be read.';

-- This folder comes after policies/90_execute: what it made is closed here.
revoke execute on all functions in schema private from public, anon;
grant execute on function private.may_hear(text) to authenticated;

create policy messages_select_member on realtime.messages for select to authenticated
  using (extension in ('broadcast', 'presence') and (select private.may_hear((select realtime.topic()))));

notify pgrst, 'reload schema';
