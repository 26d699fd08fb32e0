create or replace function private.now() returns timestamptz
language plpgsql stable parallel safe
set search_path = ''
as $$
begin
  return coalesce(nullif(current_setting('upshot.now', true), '')::timestamptz, pg_catalog.now());
end
$$;

comment on function private.now() is
'The engine''s clock: the transaction''s start, or the setting upshot.now, so that a test moves time instead of sleeping.';
