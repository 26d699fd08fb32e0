revoke all on public.change_effects, private.change_evidence from public, anon, authenticated, service_role;
grant select on public.change_effects, private.change_evidence to authenticated, service_role;

-- Called by the view, with its reader's rights.
grant execute on function
  private.field_groups(text[]), private.fields_words(text[], boolean), private.listed(text[]),
  private.assumption_of(text, text, integer, integer, double precision, text, text[], boolean)
to authenticated, service_role;
