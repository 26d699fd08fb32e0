grant execute on function
  public.create_prompt(text, text, text, text, uuid),
  public.commit_version(uuid, text, jsonb, jsonb, text, text, jsonb, jsonb, jsonb, text, uuid, uuid),
  private.commit_version(uuid, text, jsonb, jsonb, text, text, jsonb, jsonb, jsonb, text, uuid, uuid),
  public.tag_version(uuid, text, uuid, text, uuid),
  private.tag_version(uuid, text, uuid, text, uuid),
  public.untag(uuid, text, uuid, text, uuid),
  private.untag(uuid, text, uuid, text, uuid),
  private.bundle_hash(jsonb, jsonb, text, text, jsonb, jsonb, jsonb)
to authenticated, service_role;
