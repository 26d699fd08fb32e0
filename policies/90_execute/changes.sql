revoke all on public.change_effects, public.conversation_timeline, private.change_evidence from public, anon, authenticated, service_role;
grant select on public.change_effects, public.conversation_timeline, private.change_evidence to authenticated, service_role;

grant execute on function
  public.outcome_waterfall(text, date, date, date, date, text, text, text, text, text, uuid),
  private.outcome_waterfall(text, date, date, date, date, text, text, text, text, text, uuid),
  public.metric_series(text, timestamptz, timestamptz, text, text, text, text, text, text, text, uuid),
  private.metric_series(text, timestamptz, timestamptz, text, text, text, text, text, text, text, uuid),
  public.baseline_comparison(text, text, text, text, text, text, integer, integer, date, uuid),
  private.baseline_comparison(text, text, text, text, text, text, integer, integer, date, uuid),
  public.touch_credits(text, date, date, text, text, interval, interval, text, text, text, text, text, uuid),
  private.touch_credits(text, date, date, text, text, interval, interval, text, text, text, text, text, uuid),
  public.trace_of(text, text, text, text, uuid), private.trace_of(text, text, text, text, uuid),
  public.outcome_of(text, text, text, text, uuid), private.outcome_of(text, text, text, text, uuid)
to authenticated, service_role;

-- Called by views, with the reader's rights.
grant execute on function
  private.field_credits(uuid, integer, integer), private.between_cells(stats.readout[], integer, integer[])
to authenticated, service_role;
