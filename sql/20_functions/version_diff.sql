create or replace function private.diff_tool_order(before jsonb, after jsonb) returns setof jsonb
language sql immutable
set search_path = ''
as $$
  select jsonb_build_object('path', '/tools', 'op', 'reordered', 'from', to_jsonb(b.names), 'to', to_jsonb(a.names))
  from (select private.tool_names(before -> 'tools') as names) b
  cross join (select private.tool_names(after -> 'tools') as names) a
  where private.has_named_tools(before) and private.has_named_tools(after)
    -- Without this entry, tools that are new come last, in the order of their paths.
    and private.tool_order(b.names, array(select n from unnest(a.names) n order by private.pointer(n) collate "C")) <> a.names
$$;

comment on function private.diff_tool_order(jsonb, jsonb) is
'One entry when the tools stand in another order than the entries before it lead to; else none.';

create or replace function private.diff_objects(before jsonb, after jsonb) returns jsonb
language sql immutable
set search_path = ''
as $$
  select coalesce(jsonb_agg(private.sided(
      jsonb_build_object('path', path, 'op',
        case when b.value is null then 'added' when a.value is null then 'removed' else 'changed' end),
      jsonb_build_object('from', private.one(b.value), 'to', private.one(a.value))) order by path collate "C"), '[]')
  from jsonb_each(before) as b (path, value) full join jsonb_each(after) as a (path, value) using (path)
  where b.value is distinct from a.value
$$;

comment on function private.diff_objects(jsonb, jsonb) is
'What differs between two objects whose keys are paths: [{path, op, from?, to?}], in the order of the paths.';

create or replace function private.diff_fields(before jsonb, after jsonb) returns jsonb
language sql immutable
set search_path = ''
as $$
  with shape as (select private.has_named_tools(before) and private.has_named_tools(after) as is_named),
  fields as (
    select private.diff_objects(
      (select coalesce(jsonb_object_agg(f.path, f.value), '{}') from private.bundle_fields(before, shape.is_named) f),
      (select coalesce(jsonb_object_agg(f.path, f.value), '{}') from private.bundle_fields(after, shape.is_named) f)) as list
    from shape)
  select fields.list || coalesce((select jsonb_agg(o) from private.diff_tool_order(before, after) o), '[]') from fields
$$;

comment on function private.diff_fields(jsonb, jsonb) is 'What differs between two bundles, their messages aside.';

create or replace function private.lines(content text) returns text[]
language sql immutable
set search_path = ''
as $$
  -- A carriage return stays part of its line; a text always has a line, be it empty.
  select case when content = '' then array[''] else string_to_array(content, E'\n') end
$$;

comment on function private.lines(text) is 'The lines of a text: joined with line feeds they give it back.';

create or replace function private.words(line text) returns text[]
language sql immutable
set search_path = ''
as $$
  -- Runs of letters and digits of any script, runs of spaces, single signs; scripts without spaces go sign by sign.
  select array(
    select m.found[1] from regexp_matches(line,
      '([\u3040-\u30ff\u3400-\u9fff\uff00-\uffef]|[^\u0001-\u002f\u003a-\u0040\u005b-\u005e\u0060\u007b-\u007f\u3040-\u30ff\u3400-\u9fff\uff00-\uffef]+|[ \t]+|.|\n|\r)', 'g')
      with ordinality as m (found, n)
    order by m.n)
$$;

comment on function private.words(text) is 'The words, spaces and signs of a line: put together they give it back.';

create or replace function private.segments(matched integer[], other_length integer)
returns table (is_equal boolean, i_from integer, i_to integer, j_from integer, j_to integer)
language plpgsql immutable
set search_path = ''
as $$
#variable_conflict use_column
begin
  -- No plain SQL: it would be inlined, and its arguments computed again wherever they are named.
  return query
  with anchors as (
    select i::integer, j from unnest(matched) with ordinality as m (j, i) where j is not null
    union all values (0, 0), (cardinality(matched) + 1, other_length + 1)),
  steps as (
    select i, j, lag(i) over (order by i) as last_i, lag(j) over (order by i) as last_j from anchors),
  runs as (
    select *, count(*) filter (where i - last_i > 1 or j - last_j > 1) over (order by i) as run from steps),
  found as (
    select true as is_equal, min(i) as i_from, max(i) as i_to, min(j) as j_from, max(j) as j_to
    from runs where i between 1 and cardinality(matched) group by run
    union all
    select false, last_i + 1, i - 1, last_j + 1, j - 1 from steps where i - last_i > 1 or j - last_j > 1)
  select f.is_equal, f.i_from, f.i_to, f.j_from, f.j_to from found f order by f.i_from, f.j_from;
