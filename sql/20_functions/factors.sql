-- Factorial experiments: what varies, with its levels; every combination is an arm with a real version of its own.
create or replace function private.level_key(value jsonb) returns text
language plpgsql immutable
set search_path = ''
as $$
declare
  words constant text := case jsonb_typeof(value)
    when 'null' then 'base' when 'object' then coalesce(value ->> 'model', value ->> 'tag', value ->> 'branch') else value #>> '{}' end;
begin
  return coalesce(nullif(left(regexp_replace(
    regexp_replace(words, '[^A-Za-z0-9_.:-]+', '-', 'g'), '^[^A-Za-z0-9]+', ''), 60), ''), 'level');
end
$$;

comment on function private.level_key(jsonb) is 'A key for a level that is given by its value alone: 0.7, small, base.';

create or replace function private.normal_levels(levels jsonb) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
  return (
    select jsonb_agg(case
      when e.value ? 'key' then
        jsonb_build_object('key', e.value -> 'key', 'name', coalesce(e.value -> 'name', e.value -> 'key'),
          'value', coalesce(e.value -> 'value', 'null')) || (e.value - array['key', 'name', 'value'])
      else jsonb_build_object('key', private.level_key(e.value), 'name', private.level_key(e.value), 'value', e.value)
    end order by e.ordinality)
    from jsonb_array_elements(levels) with ordinality e);
end
$$;

comment on function private.normal_levels(jsonb) is 'Levels in full: a bare value gets a key and a name.';

create or replace function private.normal_factors(factors jsonb) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object(
      'key', f.value -> 'key', 'name', coalesce(f.value -> 'name', f.value -> 'key'), 'kind', f.value -> 'kind',
      'action', coalesce(f.value -> 'action', 'null'),
      'param', case when f.value ->> 'kind' = 'param' then coalesce(nullif(f.value -> 'param', 'null'), f.value -> 'key') else 'null' end,
      'levels', private.normal_levels(f.value -> 'levels')) order by f.ordinality), '[]')
    from jsonb_array_elements(factors) with ordinality f);
end
$$;

comment on function private.normal_factors(jsonb) is 'Factors in full, as the document of an experiment has them.';

create or replace function private.factors_document(experiment_id uuid) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object(
      'key', f.key, 'name', f.name, 'kind', f.kind, 'param', f.param,
      'action', (select x.key from public.actions x where x.id = f.action_id),
      'levels', (
        select coalesce(jsonb_agg(jsonb_build_object('key', l.key, 'name', l.name, 'value', l.value) order by l.position), '[]')
        from public.factor_levels l where l.factor_id = f.id)) order by f.position), '[]')
    from public.factors f
    where f.experiment_id = factors_document.experiment_id);
end
$$;

comment on function private.factors_document(uuid) is 'What varies: [{key, name, kind, action, param, levels: [{key, name, value}]}].';

create or replace function private.put_factors(experiment public.experiments, factors jsonb) returns void
language plpgsql
set search_path = ''
as $$
declare
  item record;
  made uuid;
begin
  if factors = private.factors_document(experiment.id) then
    return;
  elsif experiment.started_at is not null then
    perform private.fail('experiment_started', '{"what": "factors"}');
  end if;
  delete from public.factors f where f.experiment_id = experiment.id;
  for item in select e.value as f, e.ordinality as n from jsonb_array_elements(factors) with ordinality e loop
    perform private.check_list('level', format('factors[%s].levels', item.n - 1), item.f -> 'levels', 'key');
    insert into public.factors (workspace_id, experiment_id, key, name, kind, param, action_id, position)
    values (experiment.workspace_id, experiment.id, item.f ->> 'key', item.f ->> 'name', item.f ->> 'kind', item.f ->> 'param',
      case when item.f ->> 'action' is not null then private.named_id('action', experiment.workspace_id, item.f ->> 'action',
        format('factors[%s].action', item.n - 1), experiment.capability_id) end, item.n)
    returning id into made;
    insert into public.factor_levels (workspace_id, factor_id, key, name, value, position)
    select experiment.workspace_id, made, l.value ->> 'key', l.value ->> 'name', nullif(l.value -> 'value', 'null'), l.ordinality
    from jsonb_array_elements(item.f -> 'levels') with ordinality l;
  end loop;
  perform private.revise(experiment.id);
