-- Three-way merge. Two sides and their base: what one side alone changed is taken, what both changed alike is taken once,
-- and what they changed differently is a conflict, which has a path and waits for its resolution.
create type private.merged as (value jsonb, conflicts jsonb);

comment on type private.merged is 'A merged value (null: absent) and the conflicts that it had, resolved or not.';

create or replace function private.conflict(path text, base jsonb, ours jsonb, theirs jsonb, is_resolved boolean)
returns jsonb
language sql immutable
set search_path = ''
as $$
  select jsonb_build_array(private.sided(
    jsonb_build_object('path', path, 'is_resolved', is_resolved),
    jsonb_build_object('base', private.one(base), 'ours', private.one(ours), 'theirs', private.one(theirs))))
$$;

comment on function private.conflict(text, jsonb, jsonb, jsonb, boolean) is 'A list of one conflict; a side that lacks the field has no key.';

create or replace function private.check_resolution(path text, resolution jsonb) returns void
language plpgsql immutable
set search_path = ''
as $$
begin
  if jsonb_typeof(resolution) is distinct from 'object'
    or (select count(*) from jsonb_object_keys(resolution)) <> 1
    or not coalesce(resolution ? 'value' or resolution -> 'remove' = 'true'
      or resolution ->> 'take' in ('ours', 'theirs', 'base'), false)
  then
    perform private.fail('bad_resolution', jsonb_build_object('path', path,
      'expected', '{"take": "ours"}, {"take": "theirs"}, {"take": "base"}, {"value": …} or {"remove": true}'));
  end if;
end
$$;

comment on function private.check_resolution(text, jsonb) is 'Raises bad_resolution unless a resolution says one thing.';

create or replace function private.resolve(path text, resolution jsonb, base jsonb, ours jsonb, theirs jsonb)
returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
  perform private.check_resolution(path, resolution);
  return case
    when resolution ? 'value' then resolution -> 'value'
    when resolution ->> 'take' = 'ours' then ours
    when resolution ->> 'take' = 'theirs' then theirs
    when resolution ->> 'take' = 'base' then base
  end;
end
$$;

comment on function private.resolve(text, jsonb, jsonb, jsonb, jsonb) is 'What a conflict becomes by its resolution.';

create or replace function private.merge_value(
  path text, base jsonb, ours jsonb, theirs jsonb, resolutions jsonb
) returns private.merged
language plpgsql immutable
set search_path = ''
as $$
begin
  if ours is not distinct from theirs or theirs is not distinct from base then
    return row(ours, '[]'::jsonb)::private.merged;
  elsif ours is not distinct from base then
    return row(theirs, '[]'::jsonb)::private.merged;
  elsif resolutions ? path then
    return row(private.resolve(path, resolutions -> path, base, ours, theirs),
      private.conflict(path, base, ours, theirs, true))::private.merged;
  end if;
  return row(ours, private.conflict(path, base, ours, theirs, false))::private.merged;
end
$$;

comment on function private.merge_value(text, jsonb, jsonb, jsonb, jsonb) is 'Three sides of one value, taken as a whole.';

create type private.merge_run as (
  is_same boolean, b_from integer, b_to integer, o_from integer, o_to integer, t_from integer, t_to integer
);

comment on type private.merge_run is 'A stretch of base, ours and theirs: from and to, counted from 1; whether all three are the same there.';

create or replace function private.merge_runs(ours integer[], theirs integer[], n_ours integer, n_theirs integer)
returns setof private.merge_run
language plpgsql immutable
set search_path = ''
as $$
begin
  -- As segments: not inlined.
  return query
  with anchors as (
    select m.b::integer, m.o, m.t from unnest(ours, theirs) with ordinality as m (o, t, b)
    where m.o is not null and m.t is not null
    union all values (0, 0, 0), (cardinality(ours) + 1, n_ours + 1, n_theirs + 1)),
  steps as (
    select b, o, t, lag(b) over w as lb, lag(o) over w as lo, lag(t) over w as lt from anchors window w as (order by b)),
  runs as (
    select *, count(*) filter (where b - lb > 1 or o - lo > 1 or t - lt > 1) over (order by b) as run from steps),
  found as (
    select true as is_same, min(b) as b_from, max(b), min(o) as o_from, max(o), min(t) as t_from, max(t)
    from runs where b between 1 and cardinality(ours) group by run
    union all
    select false, lb + 1, b - 1, lo + 1, o - 1, lt + 1, t - 1 from steps where b - lb > 1 or o - lo > 1 or t - lt > 1)
  select * from found f order by f.b_from, f.o_from, f.t_from;
