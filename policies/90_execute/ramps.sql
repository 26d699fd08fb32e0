revoke all on public.ramp_guardrails from public, anon, authenticated, service_role;
grant select on public.ramp_guardrails to authenticated, service_role;

grant execute on function
  public.start_ramp(text, text, uuid, uuid, text, text, numeric[], jsonb, interval, integer, text, text, uuid),
  public.advance_ramp(uuid, integer, boolean, text, uuid),
  public.abort_ramp(uuid, integer, text, uuid),
  private.start_ramp(text, text, uuid, uuid, text, text, numeric[], jsonb, interval, integer, text, text, uuid),
  private.advance_ramp(uuid, integer, boolean, text, uuid),
  private.abort_ramp(uuid, integer, text, uuid)
to authenticated, service_role;

-- The worker alone.
grant execute on function public.tick_ramps_v1(integer), private.tick_ramps(integer) to service_role;
