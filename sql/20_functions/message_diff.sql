-- Messages are a list: first it is found which message of one version is which of the other, then texts go line by line.
create or replace function private.texts_of(list jsonb, field text) returns text[]
language sql immutable
set search_path = ''
as $$
  select array(
    select coalesce((case when field is null then m.item else m.item -> field end)::text, '')
    from jsonb_array_elements(list) with ordinality as m (item, n) order by m.n)
$$;

comment on function private.texts_of(jsonb, text) is 'The items of a JSON array, or one field of each, as texts to compare.';

create or replace function private.align_messages(before jsonb, after jsonb) returns integer[]
language plpgsql immutable
set search_path = ''
as $$
declare
  matched integer[] := private.align(private.texts_of(before, null), private.texts_of(after, null));
  roles_before text[] := private.texts_of(before, 'role');
  roles_after text[] := private.texts_of(after, 'role');
  gap record;
  partner record;
begin
  for gap in select * from private.segments(matched, jsonb_array_length(after)) s where not s.is_equal loop
    for partner in
      select m.i, m.j
      from unnest(private.align(roles_before[gap.i_from:gap.i_to], roles_after[gap.j_from:gap.j_to]))
        with ordinality as m (j, i)
      where m.j is not null
    loop
      matched[gap.i_from + partner.i - 1] := gap.j_from + partner.j - 1;
    end loop;
  end loop;
  return matched;
end
$$;

comment on function private.align_messages(jsonb, jsonb) is
'Which message of one list is which of the other: equal ones, and between those the ones of the same role, in order.';

create or replace function private.is_text(value jsonb) returns boolean
language plpgsql immutable
set search_path = ''
as $$
declare
  content text := value #>> '{}';
begin
  return coalesce(jsonb_typeof(value) = 'string' and length(content) <= 500000
    and length(content) - length(replace(content, E'\n', '')) < 5000, false);
end
$$;

comment on function private.is_text(jsonb) is
'Whether a message''s content can be compared line by line: a text of at most 5,000 lines and 500,000 characters.';

create or replace function private.diff_content(before jsonb, after jsonb) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
  if before is not distinct from after then
    return '{}'::jsonb;
  elsif private.is_text(before) and private.is_text(after) then
    return jsonb_build_object('lines', private.diff_lines(private.lines(before #>> '{}'), private.lines(after #>> '{}')));
  end if;
  return jsonb_build_object('content', jsonb_build_object('from', before, 'to', after, 'reason',
    case when jsonb_typeof(before) = 'string' and jsonb_typeof(after) = 'string' then 'too_large' else 'no_text' end));
end
$$;

comment on function private.diff_content(jsonb, jsonb) is
'A message''s content line by line, or, where it is too large or no text, as a whole with the reason.';

create or replace function private.diff_message(before jsonb, after jsonb, i integer, j integer) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
  if before = after then
    return jsonb_build_object('op', 'equal', 'from', i - 1, 'to', j - 1);
  end if;
  return jsonb_build_object('op', 'changed', 'from', i - 1, 'to', j - 1,
      'fields', private.diff_objects(private.message_fields(before), private.message_fields(after)))
    || private.diff_content(before -> 'content', after -> 'content');
end
$$;

comment on function private.diff_message(jsonb, jsonb, integer, integer) is 'One message of both versions: what changed in it.';

create or replace function private.message_fields(message jsonb) returns jsonb
language sql immutable
set search_path = ''
as $$
  select coalesce(jsonb_object_agg(private.pointer(f.key), f.value), '{}')
  from jsonb_each(message) f where f.key <> 'content'
$$;

comment on function private.message_fields(jsonb) is 'What a message has beside its content, by path.';

create or replace function private.diff_messages(before jsonb, after jsonb) returns jsonb
language sql immutable
set search_path = ''
as $$
  with matched as (select private.align_messages(before, after) as list),
  entries as (
    select s.i_from + k as i, s.j_from + k as j, 1 as ord,
      private.diff_message(before -> (s.i_from + k - 1), after -> (s.j_from + k - 1), s.i_from + k, s.j_from + k) as entry
    from matched cross join lateral private.segments(matched.list, jsonb_array_length(after)) s
    cross join lateral generate_series(0, s.i_to - s.i_from) k where s.is_equal
    union all
    select i, s.j_from, 2, jsonb_build_object('op', 'removed', 'from', i - 1, 'message', before -> (i - 1))
    from matched cross join lateral private.segments(matched.list, jsonb_array_length(after)) s
    cross join lateral generate_series(s.i_from, s.i_to) i where not s.is_equal
    union all
    select s.i_to + 1, j, 0, jsonb_build_object('op', 'added', 'to', j - 1, 'message', after -> (j - 1))
    from matched cross join lateral private.segments(matched.list, jsonb_array_length(after)) s
    cross join lateral generate_series(s.j_from, s.j_to) j where not s.is_equal)
  select coalesce(jsonb_agg(entry order by i, ord, j), '[]') from entries
$$;

comment on function private.diff_messages(jsonb, jsonb) is
'Two lists of messages as [{op: equal | changed | removed | added, from, to, …}]; from and to count from 0.';

create or replace function private.diff_bundles(before jsonb, after jsonb) returns jsonb
language sql immutable
set search_path = ''
as $$
  select jsonb_build_object('fields', private.diff_fields(before, after),
    'messages', private.diff_messages(before -> 'messages', after -> 'messages'))
$$;

comment on function private.diff_bundles(jsonb, jsonb) is 'What differs between two bundles.';

create or replace function private.diff_versions(from_version uuid, to_version uuid, workspace_id uuid) returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
  before public.prompt_versions := private.require_version(from_version, workspace_id, 'workspace.read');
  after public.prompt_versions := private.require_version(to_version, before.workspace_id, 'workspace.read');
begin
  return jsonb_build_object('from', private.version_card(before), 'to', private.version_card(after),
      'is_equal', before.content_hash = after.content_hash)
    || private.diff_bundles(private.bundle(before), private.bundle(after));
end
$$;

comment on function private.diff_versions(uuid, uuid, uuid) is
E'What differs between two versions of a workspace.\nDefiner: asks once whether the caller may read here, instead of granting each step of the comparison.';
