grant execute on function
  public.explain_decision(text, text, text, text, text, text, jsonb, uuid),
  public.ruleset(text, text, uuid),
  public.record_exposures(jsonb, uuid),
  private.explain_decision(text, text, text, text, text, text, jsonb, uuid),
  private.ruleset(text, text, uuid),
  private.record_exposures(jsonb, uuid)
to authenticated, service_role;
