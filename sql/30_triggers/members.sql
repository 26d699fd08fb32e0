create or replace function private.tg_members__keep_an_owner() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  -- Two owners may leave at once: the workspace's row decides who is first.
  perform from public.workspaces w where w.id = old.workspace_id for no key update;
  if found and not exists (
    select from public.members m where m.workspace_id = old.workspace_id and m.role = 'owner'
  ) then
    perform private.fail('last_owner');
  end if;
  return null;
end
$$;

comment on function private.tg_members__keep_an_owner() is
E'Refuses the departure of a workspace''s last owner.\nDefiner: counts owners whom the caller may not see any more.';

create or replace trigger _100_keep_an_owner after update or delete on public.members
  for each row when (old.role = 'owner') execute function private.tg_members__keep_an_owner();
