grant execute on function
  private.api_key(), private.actor_kind(), private.actor_id(), private.request_id(), private.my_rooms(),
  private.require_person(), private.require_environment(uuid), private.key_environments(), private.require_caller()
to authenticated, service_role;

grant execute on function
  public.create_api_key(text, text[], text[], timestamptz, uuid),
  private.create_api_key(text, text[], text[], timestamptz, uuid)
to authenticated, service_role;
