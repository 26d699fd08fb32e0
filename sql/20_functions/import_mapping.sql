-- Which column is what.
create or replace view private.import_fields with (security_invoker = true) as
select f.field, f.type, f.is_required, f.position
from (values
  ('metric', 'name', true, 1),
  ('value', 'value', true, 2),
  ('subject', 'name', false, 3),
  ('conversation', 'name', false, 4),
  ('inference_id', 'uuid', false, 5),
  ('key_type', 'name', false, 6),
  ('key_value', 'name', false, 7),
  ('occurred_at', 'instant', true, 8),
  ('event_id', 'name', false, 9)
) as f (field, type, is_required, position);

comment on view private.import_fields is 'One row per field that a column of a file can be: its type, and whether it must be mapped.';

create or replace function private.field_map_fault(field text, said jsonb, columns text[]) returns text
language sql immutable
set search_path = ''
return case
  when said is null then null
  when jsonb_typeof(said) <> 'object' or (said ? 'column') = (said ? 'value') or (select count(*) from jsonb_object_keys(said)) <> 1
    then 'an object with column or with value'
  when said ? 'column' and not coalesce(said ->> 'column' = any (columns), false)
    then format('one of the columns %s', array_to_string(columns, ', '))
  when said ? 'value' and coalesce(length(said ->> 'value') not between 1 and 512, true) then 'a text of 1 to 512 characters'
end;

comment on function private.field_map_fault(text, jsonb, text[]) is 'What a field of a mapping must be, if it is not; else null.';

create or replace function private.mapping_option_fault(option text, said jsonb) returns text
language sql stable
set search_path = ''
return case option
  when 'time_zone' then case when not exists (select from pg_timezone_names z where z.name = said #>> '{}')
    then 'the name of a time zone, such as Europe/Berlin' end
  when 'time_format' then case when jsonb_typeof(said) <> 'string' or not said <@ '["iso", "dmy", "mdy", "epoch_s", "epoch_ms"]'
    then 'iso, dmy, mdy, epoch_s or epoch_ms' end
  when 'decimal' then case when jsonb_typeof(said) <> 'string' or not said <@ '[".", ","]' then 'a point or a comma' end
  when 'thousands' then case when jsonb_typeof(said) <> 'string' or not said <@ '[".", ",", " ", "''"]' then 'a point, a comma, a blank or an apostrophe' end
  when 'origin' then case when jsonb_typeof(said) <> 'string' or length(said #>> '{}') not between 1 and 512
    or said #>> '{}' like 'import:%' then 'the name of a source, which does not begin with import:' end
  else 'left out: there is no such field'
end;

comment on function private.mapping_option_fault(text, jsonb) is 'What an option of a mapping must be, if it is not; else null.';

create or replace function private.mapping_fault(mapping jsonb, columns text[]) returns jsonb
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_variable
declare
  found_field text;
  expected text;
begin
  if jsonb_typeof(mapping) is distinct from 'object' then
    return '{"field": "mapping", "expected": "an object"}'::jsonb;
  end if;
  select x.field, x.expected into found_field, expected
  from (
    select f.position, f.field, case when f.is_required and not mapping ? f.field then 'mapped to a column or a value'
      else private.field_map_fault(f.field, mapping -> f.field, columns) end as expected
    from private.import_fields f
    union all
    select 100, o.key, private.mapping_option_fault(o.key, o.value)
    from jsonb_each(mapping) o where not exists (select from private.import_fields f where f.field = o.key)
    union all
    select 200, 'subject', 'mapped, or conversation, inference_id or key_value'
    where not mapping ?| array['subject', 'conversation', 'inference_id', 'key_value']
    union all
    select 201, 'key_type', 'mapped together with key_value' where (mapping ? 'key_type') <> (mapping ? 'key_value')
    union all
    select 202, 'thousands', 'another character than decimal'
    where mapping ->> 'thousands' = coalesce(mapping ->> 'decimal', '.')
  ) as x
  where x.expected is not null order by x.position, x.field limit 1;
  return case when found_field is not null then jsonb_build_object('field', found_field, 'expected', expected) end;
end
$$;

comment on function private.mapping_fault(jsonb, text[]) is 'The first thing that is wrong with a mapping: {field, expected}; null when it is good.';

create or replace function private.map_columns(import_id uuid, mapping jsonb) returns public.metric_imports
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  import public.metric_imports := private.import_to_move(import_id, '{draft,checked}', 'map_columns');
  fault constant jsonb := private.mapping_fault(mapping, import.columns);
begin
  if fault is not null then
    perform private.fail('bad_mapping', fault);
  end if;
  update public.metric_imports i
  set mapping = map_columns.mapping, state = 'draft', report = null, rows_good = null, rows_bad = null, checked_at = null
  where i.id = import.id returning i.* into import;
  return import;
end
$$;

comment on function private.map_columns(uuid, jsonb) is
E'Keeps the mapping; what an earlier check found is void.\nDefiner: as start_import.';
