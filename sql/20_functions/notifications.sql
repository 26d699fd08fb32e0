create or replace function private.notify(
  workspace_id uuid, user_ids uuid[], kind text, object_kind text, object_id uuid, summary text,
  detail jsonb default '{}'
) returns void
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  actor constant uuid := private.actor_id();
begin
  if cardinality(array_remove(array_remove(user_ids, actor), null)) is not distinct from 0 then
    return;
  end if;
  insert into public.notifications (
    workspace_id, user_id, kind, object_kind, object_id, summary, detail, actor_kind, actor_id)
  select workspace_id, m.user_id, kind, object_kind, object_id, summary, coalesce(detail, '{}'),
    private.actor_kind(), actor
  from public.members m
  where m.workspace_id = workspace_id and m.user_id = any (user_ids)
    and m.user_id is distinct from actor
    and not exists (
      select from public.notification_preferences p
      where p.workspace_id = workspace_id and p.user_id = m.user_id and p.kind = kind and p.delivery = 'off')
    and (kind = 'mention' or not exists (
      select from public.notification_mutes x
      where x.workspace_id = workspace_id and x.user_id = m.user_id
        and x.object_kind = object_kind and x.object_id = object_id))
  order by m.user_id;
end
$$;

comment on function private.notify(uuid, uuid[], text, text, uuid, text, jsonb) is
E'Tells members of something, as they wish to be told; never the one who did it.\nDefiner: called by triggers of whoever acted, and nobody writes to another''s inbox by hand.';

create or replace function private.holders(workspace_id uuid, permission text) returns uuid[]
language plpgsql stable security definer
set search_path = ''
as $$
begin
  return array(
    select m.user_id
    from public.members m
    join public.role_permissions r on r.workspace_id = m.workspace_id and r.role = m.role
    where m.workspace_id = holders.workspace_id and r.permission = holders.permission
    order by m.user_id);
end
$$;

comment on function private.holders(uuid, text) is
E'The members who hold a permission.\nDefiner: called by triggers of whoever acted.';

create or replace function private.mark_notifications_read(notification_ids uuid[], workspace_id uuid) returns integer
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  me constant uuid := private.require_person();
  marked integer;
begin
  if workspace_id is not null and not private.may_enter(workspace_id) then
    perform private.fail('workspace_not_found', jsonb_build_object('workspace_id', workspace_id));
  end if;
  update public.notifications n set read_at = private.now()
  where n.user_id = me and n.read_at is null
    and (notification_ids is null or n.id = any (notification_ids))
    and n.workspace_id in (select private.my_workspaces())
    and n.workspace_id = coalesce(workspace_id, n.workspace_id);
  get diagnostics marked = row_count;
  return marked;
end
$$;

comment on function private.mark_notifications_read(uuid[], uuid) is
E'Marks the caller''s notifications as read.\nDefiner: the rest of a notification is nobody''s to write.';

create or replace function private.unread_notifications(workspace_id uuid) returns integer
language plpgsql stable
set search_path = ''
as $$
begin
  perform private.require_person();
  if workspace_id is not null and not private.may_enter(workspace_id) then
    perform private.fail('workspace_not_found', jsonb_build_object('workspace_id', workspace_id));
  end if;
  return (
    select count(*) from public.notifications n
    where n.user_id = (select auth.uid()) and n.read_at is null
      and n.workspace_id = coalesce(unread_notifications.workspace_id, n.workspace_id));
end
$$;

comment on function private.unread_notifications(uuid) is 'How many notifications the caller has not read.';

create or replace function private.mute_object(object_kind text, object_id uuid, muted boolean) returns boolean
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  me constant uuid := private.require_person();
  tenant constant uuid := private.authorise_object(object_kind, object_id, null, 'workspace.read');
begin
  if muted then
    insert into public.notification_mutes (workspace_id, user_id, object_kind, object_id)
    values (tenant, me, object_kind, object_id)
    on conflict on constraint notification_mutes_pkey do nothing;
  else
    delete from public.notification_mutes x
    where x.workspace_id = tenant and x.user_id = me and x.object_kind = object_kind and x.object_id = object_id;
  end if;
  return muted;
end
$$;

comment on function private.mute_object(text, uuid, boolean) is
E'Stops the caller''s notifications about a thing, or lets them come again.\nDefiner: checks that the thing is one of the caller''s workspace.';
