-- Filling {{variables}} into messages by the rule of docs/reference/prompt-templates.md. The workers' renderer and this
-- one are held together by frontend_contract/fixtures/rendering.json. Nothing is executed, and a value is never looked at again.
create or replace function private.number_text(value numeric) returns text
language plpgsql immutable
set search_path = ''
as $$
begin
  if scale(value) = 0 or abs(value) > 1.7976931348623157e308 then
    return trunc(value)::text;
  elsif abs(value) < 2.5e-324 then
    return '0';
  end if;
  -- A fraction is a double everywhere else: its shortest digits, without an exponent.
  return trim_scale(value::double precision::text::numeric)::text;
end
$$;

comment on function private.number_text(numeric) is 'A number as prompts show it: plain digits, no exponent, no zeros at the end.';

create or replace function private.json_text(value jsonb) returns text
language plpgsql immutable
set search_path = ''
as $$
begin
  return case jsonb_typeof(value)
    when 'number' then private.number_text(value::numeric)
    when 'array' then '[' || coalesce((
      select string_agg(private.json_text(e.item), ', ' order by e.n)
      from jsonb_array_elements(value) with ordinality as e (item, n)), '') || ']'
    when 'object' then '{' || coalesce((
      select string_agg(to_json(e.key)::text || ': ' || private.json_text(e.value), ', ' order by e.key collate "C")
      from jsonb_each(value) e), '') || '}'
    else value::text
  end;
end
$$;

comment on function private.json_text(jsonb) is
'JSON as prompts show it: keys in the order of their code points, ", " and ": " between, numbers by number_text.';

create or replace function private.value_kind(value jsonb) returns text
language sql immutable
set search_path = ''
as $$
  select case jsonb_typeof(value)
    when 'null' then 'null' when 'boolean' then 'a boolean' when 'string' then 'a string'
    when 'array' then 'an array' when 'object' then 'an object' else 'a number' end
$$;

comment on function private.value_kind(jsonb) is 'What a JSON value is, in words.';

create or replace function private.fits_type(value jsonb, type text) returns boolean
language plpgsql immutable
set search_path = ''
as $$
begin
  return case type
    when 'integer' then jsonb_typeof(value) = 'number' and private.number_text(value::numeric) not like '%.%'
    else jsonb_typeof(value) = type
  end;
end
$$;

comment on function private.fits_type(jsonb, text) is 'Whether a JSON value is of a variable''s type; 3.0 is an integer.';

create or replace function private.variable_fault(name text, spec jsonb, value jsonb) returns text
language plpgsql immutable
set search_path = ''
as $$
declare
  type text := coalesce(spec ->> 'type', 'string');
begin
  if not private.fits_type(value, type) then
    return format('%s is %s, but this version declares it as %s.', name, private.value_kind(value), type);
  elsif jsonb_typeof(spec -> 'enum') = 'array' and not exists (
    select from jsonb_array_elements(spec -> 'enum') e (item) where private.json_text(e.item) = private.json_text(value)
  ) then
    return format('%s is none of %s.', name, private.json_text(spec -> 'enum'));
  end if;
  return null;
end
$$;

comment on function private.variable_fault(text, jsonb, jsonb) is 'Why a value does not fit a variable, in words; null when it does.';

create or replace function private.require_known_variables(declared jsonb, given jsonb) returns void
language plpgsql immutable
set search_path = ''
as $$
declare
  extra text;
  missing text;
begin
  select string_agg(k, ', ' order by k collate "C") into extra
  from jsonb_object_keys(given) k where not declared ? k;
  if extra is not null then
    perform private.fail('unexpected_variable', jsonb_build_object('names', extra, 'declared', coalesce(
      (select string_agg(k, ', ' order by k collate "C") from jsonb_object_keys(declared) k), 'none')));
  end if;
  select string_agg(d.key, ', ' order by d.key collate "C") into missing
  from jsonb_each(declared) d
  where not given ? d.key and coalesce((d.value ->> 'required')::boolean, true) and d.value ->> 'default' is null;
  if missing is not null then
    perform private.fail('missing_variable', jsonb_build_object('names', missing));
  end if;
end
$$;

comment on function private.require_known_variables(jsonb, jsonb) is
'Raises unexpected_variable or missing_variable, naming them all in one order.';

create or replace function private.variable_texts(declared jsonb, given jsonb) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  slot record;
  fault text;
  texts jsonb := '{}'::jsonb;
