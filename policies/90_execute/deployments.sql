revoke all on public.live_deployments from public, anon, authenticated, service_role;
grant select on public.live_deployments to authenticated, service_role;

grant execute on function
  public.decide(text, text, text, text, text, text, jsonb, uuid),
  public.publish(text, text, uuid, uuid, text, text, text, uuid),
  public.rollback(text, text, uuid, text, text, uuid, text, timestamptz, uuid),
  public.withdraw(text, text, uuid, text, text, text, uuid),
  public.preview_rollback(text, text, text, text, uuid, timestamptz, uuid),
  public.preview_publish(text, text, uuid, text, text, uuid),
  private.preview_rollback(text, text, text, text, uuid, timestamptz, uuid),
  private.preview_publish(text, text, uuid, text, text, uuid),
  private.decide(text, text, text, text, text, text, jsonb, uuid),
  private.publish(text, text, uuid, uuid, text, text, text, uuid),
  private.rollback(text, text, uuid, text, text, uuid, text, timestamptz, uuid),
  private.withdraw(text, text, uuid, text, text, text, uuid)
to authenticated, service_role;
