create or replace function public.mark_notifications_read(
  notification_ids uuid[] default null, workspace_id uuid default null
) returns integer
language sql volatile
set search_path = ''
return private.mark_notifications_read(notification_ids, workspace_id);

comment on function public.mark_notifications_read(uuid[], uuid) is E'Marks your notifications as read: the ones named, or all of them.\nWith workspace_id, those of one workspace. Returns how many were unread before.';

create or replace function public.unread_notifications(workspace_id uuid default null) returns integer
language sql stable
set search_path = ''
return private.unread_notifications(workspace_id);

comment on function public.unread_notifications(uuid) is E'How many notifications you have not read, in all of your workspaces or in one.\nAn act of a person: keys and servers have no inbox.';

create or replace function public.mute_object(object_kind text, object_id uuid, muted boolean default true) returns boolean
language sql volatile
set search_path = ''
return private.mute_object(object_kind, object_id, muted);

comment on function public.mute_object(text, uuid, boolean) is E'Stops your notifications about a thing, or lets them come again (muted false). A mention reaches you all the same.\nobject_kind is the name of the thing in the singular, as in add_comment. Returns muted.';
