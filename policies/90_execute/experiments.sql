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

grant execute on function
  public.create_experiment(jsonb, uuid),
  public.edit_experiment(uuid, integer, jsonb, uuid),
  public.fork_experiment(uuid, text, text, uuid),
  public.experiment_document(uuid, uuid),
  public.experiment_ancestry(uuid, uuid),
  public.experiment_checklist(uuid, uuid),
  private.experiment_checklist(uuid, uuid),
  private.create_experiment(jsonb, uuid),
  private.edit_experiment(uuid, integer, jsonb, uuid),
  private.fork_experiment(uuid, text, text, uuid),
  private.read_experiment(uuid, uuid),
  private.experiment_ancestry(uuid, uuid),
  public.create_experiment_from_template(text, jsonb, uuid),
  public.save_as_template(uuid, text, text, text, uuid),
  private.create_experiment_from_template(text, jsonb, uuid),
  private.save_as_template(uuid, text, text, text, uuid),
  -- Called by triggers that run with the writer's rights.
  private.hold_draft(uuid)
to authenticated, service_role;
