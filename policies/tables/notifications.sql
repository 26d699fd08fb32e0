-- A person's own: no server reads them either.
alter table public.notifications enable row level security;
revoke all on public.notifications from public, anon, authenticated, service_role;
grant select on public.notifications to authenticated;

create policy notifications_select_own on public.notifications for select to authenticated
  using (user_id = (select auth.uid()) and workspace_id in (select private.my_workspaces()));
comment on policy notifications_select_own on public.notifications is
  'Everyone sees their own notifications, of the workspaces that they are a member of.';

alter table public.notification_preferences enable row level security;
revoke all on public.notification_preferences from public, anon, authenticated, service_role;
grant select, delete on public.notification_preferences to authenticated;
grant insert (workspace_id, kind, delivery) on public.notification_preferences to authenticated;
grant update (delivery) on public.notification_preferences to authenticated;

create policy notification_preferences_select_own on public.notification_preferences for select to authenticated
  using (user_id = (select auth.uid()) and workspace_id in (select private.my_workspaces()));
comment on policy notification_preferences_select_own on public.notification_preferences is
  'Everyone sees their own wishes.';
create policy notification_preferences_insert_own on public.notification_preferences for insert to authenticated
  with check (user_id = (select auth.uid()) and workspace_id in (select private.my_workspaces()));
comment on policy notification_preferences_insert_own on public.notification_preferences is
  'Everyone says how they want to be told.';
create policy notification_preferences_update_own on public.notification_preferences for update to authenticated
  using (user_id = (select auth.uid()) and workspace_id in (select private.my_workspaces()))
  with check (user_id = (select auth.uid()) and workspace_id in (select private.my_workspaces()));
comment on policy notification_preferences_update_own on public.notification_preferences is
  'Everyone changes their own wishes.';
create policy notification_preferences_delete_own on public.notification_preferences for delete to authenticated
  using (user_id = (select auth.uid()) and workspace_id in (select private.my_workspaces()));
comment on policy notification_preferences_delete_own on public.notification_preferences is
  'Everyone takes their own wishes back.';

alter table public.notification_mutes enable row level security;
revoke all on public.notification_mutes from public, anon, authenticated, service_role;
grant select on public.notification_mutes to authenticated;

create policy notification_mutes_select_own on public.notification_mutes for select to authenticated
  using (user_id = (select auth.uid()) and workspace_id in (select private.my_workspaces()));
comment on policy notification_mutes_select_own on public.notification_mutes is
  'Everyone sees what they have muted.';
