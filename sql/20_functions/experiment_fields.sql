-- What a document of an experiment may hold. One row a field: a jsonpath that is true when the value is as it must be,
-- and the words for when it is not.
create or replace view private.document_rules with (security_invoker = true) as
select rule.part, rule.field, rule.is_required, ('strict ' || rule.test)::jsonpath as test, rule.expected
from (values
  ('experiment', 'key', true, '$.type() == "string" && $ like_regex "^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$"',
    '1 to 100 letters, digits, _ . : or -, the first a letter or a digit'),
  ('experiment', 'name', false, '$.type() == "string" && $ like_regex "^.{1,200}$" flag "s"', 'a text of 1 to 200 characters'),
  ('experiment', 'hypothesis', false, '$.type() == "string"', 'a text'),
  ('experiment', 'environment', true, '$.type() == "string"', 'the key of an environment'),
  ('experiment', 'capability', true, '$.type() == "string"', 'the key of a capability'),
  ('experiment', 'actions', false, '$.type() == "array" && !exists($[*] ? (@.type() != "string"))',
    'a list of keys of actions; none is the capability as a whole'),
  ('experiment', 'intents', false, '$.type() == "array" && !exists($[*] ? (@.type() != "string"))',
    'a list of keys of intents; none is all'),
  ('experiment', 'unit', false, '$ == "user" || $ == "conversation" || $ == "account"', 'user, conversation or account'),
  ('experiment', 'traffic', false, '$.type() == "number" && $ >= 0 && $ <= 10000 && $.floor() == $',
    'a whole number of basis points from 0 to 10000'),
  ('experiment', 'assigned_by', false, '$ == "upshot" || $ == "external"', 'upshot or external'),
  ('experiment', 'switchers', false, '$ == "exclude" || $ == "first_arm"', 'exclude or first_arm'),
  ('experiment', 'segments', false,
    '$.type() == "array" && $.size() <= 4 && !exists($[*] ? (!(@.type() == "string" && @ like_regex "^.{1,100}$" flag "s")))',
    'a list of at most 4 names of attributes'),
  ('experiment', 'audience', false, '$.type() == "object" || $ == null', 'a rule over attributes, or null for everybody'),
  ('experiment', 'layer', false, '$.type() == "object" || $ == null', '{key, from, to}, or null for none'),
  ('experiment', 'minimum_effect', false, '$ == null || $.type() == "number" && $ > 0 && $ < 1e300', 'a number above 0, or null'),
  ('experiment', 'planned_units', false, '$ == null || $.type() == "number" && $ >= 40 && $ <= 1000000000000 && $.floor() == $',
    'a whole number from 40, or null'),
  ('experiment', 'metrics', false, '$.type() == "array"', 'a list of {metric, role, margin}'),
  ('experiment', 'factors', false, '$.type() == "array" && $.size() <= 6', 'a list of at most 6 factors'),
  ('experiment', 'base', false, '$.type() == "object" || $.type() == "string"', 'the version that the cells are made from'),
  ('experiment', 'variants', false, '$.type() == "array" && $.size() <= 64', 'a list of at most 64 arms'),
  ('experiment', 'weights', false,
    '$.type() == "object" && !exists($.* ? (!(@.type() == "number" && @ >= 0 && @ <= 10000 && @.floor() == @)))',
    'an object of arm to whole number from 0 to 10000'),
  ('layer', 'key', true, '$.type() == "string"', 'the key of a layer'),
  ('layer', 'from', true, '$.type() == "number" && $ >= 0 && $ < 10000 && $.floor() == $', 'its first slot, from 0 to 9999'),
  ('layer', 'to', true, '$.type() == "number" && $ > 0 && $ <= 10000 && $.floor() == $', 'one past its last slot, from 1 to 10000'),
  ('metric', 'metric', true, '$.type() == "string"', 'the key of an outcome metric'),
  ('metric', 'role', false, '$ == "primary" || $ == "secondary" || $ == "guardrail"', 'primary, secondary or guardrail'),
  ('metric', 'margin', false, '$ == null || $.type() == "number" && $ > 0 && $ < 1e300', 'a number above 0'),
  ('variant', 'key', true, '$.type() == "string" && $ like_regex "^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$"',
    '1 to 100 letters, digits, _ . : or -, the first a letter or a digit'),
  ('variant', 'name', false, '$.type() == "string" && $ like_regex "^.{1,200}$" flag "s"', 'a text of 1 to 200 characters'),
  ('variant', 'weight', false, '$.type() == "number" && $ >= 0 && $ <= 10000 && $.floor() == $', 'a whole number from 0 to 10000'),
  ('variant', 'is_control', false, '$.type() == "boolean"', 'true or false'),
  ('variant', 'versions', false, '$.type() == "object" || $.type() == "string"', 'an object of action, or *, to version'),
  ('variant', 'levels', false, '$.type() == "object" && !exists($.* ? (@.type() != "string"))', 'an object of factor to level'),
  ('factor', 'key', true, '$.type() == "string" && $ like_regex "^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$"',
    '1 to 100 letters, digits, _ . : or -, the first a letter or a digit'),
  ('factor', 'name', false, '$.type() == "string" && $ like_regex "^.{1,200}$" flag "s"', 'a text of 1 to 200 characters'),
  ('factor', 'kind', true, '$ == "prompt" || $ == "model" || $ == "param" || $ == "tools" || $ == "version"',
    'prompt, model, param, tools or version'),
  ('factor', 'param', false, '$ == null || $.type() == "string" && $ like_regex "^.{1,100}$" flag "s"', 'the name of a parameter'),
  ('factor', 'action', false, '$ == null || $.type() == "string"', 'the key of an action, or null for every one'),
  ('factor', 'levels', true, '$.type() == "array" && $.size() >= 2 && $.size() <= 20', 'a list of 2 to 20 levels'),
  ('level', 'key', true, '$.type() == "string" && $ like_regex "^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$"',
    '1 to 100 letters, digits, _ . : or -, the first a letter or a digit'),
  ('level', 'name', false, '$.type() == "string" && $ like_regex "^.{1,200}$" flag "s"', 'a text of 1 to 200 characters'),
  ('level', 'value', false, 'true == true', 'what this level is')
) as rule (part, field, is_required, test, expected);