end
$$;

comment on function private.segments(integer[], integer) is
'An alignment as runs: what is equal, and what stands between, on either side perhaps nothing.';

create or replace function private.word_hunks(before text[], after text[], matched integer[]) returns jsonb
language sql immutable
set search_path = ''
as $$
  select jsonb_agg(jsonb_build_object('op', p.op, 'text', array_to_string(p.words, '')) order by s.i_from, s.j_from, p.ord)
  from private.segments(matched, cardinality(after)) s
  cross join lateral (values
    (1, case when s.is_equal then 'equal' else 'removed' end, before[s.i_from:s.i_to]),
    (2, 'added', case when s.is_equal then '{}' else after[s.j_from:s.j_to] end)) as p (ord, op, words)
  where cardinality(p.words) > 0
$$;

comment on function private.word_hunks(text[], text[], integer[]) is 'Aligned words as hunks: [{op, text}].';

create or replace function private.diff_words(before text, after text) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  words_before text[] := private.words(before);
  words_after text[] := private.words(after);
begin
  return private.word_hunks(words_before, words_after, private.align(words_before, words_after));
end
$$;

comment on function private.diff_words(text, text) is 'Two lines as hunks of words: [{op, text}].';

create or replace function private.line_pair(before text, after text) returns jsonb
language sql immutable
set search_path = ''
as $$
  select jsonb_build_object('from', before, 'to', after)
    || case when length(before) + length(after) <= 2000
      then jsonb_build_object('words', private.diff_words(before, after)) else '{}' end
$$;

comment on function private.line_pair(text, text) is 'A changed line; words are compared in lines of up to 2,000 characters.';

create or replace function private.gap_entries(
  gap_before text[], gap_after text[], i_from integer, j_from integer, word_pairs integer
) returns table (ord integer, entry jsonb)
language sql immutable
set search_path = ''
as $$
  with size as (select least(cardinality(gap_before), cardinality(gap_after)) as paired)
  select 1, jsonb_build_object('op', 'changed', 'from', i_from, 'to', j_from, 'lines', (
    select jsonb_agg(case when n <= word_pairs then private.line_pair(b, a) else jsonb_build_object('from', b, 'to', a) end
      order by n)
    from unnest(gap_before[:paired], gap_after[:paired]) with ordinality as pair (b, a, n)))
  from size where paired > 0
  union all
  select 2, jsonb_build_object('op', 'removed', 'from', i_from + paired, 'lines', to_jsonb(gap_before[paired + 1:]))
  from size where cardinality(gap_before) > paired
  union all
  select 3, jsonb_build_object('op', 'added', 'to', j_from + paired, 'lines', to_jsonb(gap_after[paired + 1:]))
  from size where cardinality(gap_after) > paired
$$;

comment on function private.gap_entries(text[], text[], integer, integer, integer) is
'What stands between equal lines: pairs that changed, then what is left over on either side.';

create or replace function private.line_hunks(before text[], after text[], matched integer[]) returns jsonb
language sql immutable
set search_path = ''
as $$
  with steps as (
    select s.*, 200 - coalesce(sum(case when s.is_equal then 0 else least(s.i_to - s.i_from, s.j_to - s.j_from) + 1 end)
      over (order by s.i_from, s.j_from rows between unbounded preceding and 1 preceding), 0)::integer as word_pairs
    from private.segments(matched, cardinality(after)) s)
  select jsonb_agg(e.entry order by s.i_from, s.j_from, e.ord)
  from steps s
  cross join lateral (
    select 0 as ord, jsonb_build_object('op', 'equal', 'from', s.i_from, 'to', s.j_from, 'count', s.i_to - s.i_from + 1) as entry
    where s.is_equal
    union all
    select g.ord, g.entry
    from private.gap_entries(before[s.i_from:s.i_to], after[s.j_from:s.j_to], s.i_from, s.j_from, s.word_pairs) g
    where not s.is_equal) as e
$$;

comment on function private.line_hunks(text[], text[], integer[]) is
'Aligned lines as [{op: equal | changed | removed | added, from, to, count or lines}]; words for the first 200 changed lines.';

create or replace function private.diff_lines(before text[], after text[]) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
  return private.line_hunks(before, after, private.align(before, after));
end
$$;

comment on function private.diff_lines(text[], text[]) is 'What differs between two texts, given as lines.';
