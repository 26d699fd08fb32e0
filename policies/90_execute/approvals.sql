grant execute on function
  public.submit_for_approval(uuid, integer, text, uuid),
  public.request_publication(text, text, uuid, text, text, text, uuid),
  public.approve(uuid, text, text), public.reject(uuid, text, text), public.withdraw_request(uuid),
  private.submit_for_approval(uuid, integer, text, uuid),
  private.request_publication(text, text, uuid, text, text, text, uuid),
  private.review(uuid, text, text, text), private.withdraw_request(uuid)
to authenticated, service_role;
