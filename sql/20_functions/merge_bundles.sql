create or replace function private.fields_by_path(bundle jsonb, tools_by_name boolean) returns jsonb
language sql immutable
set search_path = ''
as $$
  select coalesce(jsonb_object_agg(f.path, f.value), '{}') from private.bundle_fields(bundle, tools_by_name) f
$$;

comment on function private.fields_by_path(jsonb, boolean) is 'The fields of a bundle but its messages, as one object by path.';

create or replace function private.under(fields jsonb, name text) returns jsonb
language sql immutable
set search_path = ''
as $$
  select coalesce(jsonb_object_agg(private.unpointed(f.key), f.value), '{}')
  from jsonb_each(fields) f where starts_with(f.key, '/' || name || '/')
$$;

comment on function private.under(jsonb, text) is 'The fields under a name, as an object of their own.';

create or replace function private.merge_tool_order(base text[], ours text[], theirs text[], present text[])
returns text[]
language plpgsql immutable
set search_path = ''
as $$
declare
  common text[] := array(select n from unnest(base) n where n = any (ours) and n = any (theirs));
  kept_ours text[] := private.tool_order(ours, common);
  kept_theirs text[] := private.tool_order(theirs, common);
  chosen text[];
begin
  if ours = base or ours = theirs then
    chosen := theirs;
  elsif theirs = base then
    chosen := ours;
  elsif kept_ours = common or kept_ours = kept_theirs then
    chosen := kept_theirs;
  elsif kept_theirs = common then
    chosen := kept_ours;
  else
    return null;
  end if;
  -- What both sides added has no order between them: by name, so that it does not matter which side is ours.
  return private.tool_order(chosen, array(select n from unnest(present) n order by n collate "C"));
end
$$;

comment on function private.merge_tool_order(text[], text[], text[], text[]) is
'The order of merged tools: that of the side that moved them; null when both did, differently.';

create or replace function private.merge_order(base jsonb, ours jsonb, theirs jsonb, present text[], resolutions jsonb)
returns private.merged
language plpgsql immutable
set search_path = ''
as $$
declare
  names_base text[] := private.tool_names(base -> 'tools');
  names_ours text[] := private.tool_names(ours -> 'tools');
  names_theirs text[] := private.tool_names(theirs -> 'tools');
  merged_order text[] := private.merge_tool_order(names_base, names_ours, names_theirs, present);
  choice private.merged;
begin
  if merged_order is not null then
    return row(to_jsonb(merged_order), '[]'::jsonb)::private.merged;
  end if;
  choice := private.merge_value('/tools', to_jsonb(names_base), to_jsonb(names_ours), to_jsonb(names_theirs), resolutions);
  choice.value := to_jsonb(private.tool_order(private.as_lines('/tools', coalesce(choice.value, '[]')),
    array(select n from unnest(present) n order by n collate "C")));
  return choice;
end
$$;

comment on function private.merge_order(jsonb, jsonb, jsonb, text[], jsonb) is 'As merge_tool_order, with the conflict.';

create or replace function private.merge_fields(base jsonb, ours jsonb, theirs jsonb, resolutions jsonb)
returns private.merged
language plpgsql immutable
set search_path = ''
as $$
declare
  by_name boolean := private.has_named_tools(base) and private.has_named_tools(ours) and private.has_named_tools(theirs);
  whole private.merged := private.merge_objects('', private.fields_by_path(base, by_name),
    private.fields_by_path(ours, by_name), private.fields_by_path(theirs, by_name), resolutions);
  tools jsonb := private.under(whole.value, 'tools');
  tool_order private.merged;
begin
  if by_name then
    tool_order := private.merge_order(base, ours, theirs, array(select jsonb_object_keys(tools)), resolutions);
    whole.conflicts := whole.conflicts || tool_order.conflicts;
    tools := (select coalesce(jsonb_agg(tools -> e.name order by e.n), '[]')
      from jsonb_array_elements_text(tool_order.value) with ordinality as e (name, n));
  end if;
  whole.value := jsonb_build_object(
    'provider', whole.value -> '/provider', 'model', whole.value -> '/model',
    'response_format', whole.value -> '/response_format', 'params', private.under(whole.value, 'params'),
    'variables', private.under(whole.value, 'variables'),
    'tools', case when by_name then tools else coalesce(whole.value -> '/tools', '[]') end);
  return whole;
end
$$;

comment on function private.merge_fields(jsonb, jsonb, jsonb, jsonb) is 'Three bundles field by field, their messages aside.';

create or replace function private.merge_bundles(base jsonb, ours jsonb, theirs jsonb, resolutions jsonb)
returns private.merged
language plpgsql immutable
set search_path = ''
as $$
declare
  fields private.merged := private.merge_fields(base, ours, theirs, resolutions);
  messages private.merged := private.merge_messages(base -> 'messages', ours -> 'messages', theirs -> 'messages', resolutions);
begin
  return row(fields.value || jsonb_build_object('messages', messages.value),
    fields.conflicts || messages.conflicts)::private.merged;
end
$$;

comment on function private.merge_bundles(jsonb, jsonb, jsonb, jsonb) is
'Three bundles: the merged one, and every conflict that they had.';
