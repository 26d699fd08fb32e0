create or replace function private.slice(list jsonb, first integer, last integer) returns jsonb
language sql immutable
set search_path = ''
as $$
  select coalesce(jsonb_agg(list -> (n - 1) order by n), '[]') from generate_series(first, last) n
$$;

comment on function private.slice(jsonb, integer, integer) is 'The items of a JSON array from the first to the last, counted from 1.';

create or replace function private.merge_message(path text, base jsonb, ours jsonb, theirs jsonb, resolutions jsonb)
returns private.merged
language plpgsql immutable
set search_path = ''
as $$
declare
  fields private.merged := private.merge_objects(path, private.message_fields(base), private.message_fields(ours),
    private.message_fields(theirs), resolutions);
  content private.merged := private.merge_content(path || '/content', base -> 'content', ours -> 'content',
    theirs -> 'content', resolutions);
begin
  return row(private.message_of(fields.value, content.value), fields.conflicts || content.conflicts)::private.merged;
end
$$;

comment on function private.merge_message(text, jsonb, jsonb, jsonb, jsonb) is 'One message that all three sides have.';

create or replace function private.message_of(fields jsonb, content jsonb) returns jsonb
language sql immutable
set search_path = ''
as $$
  select coalesce(jsonb_object_agg(private.unpointed(f.key), f.value), '{}')
    || case when content is null then '{}' else jsonb_build_object('content', content) end
  from jsonb_each(fields) f
$$;

comment on function private.message_of(jsonb, jsonb) is 'A message from its fields by path, and its content.';

create or replace function private.merge_message_run(
  run private.merge_run, base jsonb, ours jsonb, theirs jsonb, resolutions jsonb
) returns private.merged
language plpgsql immutable
set search_path = ''
as $$
declare
  one private.merged;
  whole private.merged := row('[]'::jsonb, '[]'::jsonb);
begin
  if not run.is_same then
    return private.merge_value(format('/messages/%s:%s', run.b_from - 1, run.b_to),
      private.slice(base, run.b_from, run.b_to), private.slice(ours, run.o_from, run.o_to),
      private.slice(theirs, run.t_from, run.t_to), resolutions);
  end if;
  for k in 0..run.b_to - run.b_from loop
    one := private.merge_message('/messages/' || run.b_from + k - 1, base -> (run.b_from + k - 1),
      ours -> (run.o_from + k - 1), theirs -> (run.t_from + k - 1), resolutions);
    whole.value := whole.value || jsonb_build_array(one.value);
    whole.conflicts := whole.conflicts || one.conflicts;
  end loop;
  return whole;
end
$$;

comment on function private.merge_message_run(private.merge_run, jsonb, jsonb, jsonb, jsonb) is
'Messages that all sides kept, one by one; or those between them, as a whole.';

create or replace function private.merge_messages(base jsonb, ours jsonb, theirs jsonb, resolutions jsonb)
returns private.merged
language plpgsql immutable
set search_path = ''
as $$
declare
  run private.merge_run;
  part private.merged;
  whole private.merged := row('[]'::jsonb, '[]'::jsonb);
begin
  for run in
    select * from private.merge_runs(private.align_messages(base, ours), private.align_messages(base, theirs),
      jsonb_array_length(ours), jsonb_array_length(theirs))
  loop
    part := private.merge_message_run(run, base, ours, theirs, resolutions);
    if jsonb_typeof(coalesce(part.value, '[]')) <> 'array' then
      perform private.fail('bad_resolution', jsonb_build_object(
        'path', format('/messages/%s:%s', run.b_from - 1, run.b_to), 'expected', 'an array of messages'));
    end if;
    whole.value := whole.value || coalesce(part.value, '[]');
    whole.conflicts := whole.conflicts || part.conflicts;
  end loop;
  return whole;
end
$$;

comment on function private.merge_messages(jsonb, jsonb, jsonb, jsonb) is
'Three lists of messages: those that all sides have are merged one by one, others come and go as a whole.';
