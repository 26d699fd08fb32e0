grant execute on function
  public.record_inferences(jsonb, uuid),
  public.record_outcomes(jsonb, uuid),
  private.record_inferences(jsonb, uuid),
  private.record_outcomes(jsonb, uuid)
to authenticated, service_role;
