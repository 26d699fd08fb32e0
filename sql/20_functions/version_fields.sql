-- A bundle as a list of paths and values, its messages aside: what diff and merge compare.
create or replace function private.pointer(variadic parts text[]) returns text
language sql immutable
set search_path = ''
as $$
  select string_agg('/' || replace(replace(part, '~', '~0'), '/', '~1'), '' order by n)
  from unnest(parts) with ordinality as p (part, n)
$$;

comment on function private.pointer(text[]) is 'A JSON Pointer.';

create or replace function private.unpointed(path text) returns text
language sql immutable
set search_path = ''
as $$
  select replace(replace(substr(path, strpos(substr(path, 2), '/') + 2), '~1', '/'), '~0', '~')
$$;

comment on function private.unpointed(text) is 'The name at the end of a path of one or two steps.';

create or replace function private.tool_name(tool jsonb) returns text
language sql immutable
set search_path = ''
as $$
  select coalesce(tool ->> 'name', tool #>> '{function,name}')
$$;

comment on function private.tool_name(jsonb) is 'What a tool is called: its name, or its function''s.';

create or replace function private.tool_names(tools jsonb) returns text[]
language sql immutable
set search_path = ''
as $$
  select array(select private.tool_name(t.tool) from jsonb_array_elements(tools) with ordinality as t (tool, n) order by t.n)
$$;

comment on function private.tool_names(jsonb) is 'The names of tools, in their order.';

create or replace function private.has_named_tools(bundle jsonb) returns boolean
language sql immutable
set search_path = ''
as $$
  select count(*) = count(distinct private.tool_name(t)) from jsonb_array_elements(bundle -> 'tools') t
$$;

comment on function private.has_named_tools(jsonb) is 'Whether every tool of a bundle has a name of its own.';

create or replace function private.bundle_fields(bundle jsonb, tools_by_name boolean)
returns table (path text, value jsonb)
language sql immutable
set search_path = ''
as $$
  select private.pointer(f.key), f.value
  from jsonb_each(bundle) f
  where f.key in ('provider', 'model', 'response_format') and f.value <> 'null'
  union all
  select private.pointer(f.name, e.key), e.value
  from (values ('params'), ('variables')) as f (name) cross join lateral jsonb_each(bundle -> f.name) e
  union all
  select private.pointer('tools', private.tool_name(t)), t
  from jsonb_array_elements(case when tools_by_name then bundle -> 'tools' else '[]' end) t
  union all
  select '/tools', bundle -> 'tools' where not tools_by_name and bundle -> 'tools' <> '[]'
$$;

comment on function private.bundle_fields(jsonb, boolean) is
'One row per field of a bundle but its messages: provider, model, response_format, each parameter, variable and tool.';

create or replace function private.sided(head jsonb, sides jsonb) returns jsonb
language sql immutable
set search_path = ''
as $$
  -- A side that lacks the field has no key: SQL's null is absence, JSON's null is a value.
  select head || coalesce(jsonb_object_agg(s.key, s.value -> 0) filter (where jsonb_array_length(s.value) > 0), '{}')
  from jsonb_each(sides) s
$$;

comment on function private.sided(jsonb, jsonb) is
'An object with a key per side that has a value; sides come as arrays of none or one.';

create or replace function private.one(value jsonb) returns jsonb
language sql immutable
set search_path = ''
as $$
  select case when value is null then '[]' else jsonb_build_array(value) end
$$;

comment on function private.one(jsonb) is 'An array with the value, or without when there is none.';

create or replace function private.tool_order(names text[], added text[]) returns text[]
language sql immutable
set search_path = ''
as $$
  select array(select n from unnest(names) with ordinality as t (n, i) where n = any (added) order by i)
    || array(select n from unnest(added) with ordinality as t (n, i) where n <> all (names) order by i)
$$;

comment on function private.tool_order(text[], text[]) is
'The order that tools have when nobody moves any: those that stay, then those that are new.';
