revoke all on private.object_kinds from public, anon, authenticated, service_role;

grant execute on function
  public.add_comment(text, uuid, text, uuid[], uuid, uuid), public.edit_comment(uuid, text, uuid[]),
  public.delete_comment(uuid), public.resolve_thread(uuid, boolean),
  private.add_comment(text, uuid, text, uuid[], uuid, uuid), private.edit_comment(uuid, text, uuid[]),
  private.delete_comment(uuid), private.resolve_thread(uuid, boolean),
  public.mark_notifications_read(uuid[], uuid), private.mark_notifications_read(uuid[], uuid),
  public.mute_object(text, uuid, boolean), private.mute_object(text, uuid, boolean),
  public.unread_notifications(uuid), private.unread_notifications(uuid)
to authenticated, service_role;
