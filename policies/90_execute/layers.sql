grant execute on function
  public.set_holdout(text, integer, integer, text, uuid),
  private.set_holdout(text, integer, integer, text, uuid)
to authenticated, service_role;