end
$$;

comment on function private.put_factors(public.experiments, jsonb) is
'Makes the factors those of the document; other factors take the arms'' levels along.';

create or replace function private.put_levels(
  experiment public.experiments, variant_id uuid, levels jsonb, field text
) returns void
language plpgsql
set search_path = ''
as $$
declare
  item record;
  chosen public.factor_levels;
begin
  delete from public.variant_levels c where c.variant_id = put_levels.variant_id and exists (
    select from public.factors f join public.factor_levels l on l.factor_id = f.id
    where f.id = c.factor_id and l.id = c.level_id and l.key is distinct from levels ->> f.key);
  for item in select * from jsonb_each_text(levels) loop
    select l.* into chosen from public.factors f join public.factor_levels l on l.factor_id = f.id
    where f.experiment_id = experiment.id and f.key = item.key and l.key = item.value;
    perform private.require_field(field || '.' || item.key, chosen.id is not null, 'a level of a factor of this experiment');
    insert into public.variant_levels (workspace_id, experiment_id, variant_id, factor_id, level_id)
    values (experiment.workspace_id, experiment.id, put_levels.variant_id, chosen.factor_id, chosen.id)
    on conflict on constraint variant_levels_pkey do nothing;
  end loop;
  perform private.revise(experiment.id);
end
$$;

comment on function private.put_levels(public.experiments, uuid, jsonb, text) is 'Makes the cell of an arm that of the document.';

create or replace function private.cells(factors jsonb) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  made jsonb := '[{}]'::jsonb;
  item record;
begin
  for item in select f.value as f from jsonb_array_elements(factors) with ordinality f order by f.ordinality loop
    made := (
      select jsonb_agg(c.value || jsonb_build_object(item.f ->> 'key', l.value -> 'key') order by c.ordinality, l.ordinality)
      from jsonb_array_elements(made) with ordinality c
      cross join jsonb_array_elements(item.f -> 'levels') with ordinality l);
    perform private.require_field('factors', jsonb_array_length(made) <= 64, 'a design of at most 64 cells');
  end loop;
  return made;
end
$$;

comment on function private.cells(jsonb) is 'Every combination of levels: [{factor: level}], that of the first levels first.';

create or replace function private.with_level(
  bundle jsonb, factor jsonb, value jsonb, workspace_id uuid, field text
) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  kind constant text := factor ->> 'kind';
  source jsonb;
begin
  if value is null or value = 'null' then
    return bundle;
  elsif kind = 'version' or kind = 'prompt' and not value ? 'messages' then
    source := (select private.bundle(v) from public.prompt_versions v
      where v.id = private.named_version(with_level.workspace_id, value, field));
    return case kind when 'version' then source
      else bundle || jsonb_build_object('messages', source -> 'messages', 'variables', source -> 'variables') end;
  elsif kind = 'prompt' then
    return bundle || jsonb_build_object('messages', value -> 'messages') || case when value ? 'variables'
      then jsonb_build_object('variables', value -> 'variables') else '{}' end;
  elsif kind = 'model' then
    perform private.require_field(field, coalesce(jsonb_typeof(value) = 'string' or value ->> 'model' is not null, false),
      'the name of a model, or {provider, model}');
    return bundle || case jsonb_typeof(value) when 'string' then jsonb_build_object('model', value)
      else jsonb_strip_nulls(jsonb_build_object('model', value -> 'model', 'provider', value -> 'provider')) end;
  elsif kind = 'tools' then
    return bundle || jsonb_build_object('tools', value);
  end if;
  return jsonb_set(bundle, array['params', factor ->> 'param'], value);
end
$$;

comment on function private.with_level(jsonb, jsonb, jsonb, uuid, text) is
'A bundle in which one factor has one of its levels; a level without a value leaves it as it is.';

create or replace function private.cell_bundle(
  base uuid, action text, factors jsonb, cell jsonb, workspace_id uuid
) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  bundle jsonb := (select private.bundle(v) from public.prompt_versions v where v.id = base);
  item record;
