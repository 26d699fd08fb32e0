create or replace function private.require_text(argument text, value text, longest integer) returns void
language plpgsql immutable
set search_path = ''
as $$
begin
  if value is null or length(value) not between 1 and longest then
    perform private.fail('bad_argument', jsonb_build_object(
      'argument', argument, 'expected', format('a text of 1 to %s characters', longest)));
  end if;
end
$$;

comment on function private.require_text(text, text, integer) is 'Raises bad_argument unless the text has 1 to so many characters.';