begin
  perform private.require_known_variables(declared, given);
  for slot in
    select d.key, d.value as spec, coalesce(given -> d.key, d.value -> 'default', 'null') as value
    from jsonb_each(declared) d order by d.key collate "C"
  loop
    if slot.value = 'null' and not coalesce((slot.spec ->> 'required')::boolean, true) then
      texts := texts || jsonb_build_object(slot.key, '');
      continue;
    end if;
    fault := private.variable_fault(slot.key, slot.spec, slot.value);
    if fault is not null then
      perform private.fail('wrong_variable_type', jsonb_build_object('problem', fault, 'name', slot.key));
    end if;
    texts := texts || jsonb_build_object(slot.key, case jsonb_typeof(slot.value)
      when 'string' then slot.value #>> '{}' else private.json_text(slot.value) end);
  end loop;
  return texts;
end
$$;

comment on function private.variable_texts(jsonb, jsonb) is
'What each declared variable becomes; raises for a value that is missing, unexpected or of another type.';

create or replace function private.template_parts(content text)
returns table (n bigint, literal text, token text, name text)
language sql immutable
set search_path = ''
as $$
  select s.n, s.literal, m.found[1], m.found[2]
  from regexp_split_to_table(content, '\\\{\{|\{\{[ \t\n\v\f\r]*[A-Za-z_][A-Za-z0-9_]*[ \t\n\v\f\r]*\}\}|\{\{')
    with ordinality as s (literal, n)
  left join regexp_matches(
    content, '(\\\{\{|\{\{[ \t\n\v\f\r]*([A-Za-z_][A-Za-z0-9_]*)[ \t\n\v\f\r]*\}\}|\{\{)', 'g')
    with ordinality as m (found, n) on m.n = s.n
$$;

comment on function private.template_parts(text) is
'A text as pieces: each plain text with the token that follows it (a placeholder with its name, \{{, or a {{ that is neither).';

create or replace function private.content_fault(content text, number bigint, declared jsonb) returns text
language plpgsql immutable
set search_path = ''
as $$
declare
  bad record;
begin
  select p.name, p.before into bad
  from (select t.n, t.token, t.name,
      sum(length(t.literal)) over (order by t.n) + coalesce(sum(length(t.token)) over (
        order by t.n rows between unbounded preceding and 1 preceding), 0) + 1 as before
    from private.template_parts(content) t) p
  where p.token <> '\{{' and (p.name is null or not declared ? p.name)
  order by p.n limit 1;
  return case
    when not found then null
    when bad.name is null then format('Message %s has {{ without a name and }} at character %s; write \{{ for the braces.', number, bad.before)
    else format('Message %s uses {{%s}}, which this version does not declare.', number, bad.name)
  end;
end
$$;

comment on function private.content_fault(text, bigint, jsonb) is
'What is wrong with the first placeholder of a message that does not stand for a declared variable; null when all do.';

create or replace function private.check_placeholders(messages jsonb, declared jsonb) returns void
language plpgsql immutable
set search_path = ''
as $$
declare
  fault text;
begin
  select private.content_fault(m.item ->> 'content', m.n, declared) into fault
  from jsonb_array_elements(messages) with ordinality as m (item, n)
  where jsonb_typeof(m.item -> 'content') = 'string' and m.item ->> 'content' like '%{{%'
    and private.content_fault(m.item ->> 'content', m.n, declared) is not null
  order by m.n limit 1;
  if fault is not null then
    perform private.fail('invalid_template', jsonb_build_object('problem', fault));
  end if;
end
$$;

comment on function private.check_placeholders(jsonb, jsonb) is
'Raises invalid_template unless every placeholder of every message stands for a declared variable.';

create or replace function private.filled(content text, texts jsonb) returns text
language sql immutable
set search_path = ''
as $$
  select string_agg(
    p.literal || case when p.token is null then '' when p.token = '\{{' then '{{' else texts ->> p.name end, '' order by p.n)
  from private.template_parts(content) p
$$;

comment on function private.filled(text, jsonb) is 'A text with every placeholder replaced, in one pass.';

create or replace function private.render_messages(messages jsonb, declared jsonb, given jsonb) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  texts jsonb;
begin
  if jsonb_typeof(given) is distinct from 'object' then
    perform private.fail('bad_argument', '{"argument": "variables", "expected": "an object of name to value"}');
  elsif jsonb_path_exists(messages, '$[*] ? (@.content.type() != "string")') then
    perform private.fail('bad_bundle', '{"field": "messages", "expected": "texts, to be filled"}');
  end if;
  texts := private.variable_texts(declared, given);
  perform private.check_placeholders(messages, declared);
  return (
    select jsonb_agg(m.item || jsonb_build_object('content', private.filled(m.item ->> 'content', texts)) order by m.n)
    from jsonb_array_elements(messages) with ordinality as m (item, n));
end
$$;

comment on function private.render_messages(jsonb, jsonb, jsonb) is 'The messages with every placeholder filled; raises for what does not fit.';
