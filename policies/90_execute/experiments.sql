grant execute on function
  public.activate(uuid, integer, uuid),
  public.pause(uuid, integer, uuid),
  public.resume(uuid, integer, uuid),
  public.archive(uuid, integer, uuid),
  public.rollback_variant(uuid, text, integer, text, uuid),
  public.restore_variant(uuid, text, integer, text, uuid),
  private.restore_variant(uuid, text, integer, text, uuid),
  private.move_experiment(uuid, text, integer, uuid),
  private.rollback_variant(uuid, text, integer, text, uuid)
to authenticated, service_role;
