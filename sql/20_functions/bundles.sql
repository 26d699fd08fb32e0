-- What a bundle must be before it becomes a version: refused at the commit, never at the run.
create or replace function private.fail_bundle(field text, expected text) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  perform private.fail('bad_bundle', jsonb_build_object('field', field, 'expected', expected));
end
$$;

comment on function private.fail_bundle(text, text) is 'Raises bad_bundle for a field.';

create or replace function private.check_variable(name text, spec jsonb) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  fault record;
begin
  select r.keyword, r.expected into fault
  from (values
    ('type', 'string, number, integer, boolean, array or object', coalesce(spec -> 'type', '"string"')
      in ('"string"', '"number"', '"integer"', '"boolean"', '"array"', '"object"')),
    ('required', 'true or false', jsonb_typeof(coalesce(spec -> 'required', 'true')) = 'boolean'),
    ('enum', 'an array', jsonb_typeof(coalesce(spec -> 'enum', '[]')) = 'array'),
    ('title', 'a text', jsonb_typeof(coalesce(spec -> 'title', '""')) = 'string'),
    ('description', 'a text', jsonb_typeof(coalesce(spec -> 'description', '""')) = 'string'),
    ('examples', 'an array', jsonb_typeof(coalesce(spec -> 'examples', '[]')) = 'array')
  ) as r (keyword, expected, holds)
  where not r.holds
  union all
  select k, 'left out: variables know type, required, default, enum, title, description and examples'
  from jsonb_object_keys(spec) k
  where k not in ('type', 'required', 'default', 'enum', 'title', 'description', 'examples')
  limit 1;
  if fault.keyword is not null then
    perform private.fail_bundle(format('variables.%s.%s', name, fault.keyword), fault.expected);
  elsif name !~ '^[A-Za-z_][A-Za-z0-9_]*$' then
    perform private.fail_bundle('variables.' || name, 'named by letters, digits and underscores, not beginning with a digit');
  elsif spec ->> 'default' is not null and private.variable_fault(name, spec, spec -> 'default') is not null then
    perform private.fail_bundle(format('variables.%s.default', name), 'a value of the variable''s type and enum');
  end if;
end
$$;

comment on function private.check_variable(text, jsonb) is 'Raises bad_bundle unless a variable is declared by the keywords that the renderer knows.';

create or replace function private.check_messages(messages jsonb, variables jsonb) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  perform private.check_variable(d.key, d.value) from jsonb_each(variables) d order by d.key collate "C";
  perform private.check_placeholders(messages, variables);
end
$$;

comment on function private.check_messages(jsonb, jsonb) is
'Raises bad_bundle or invalid_template unless the messages can be filled once the variables have values.';
