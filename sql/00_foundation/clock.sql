create or replace function private.now() returns timestamptz
language sql stable parallel safe
set search_path = ''
return coalesce(nullif(pg_catalog.current_setting('upshot.now', true), '')::timestamptz, pg_catalog.now());

comment on function private.now() is
'The engine''s clock: the transaction''s start, or the setting upshot.now, so that a test moves time instead of sleeping.';
