grant execute on function
  public.set_provider_key(text, text, text, uuid), private.set_provider_key(text, text, text, uuid)
to authenticated, service_role;

-- The worker alone.
grant execute on function public.provider_key_v1(uuid, text), private.provider_key(uuid, text) to service_role;
