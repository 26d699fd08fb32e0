revoke all on public.timeline from public, anon, authenticated, service_role;
grant select on public.timeline to authenticated, service_role;

grant execute on function
  public.archive_object(text, uuid), public.restore_object(text, uuid), private.set_archived(text, uuid, boolean),
  public.annotate(text, text, timestamptz, text, text, text, text, uuid, uuid, jsonb, uuid),
  private.annotate(text, text, timestamptz, text, text, text, text, uuid, uuid, jsonb, uuid)
to authenticated, service_role;
