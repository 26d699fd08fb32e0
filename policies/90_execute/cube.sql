-- slice_effects runs with its reader's rights; the policies of the cells decide.
revoke all on private.cube_parts, private.cube_rules, private.cube_outcomes, private.cube_places,
  private.cube_calls, private.cube_kinds from public, anon, authenticated, service_role;
grant execute on function
  public.slice_effects(uuid, text, text, text, date, date, text),
  private.slice_rows(uuid, uuid[], private.slice_filter), private.exact_rows(uuid, uuid[], private.slice_filter),
  private.slice_filter_of(public.experiments, text, text, text, date, date), private.slice_metrics(public.experiments, text)
to authenticated, service_role;

-- The worker alone.
grant execute on function public.compact_slices(), private.compact_slices() to service_role;
