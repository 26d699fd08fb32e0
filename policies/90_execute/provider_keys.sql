grant execute on function
  public.set_provider_key(text, text, text, uuid), private.set_provider_key(text, text, text, uuid),
  public.test_provider_key(text, uuid), private.test_provider_key(text, uuid),
  public.delete_provider_key(text, boolean, uuid), private.delete_provider_key(text, boolean, uuid)
to authenticated, service_role;

-- The worker alone.
grant execute on function
  public.provider_key_v1(uuid, text), private.provider_key(uuid, text),
  public.record_provider_key_test_v1(uuid, text, timestamptz, text),
  private.record_provider_key_test(uuid, text, timestamptz, text)
to service_role;
