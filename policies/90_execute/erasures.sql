grant execute on function public.erase_subject(text, text, uuid), private.erase_subject(text, text, uuid)
to authenticated, service_role;
