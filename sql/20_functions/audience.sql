-- The language of audiences: {"all": […]}, {"any": […]}, {"not": …}, {"attribute": "plan", "eq": "pro"}.
-- It is compiled to jsonpath, which Postgres evaluates in C and which can neither loop nor backtrack.
-- Two-valued: what is absent, null or of another type does not match, and not turns that round.
create or replace function private.audience_value_problem(operator text, v jsonb) returns text
language plpgsql immutable
set search_path = ''
as $$
declare
  kind constant text := jsonb_typeof(v);
  allowed constant text[] := case operator
    when 'exists' then '{boolean}' when 'starts_with' then '{string}' when 'in' then '{array}'
    when 'eq' then '{string,number,boolean}' when 'contains' then '{string,number,boolean}'
    else '{string,number}' end::text[];
  item jsonb;
begin
  if kind <> all (allowed) then
    return 'the value must be ' || array_to_string(allowed, ' or ');
  elsif kind = 'string' and (length(v #>> '{}') > 512 or (operator in ('starts_with', 'contains') and v = '""')) then
    return 'the text must have 1 to 512 characters';
  elsif kind = 'number' and not (v = '0' or abs(v::numeric) between 1e-15 and 1e15 and v::float8::numeric = v::numeric) then
    return 'the number must be 0 or between 1e-15 and 1e15, with at most 15 digits';
  elsif kind = 'array' then
    if jsonb_array_length(v) not between 1 and 500 then
      return 'the list must have 1 to 500 values';
    end if;
    for item in select value from jsonb_array_elements(v) loop
      if private.audience_value_problem('eq', item) is not null then
        return 'in the list, ' || private.audience_value_problem('eq', item);
      end if;
    end loop;
  end if;
  return null;
end
$$;

comment on function private.audience_value_problem(text, jsonb) is
'What is wrong with the value of an operator, in words; null when nothing is.';

create or replace function private.audience_leaf_problem(leaf jsonb) returns text
language plpgsql immutable
set search_path = ''
as $$
declare
  name constant jsonb := leaf -> 'attribute';
  operators constant text[] := array(select k from jsonb_object_keys(leaf) k where k <> 'attribute');
begin
  if name is null then
    return 'a rule is all, any, not, or an attribute with one operator';
  elsif jsonb_typeof(name) <> 'string' or length(name #>> '{}') > 200
    or name #>> '{}' !~ '^[A-Za-z_][A-Za-z0-9_-]{0,63}(\.[A-Za-z_][A-Za-z0-9_-]{0,63}){0,3}$'
  then
    return 'attribute must be a name of letters, digits, _ and -, or up to four of them with dots between';
  elsif cardinality(operators) <> 1
    or operators[1] <> all ('{eq,in,gt,gte,lt,lte,exists,contains,starts_with}'::text[])
  then
    return 'an attribute needs exactly one of eq, in, gt, gte, lt, lte, exists, contains, starts_with';
  end if;
  return private.audience_value_problem(operators[1], leaf -> operators[1]);
end
$$;

comment on function private.audience_leaf_problem(jsonb) is
'What is wrong with a rule about one attribute, in words; null when nothing is.';

create or replace function private.audience_problem(node jsonb, path text default '', depth integer default 1)
returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  junction constant text := (select k from jsonb_object_keys(
    case jsonb_typeof(node) when 'object' then node else '{}' end) k where k in ('all', 'any', 'not') limit 1);
  problem text := case
    when jsonb_typeof(node) is distinct from 'object' then 'a rule must be an object'
    when depth > 8 then 'rules may be nested 8 deep at most'
    when junction is null then private.audience_leaf_problem(node)
    when (select count(*) from jsonb_object_keys(node)) > 1 then format('%s must stand alone in its object', junction)
    when junction <> 'not' and (jsonb_typeof(node -> junction) <> 'array'
      or jsonb_array_length(node -> junction) not between 1 and 50) then format('%s must be a list of 1 to 50 rules', junction)
  end;
  child record;
  found_one jsonb;
begin
  if problem is not null then
    return jsonb_build_object('path', coalesce(nullif(path, ''), '/'), 'problem', problem);
  elsif junction = 'not' then
    return private.audience_problem(node -> 'not', path || '/not', depth + 1);
  elsif junction is null then
    return null;
  end if;
  for child in select e.value, e.ordinality - 1 as n from jsonb_array_elements(node -> junction) with ordinality e loop
    found_one := private.audience_problem(child.value, format('%s/%s/%s', path, junction, child.n), depth + 1);
    exit when found_one is not null;
  end loop;
  return found_one;
end
$$;

comment on function private.audience_problem(jsonb, text, integer) is
'The first thing that is wrong with an audience: {path, problem}; null when nothing is.';

create or replace function private.check_audience(audience jsonb) returns void
language plpgsql immutable
set search_path = ''
as $$
declare
  fault jsonb := case when octet_length(audience::text) > 32768
    then '{"path": "/", "problem": "it must be smaller than 32 kB"}'
    else private.audience_problem(audience) end;
begin
  if fault is not null then
    perform private.fail('bad_audience', fault);
  end if;
end
$$;

comment on function private.check_audience(jsonb) is 'Raises bad_audience, naming the first node that is not as it must be.';

create or replace function private.audience_leaf_words(leaf jsonb, negated boolean) returns text
language plpgsql immutable
set search_path = ''
as $$
declare
  operator constant text := (select k from jsonb_object_keys(leaf) k where k <> 'attribute');
  v constant jsonb := leaf -> operator;
  place constant text := '$."' || replace(leaf ->> 'attribute', '.', '"."') || '"';
  said constant text := case operator
    when 'eq' then format('%s == %s', place, v)
    when 'in' then (select string_agg(format('%s == %s', place, i.value), ' || ') from jsonb_array_elements(
      case jsonb_typeof(v) when 'array' then v else '[]' end) i)
    when 'exists' then format('%s != null', place)
    when 'starts_with' then format('%s starts with %s', place, v)
    when 'contains' then format('exists(%s[*] ? (@ == %s))', place, v)
      || case jsonb_typeof(v) when 'string' then format(' || %s like_regex %s flag "q"', place, v) else '' end
    else format('%s %s %s', place, (jsonb_build_object('gt', '>', 'gte', '>=', 'lt', '<', 'lte', '<=') ->> operator), v)
  end;
begin
  if negated = (operator = 'exists' and v = 'false') then
    return format('(%s)', said);
  end if;
  -- Unknown is what jsonpath says of an absent attribute or another type: here it does not match.
  return format('(!(%s) || (%s) is unknown)', said, said);
end
$$;

comment on function private.audience_leaf_words(jsonb, boolean) is 'A rule about one attribute, or its opposite, as jsonpath.';

create or replace function private.audience_words(node jsonb, negated boolean default false) returns text
language plpgsql immutable
set search_path = ''
as $$
begin
  if node ? 'not' then
    return private.audience_words(node -> 'not', not negated);
  elsif node ? 'all' or node ? 'any' then
    return '(' || (
      select string_agg(private.audience_words(e.value, negated), case when (node ? 'all') = negated then ' || ' else ' && ' end
        order by e.ordinality)
      from jsonb_array_elements(coalesce(node -> 'all', node -> 'any')) with ordinality e) || ')';
  end if;
  return private.audience_leaf_words(node, negated);
end
$$;

comment on function private.audience_words(jsonb, boolean) is
'A valid audience, or its opposite, as the words of a jsonpath: not is pushed down to the attributes.';

create or replace function private.audience_path(audience jsonb) returns jsonpath
language plpgsql immutable strict
set search_path = ''
as $$
begin
  return ('strict ' || private.audience_words(audience))::jsonpath;
end
$$;

comment on function private.audience_path(jsonb) is 'A valid audience, compiled; null for everybody.';

create or replace function private.audience_matches(audience jsonb, context jsonb) returns boolean
language plpgsql immutable
set search_path = ''
as $$
begin
  return audience is null or coalesce(context @@ private.audience_path(audience), false);
end
$$;

comment on function private.audience_matches(jsonb, jsonb) is
E'Whether a call is in an audience; null is everybody.\nThe context is the call''s attributes, and under call what else it says. decide evaluates the compiled form.';

create or replace function private.audience_miss(node jsonb, context jsonb, path text default '') returns text
language plpgsql immutable
set search_path = ''
as $$
declare
  here constant text := coalesce(nullif(path, ''), '/');
begin
  if node is null or private.audience_matches(node, context) then
    return null;
  elsif node ? 'all' then
    return (
      select private.audience_miss(e.value, context, format('%s/all/%s', path, e.ordinality - 1))
      from jsonb_array_elements(node -> 'all') with ordinality e
      where not private.audience_matches(e.value, context)
      order by e.ordinality limit 1);
  end if;
  return here;
end
$$;

comment on function private.audience_miss(jsonb, jsonb, text) is
'The node that keeps a call out of an audience, as a JSON pointer; null when nothing does.';