comment on view private.document_rules is
'One row per field of a document of an experiment: a jsonpath predicate over its value, and what it must be in words.';

create or replace function private.require_field(field text, holds boolean, expected text) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if holds is not true then
    perform private.fail('bad_document', jsonb_build_object('field', field, 'expected', expected));
  end if;
end
$$;

comment on function private.require_field(text, boolean, text) is 'Raises bad_document, naming the field, unless it is as it must be.';

create or replace function private.check_part(part text, path text, value jsonb, is_whole boolean) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  prefix constant text := case path when '' then '' else path || '.' end;
  stranger text;
  rule record;
begin
  perform private.require_field(coalesce(nullif(path, ''), 'document'), jsonb_typeof(value) = 'object', 'an object');
  select k into stranger from jsonb_object_keys(value) k
  where not exists (select from private.document_rules r where r.part = check_part.part and r.field = k) limit 1;
  perform private.require_field(prefix || stranger, stranger is null, (
    select 'left out: there are ' || string_agg(r.field, ', ' order by r.field collate "C")
    from private.document_rules r where r.part = check_part.part));
  for rule in select r.* from private.document_rules r where r.part = check_part.part loop
    if value ? rule.field then
      perform private.require_field(prefix || rule.field,
        coalesce(jsonb_path_match(value -> rule.field, rule.test, '{}', true), false), rule.expected);
    else
      perform private.require_field(prefix || rule.field, not (rule.is_required and is_whole), rule.expected);
    end if;
  end loop;
end
$$;

comment on function private.check_part(text, text, jsonb, boolean) is
'Raises bad_document for a field of a part that is unknown, missing or not as it must be.';

create or replace function private.check_list(part text, path text, list jsonb, name text) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  item record;
begin
  for item in select e.value, e.ordinality - 1 as n from jsonb_array_elements(list) with ordinality e loop
    perform private.check_part(part, format('%s[%s]', path, item.n), item.value, true);
  end loop;
  perform private.require_field(path,
    (select count(*) = count(distinct e.value ->> name) from jsonb_array_elements(list) e),
    format('a list in which no %s comes twice', name));
end
$$;

comment on function private.check_list(text, text, jsonb, text) is
'Checks every part of a list, and that none bears the name of another.';

create or replace function private.check_document(document jsonb, is_whole boolean) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  perform private.check_part('experiment', '', document, is_whole);
  perform private.check_list('metric', 'metrics', coalesce(document -> 'metrics', '[]'), 'metric');
  perform private.check_list('variant', 'variants', coalesce(document -> 'variants', '[]'), 'key');
  perform private.check_list('factor', 'factors', coalesce(document -> 'factors', '[]'), 'key');
  if jsonb_typeof(document -> 'layer') = 'object' then
    perform private.check_part('layer', 'layer', document -> 'layer', true);
    perform private.require_field('layer.to', (document -> 'layer' ->> 'from')::integer < (document -> 'layer' ->> 'to')::integer,
      'above layer.from');
  end if;
  perform private.require_field('metrics', 1 >= (
    select count(*) from jsonb_array_elements(document -> 'metrics') e where e ->> 'role' = 'primary'), 'a list with at most one primary');
  perform private.require_field('variants', 1 >= (
    select count(*) from jsonb_array_elements(document -> 'variants') e where e -> 'is_control' = 'true'), 'a list with at most one control');
  perform private.require_field('base', not (document ? 'base') or (document ? 'factors' and not (document ? 'variants')),
    'given with factors and without variants: it makes them');
end
$$;

comment on function private.check_document(jsonb, boolean) is
'Raises bad_document for the first field of an experiment''s document, or of a part of one, that is not as it must be.';