end
$$;

comment on function private.merge_runs(integer[], integer[], integer, integer) is
'The runs of a base that both sides kept, and what stands between them on each of the three.';

create or replace function private.as_lines(path text, value jsonb) returns text[]
language plpgsql immutable
set search_path = ''
as $$
begin
  if jsonb_typeof(value) <> 'array' or jsonb_path_exists(value, '$[*] ? (@.type() != "string")') then
    perform private.fail('bad_resolution', jsonb_build_object('path', path, 'expected', 'an array of lines'));
  end if;
  return array(select e.line from jsonb_array_elements_text(value) with ordinality as e (line, n) order by e.n);
end
$$;

comment on function private.as_lines(text, jsonb) is 'A JSON array of texts as lines; raises bad_resolution for anything else.';

create or replace function private.merge_lines(
  path text, base text[], ours text[], theirs text[], resolutions jsonb
) returns private.merged
language plpgsql immutable
set search_path = ''
as $$
declare
  run private.merge_run;
  part private.merged;
  lines text[] := '{}'::text[];
  conflicts jsonb := '[]'::jsonb;
begin
  for run in
    select * from private.merge_runs(private.align(base, ours), private.align(base, theirs), cardinality(ours), cardinality(theirs))
  loop
    if run.is_same then
      lines := lines || base[run.b_from:run.b_to];
      continue;
    end if;
    part := private.merge_value(path || '/' || jsonb_array_length(conflicts) + 1, to_jsonb(base[run.b_from:run.b_to]),
      to_jsonb(ours[run.o_from:run.o_to]), to_jsonb(theirs[run.t_from:run.t_to]), resolutions);
    lines := lines || private.as_lines(path, coalesce(part.value, '[]'));
    conflicts := conflicts || part.conflicts;
  end loop;
  return row(to_jsonb(array_to_string(lines, E'\n')), conflicts)::private.merged;
end
$$;

comment on function private.merge_lines(text, text[], text[], text[], jsonb) is
'Three texts, line by line. Conflicts are numbered in the path, from 1.';

create or replace function private.merge_content(
  path text, base jsonb, ours jsonb, theirs jsonb, resolutions jsonb
) returns private.merged
language plpgsql immutable
set search_path = ''
as $$
begin
  if ours = theirs or ours = base or theirs = base
    or not (private.is_text(base) and private.is_text(ours) and private.is_text(theirs))
  then
    return private.merge_value(path, base, ours, theirs, resolutions);
  end if;
  return private.merge_lines(path, private.lines(base #>> '{}'), private.lines(ours #>> '{}'),
    private.lines(theirs #>> '{}'), resolutions);
end
$$;

comment on function private.merge_content(text, jsonb, jsonb, jsonb, jsonb) is
'Three contents of a message: by line where all are texts of a size that can be compared, else as a whole.';

create or replace function private.merge_objects(
  path text, base jsonb, ours jsonb, theirs jsonb, resolutions jsonb
) returns private.merged
language sql immutable
set search_path = ''
as $$
  with fields as (
    select coalesce(b.key, o.key, t.key) as key, b.value as b, o.value as o, t.value as t
    from jsonb_each(base) as b (key, value)
    full join jsonb_each(ours) as o (key, value) on o.key = b.key
    full join jsonb_each(theirs) as t (key, value) on t.key = coalesce(b.key, o.key)),
  merged as (
    select f.key, m.value, m.conflicts
    from fields f cross join lateral private.merge_value(path || f.key, f.b, f.o, f.t, resolutions) m)
  select row(
    coalesce(jsonb_object_agg(key, value) filter (where value is not null), '{}'),
    coalesce((select jsonb_agg(c order by key collate "C")
      from merged x cross join lateral jsonb_array_elements(x.conflicts) c), '[]'))::private.merged
  from merged
$$;

comment on function private.merge_objects(text, jsonb, jsonb, jsonb, jsonb) is 'Three objects whose keys are paths, key by key.';