begin
  -- A whole version comes first: what else varies, varies in it.
  for item in
    select f.value as f, l.value as l, format('factors[%s].levels[%s].value', f.ordinality - 1, l.ordinality - 1) as field
    from jsonb_array_elements(factors) with ordinality f
    cross join jsonb_array_elements(f.value -> 'levels') with ordinality l
    where l.value ->> 'key' = cell ->> (f.value ->> 'key')
      and (f.value ->> 'action' is null or f.value ->> 'action' = cell_bundle.action)
    order by f.value ->> 'kind' <> 'version', f.ordinality
  loop
    bundle := private.with_level(bundle, item.f, item.l -> 'value', cell_bundle.workspace_id, item.field);
  end loop;
  return bundle;
end
$$;

comment on function private.cell_bundle(uuid, text, jsonb, jsonb, uuid) is 'What a cell of the design runs for an action: the base with the cell''s levels.';

create or replace function private.commit_cell(
  experiment public.experiments, base uuid, bundle jsonb, message text
) returns uuid
language plpgsql
set search_path = ''
as $$
declare
  line constant text := regexp_replace(experiment.key, '[^A-Za-z0-9_./-]', '-', 'g');
  home public.prompt_versions;
  found_one uuid;
begin
  select v.* into home from public.prompt_versions v where v.id = base;
  select v.id into found_one from public.prompt_versions v
  where v.prompt_id = home.prompt_id and v.content_hash = private.bundle_hash(bundle -> 'messages', bundle -> 'variables',
    bundle ->> 'provider', bundle ->> 'model', bundle -> 'params', bundle -> 'tools', nullif(bundle -> 'response_format', 'null'))
  order by v.id <> base, v.number limit 1;
  if found_one is not null then
    return found_one;
  end if;
  perform private.require_permission(experiment.workspace_id, 'prompts.write');
  insert into public.branches (workspace_id, prompt_id, name, head_version_id)
  values (home.workspace_id, home.prompt_id, line, base) on conflict do nothing;
  return (private.commit_version(home.prompt_id, line, bundle -> 'messages', bundle -> 'variables',
    bundle ->> 'provider', bundle ->> 'model', bundle -> 'params', bundle -> 'tools',
    nullif(bundle -> 'response_format', 'null'), message, null, experiment.workspace_id)).id;
end
$$;

comment on function private.commit_cell(public.experiments, uuid, jsonb, text) is
'The version of a cell: one that the prompt has already, or one that is committed to the branch of the experiment''s name.';

create or replace function private.base_versions(experiment public.experiments, base jsonb, factors jsonb) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  given constant jsonb := case jsonb_typeof(base) when 'string' then jsonb_build_object('*', base) else base end;
begin
  return (
    select coalesce(jsonb_object_agg(action, private.named_version(experiment.workspace_id,
      coalesce(given -> action, given -> '*'), 'base.' || action)), '{}')
    from (
      select k as action from jsonb_object_keys(given) k
      union
      select f ->> 'action' from jsonb_array_elements(factors) f where f ->> 'action' is not null
    ) as steps);
end
$$;

comment on function private.base_versions(public.experiments, jsonb, jsonb) is
'The version that the cells of each action are made from; * for the actions that have none of their own.';

create or replace function private.make_factorial(experiment public.experiments, factors jsonb, base jsonb) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  bases jsonb := private.base_versions(experiment, base, factors);
  made jsonb := '[]'::jsonb;
  cell record;
  versions jsonb;
  name text;
begin
  for cell in select c.value as levels, c.ordinality as n from jsonb_array_elements(private.cells(factors)) with ordinality c loop
    name := (select string_agg(cell.levels ->> (f.value ->> 'key'), '.' order by f.ordinality)
      from jsonb_array_elements(factors) with ordinality f);
    versions := (
      select jsonb_object_agg(b.key, private.commit_cell(experiment, b.value::uuid,
        private.cell_bundle(b.value::uuid, b.key, factors, cell.levels, experiment.workspace_id),
        format('Cell %s of the experiment %s', name, experiment.key)))
      from jsonb_each_text(bases) b);
    made := made || jsonb_build_object('key', left(name, 96) || case when length(name) > 96 then '-' || cell.n else '' end,
      'name', left(name, 200), 'weight', 1, 'is_control', cell.n = 1, 'levels', cell.levels, 'versions', versions);
  end loop;
  return made;
end
$$;

comment on function private.make_factorial(public.experiments, jsonb, jsonb) is
'The arms of the full design: every combination of levels, each with versions of its own; the first levels are the control.';
