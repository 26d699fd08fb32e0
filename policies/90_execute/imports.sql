grant execute on function
  public.start_import(text, text[], text, text, text, uuid),
  public.stage_rows(uuid, jsonb, bigint),
  public.map_columns(uuid, jsonb),
  public.check_import(uuid),
  public.commit_import(uuid),
  public.undo_import(uuid),
  private.start_import(text, text[], text, text, text, uuid),
  private.stage_rows(uuid, jsonb, bigint),
  private.map_columns(uuid, jsonb),
  private.check_import(uuid),
  private.commit_import(uuid),
  private.undo_import(uuid)
to authenticated, service_role;
