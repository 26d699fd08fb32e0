-- What makes a row clean at first sight, as SQL that record_inferences_clean.sql and record_outcomes_clean.sql are made of: said
-- once, from the list of fields that the slow road reads, and in line, because a function with a pinned search_path never is.
create or replace function private.latest_text() returns text
language plpgsql stable
set search_path = ''
as $$
begin
  return to_char((pg_catalog.now() + interval '5 minutes') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS');
end
$$;

comment on function private.latest_text() is
'The end of what is not yet ahead of our clock, as a text. Instants that are clean are all in UTC, so that their texts have the order of time.';

create or replace function private.are_keys(v jsonb) returns boolean
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return jsonb_typeof(v) = 'array' and not exists (select from jsonb_array_elements(v) k where not private.is_key(k));
end
$$;

comment on function private.are_keys(jsonb) is 'True for a list of business keys.';

create or replace function private.turn_down() returns boolean
language plpgsql
set search_path = ''
as $$
begin
  raise data_exception;
end
$$;

comment on function private.turn_down() is 'Raises a data exception: a row is not clean at first sight, and its batch is read row by row.';

create or replace function private.clean_columns(kind text) returns text
language sql stable
set search_path = ''
as $$
  select string_agg(format('%I %s', f.name, case f.type
    when 'amount' then 'double precision' when 'count' then 'integer' when 'key' then 'jsonb' when 'keys' then 'jsonb' else 'text'
  end), ', ' order by f.position)
  from private.batch_fields f where f.batch = kind
$$;

comment on function private.clean_columns(text) is 'The fields of a row with the types as which a clean batch is read, as SQL.';

create or replace function private.clean_test(field text, type text) returns text
language plpgsql immutable
set search_path = ''
as $$
begin
  return format(case type
    -- What became a text was another kind of JSON only if it begins like one: - 0 to 9 [ f t {
    when 'text' then '(ascii(x.%1$I) <> all (''{45,48,49,50,51,52,53,54,55,56,57,91,102,116,123}''::integer[])
      or jsonb_typeof(batch -> (x.ordinality - 1)::integer -> %1$L) = ''string'')'
    when 'name' then 'x.%1$I <> '''' and octet_length(x.%1$I) <= 512 and ' || private.clean_test(field, 'text')
    when 'source' then 'x.%1$I not like ''import:%%'' and ' || private.clean_test(field, 'name')
    when 'uuid' then 'x.%1$I like ''________-____-____-____-____________'''
    -- One look at all of them: a regular expression costs more to begin than to go on.
    when 'instant' then 'x.%1$I collate "C" < latest and (select string_agg(o.%1$I || '','', '''') ~
      ''^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?(Z|[+]00:00),)*$'' from t o)'
    when 'amount' then '(x.%1$I = 0 or x.%1$I between 1e-59 and 1e59)'
    when 'count' then 'x.%1$I >= 0'
    when 'status' then 'x.%1$I in (''ok'', ''error'')'
    when 'key' then 'private.is_key(x.%1$I)'
    when 'keys' then 'private.are_keys(x.%1$I) and private.keys_fit(x.%1$I, x.subject, x.conversation)'
    else 'x.%1$I is not null'
  end, field);
end
$$;

comment on function private.clean_test(text, text) is 'What a field that is there must pass to be clean at first sight, as SQL.';

create or replace function private.clean_tests(kind text) returns text
language sql stable
set search_path = ''
as $$
  select string_agg(case when f.is_required then c.test else format('(x.%I is null or %s)', f.name, c.test) end, E'\n    and '
    order by f.position)
  from private.batch_fields f cross join lateral private.clean_test(f.name, f.type) as c (test) where f.batch = kind
$$;

comment on function private.clean_tests(text) is 'What a row must pass to be clean at first sight, as SQL.';

create or replace function private.clean_numbers(kind text) returns jsonpath
language sql stable
set search_path = ''
as $$
  select ('$[*] ? (' || string_agg(format('@.%s.type() == "string"', f.name), ' || ' order by f.position) || ')')::jsonpath
  from private.batch_fields f where f.batch = kind and f.type in ('amount', 'count', 'value')
$$;

comment on function private.clean_numbers(text) is 'Finds a number that is told as a text: read as a number, it would look like one.';
