grant execute on function
  public.request_analysis(uuid, text, jsonb, uuid, uuid, uuid), private.request_analysis(uuid, text, jsonb, uuid, uuid, uuid)
to authenticated, service_role;

-- The worker alone.
grant execute on function
  public.analysis_units_v1(uuid, uuid, uuid, text, integer), private.analysis_units(uuid, uuid, uuid, text, integer),
  public.analysis_days_v1(uuid, uuid, uuid), private.analysis_days(uuid, uuid, uuid)
to service_role;
