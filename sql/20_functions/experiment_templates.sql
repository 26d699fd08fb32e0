-- Templates of experiments: a document with typed blanks.
create or replace view private.template_defaults with (security_invoker = true) as
select made.key, made.name, made.description, common.slots || made.slots::jsonb as slots,
  common.document || made.document::jsonb as document
from (values
  ('intent-prompt-outcome', 'Intent > Prompt > Outcome', 'Two prompts for one intent: which one moves the outcome?',
    '{"intent": {"type": "text", "description": "key of the intent"},
      "control": {"type": "version", "description": "what runs now"},
      "challenger": {"type": "version", "description": "what might be better"}}',
    '{"intents": [{"$slot": "intent"}], "variants": [
      {"key": "control", "name": "Control", "is_control": true, "versions": {"*": {"$slot": "control"}}},
      {"key": "challenger", "name": "Challenger", "versions": {"*": {"$slot": "challenger"}}}]}'),
  ('intent-capability-actions-prompt-outcome', 'Intent > Capability + Actions + Prompt > Outcome',
    'Other prompts for several actions of a capability at once, for the intents that you name.',
    '{"intents": {"type": "list", "description": "keys of intents"}, "actions": {"type": "list", "description": "keys of actions"},
      "control": {"type": "versions", "description": "action to version, as now"},
      "challenger": {"type": "versions", "description": "action to version, changed"}}',
    '{"intents": {"$slot": "intents"}, "actions": {"$slot": "actions"}, "variants": [
      {"key": "control", "name": "Control", "is_control": true, "versions": {"$slot": "control"}},
      {"key": "challenger", "name": "Challenger", "versions": {"$slot": "challenger"}}]}'),
  ('model-comparison', 'Model comparison', 'One prompt, several models: what does the outcome say?',
    '{"base": {"type": "version", "description": "the version whose model varies"},
      "models": {"type": "list", "description": "names of models, or {provider, model}; the first is the control"}}',
    '{"base": {"*": {"$slot": "base"}}, "factors": [{"key": "model", "name": "Model", "kind": "model", "levels": {"$slot": "models"}}]}'),
  ('parameter-sweep', 'Parameter sweep', 'One prompt, several values of a parameter.',
    '{"base": {"type": "version", "description": "the version whose parameter varies"},
      "param": {"type": "text", "description": "for instance temperature"},
      "values": {"type": "list", "description": "its values; the first is the control"}}',
    '{"base": {"*": {"$slot": "base"}}, "factors": [{"key": "value", "name": "Value", "kind": "param",
      "param": {"$slot": "param"}, "levels": {"$slot": "values"}}]}'),
  ('factorial', 'Factorial', 'Several things vary at once, every combination is an arm: which of them matters, and do they act together?',
    '{"base": {"type": "versions", "description": "action, or *, to the version that the cells are made from"},
      "factors": {"type": "list", "description": "[{key, kind, levels}]; kinds are prompt, model, param, tools, version"}}',
    '{"base": {"$slot": "base"}, "factors": {"$slot": "factors"}}')
) as made (key, name, description, slots, document)
cross join (select
  '{"key": {"type": "text", "description": "key of the experiment"}, "name": {"type": "text", "description": "its name"},
    "hypothesis": {"type": "text", "description": "what is expected, and why", "default": ""},
    "environment": {"type": "text", "description": "key of the environment", "default": "production"},
    "capability": {"type": "text", "description": "key of the capability"},
    "metric": {"type": "text", "description": "key of the primary metric"},
    "minimum_effect": {"type": "number", "description": "the smallest difference that matters", "default": null}}'::jsonb as slots,
  '{"key": {"$slot": "key"}, "name": {"$slot": "name"}, "hypothesis": {"$slot": "hypothesis"},
    "environment": {"$slot": "environment"}, "capability": {"$slot": "capability"},
    "minimum_effect": {"$slot": "minimum_effect"},
    "metrics": [{"metric": {"$slot": "metric"}, "role": "primary"}]}'::jsonb as document) as common;

comment on view private.template_defaults is 'One row per template of experiments that a new workspace begins with.';

create or replace function private.fill_slots(part jsonb, filled jsonb) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
  if jsonb_typeof(part) = 'object' and part ? '$slot' then
    return coalesce(filled -> (part ->> '$slot'), 'null');
  elsif jsonb_typeof(part) = 'object' then
    return (select coalesce(jsonb_object_agg(e.key, private.fill_slots(e.value, filled)), '{}') from jsonb_each(part) e);
  elsif jsonb_typeof(part) = 'array' then
    return (select coalesce(jsonb_agg(private.fill_slots(e.value, filled) order by e.ordinality), '[]')
      from jsonb_array_elements(part) with ordinality e);
  end if;
  return part;
end
$$;

comment on function private.fill_slots(jsonb, jsonb) is 'A document in which values stand where blanks stood.';

create or replace function private.check_slots(slots jsonb, given jsonb) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  slot record;
  value jsonb;
  filled jsonb := '{}'::jsonb;
begin
  perform private.require_field('given', jsonb_typeof(given) = 'object', 'an object of slot to value');
  for slot in select k as name from jsonb_object_keys(given) k where not slots ? k limit 1 loop
    perform private.require_field('given.' || slot.name, false, (
      select 'left out: the slots are ' || string_agg(k, ', ' order by k) from jsonb_object_keys(slots) k));
  end loop;
  for slot in select e.key as name, e.value ->> 'type' as type, e.value as said from jsonb_each(slots) e loop
    value := coalesce(given -> slot.name, slot.said -> 'default');
    perform private.require_field('given.' || slot.name, value is not null, 'given: ' || coalesce(slot.said ->> 'description', slot.type));
    perform private.require_field('given.' || slot.name, not given ? slot.name or jsonb_typeof(value) = any (
      case slot.type when 'text' then '{string}' when 'number' then '{number,null}' when 'list' then '{array}'
        when 'version' then '{string,object}' when 'versions' then '{string,object}' else '{}' end::text[]),
      'a ' || slot.type || ': ' || coalesce(slot.said ->> 'description', ''));
    filled := filled || jsonb_build_object(slot.name, value);
  end loop;
  return filled;
end
$$;

comment on function private.check_slots(jsonb, jsonb) is
'The value of every slot; raises bad_document for one that is missing, unknown, or of another type.';

create or replace function private.create_experiment_from_template(template text, given jsonb, workspace_id uuid) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  tenant uuid := private.authorise(workspace_id, 'experiments.write');
  found_one public.experiment_templates;
  document jsonb;
begin
  select t.* into found_one from public.experiment_templates t where t.workspace_id = tenant and t.key = template;
  if found_one.id is null then
    perform private.fail('unknown_experiment_template', jsonb_build_object('template', template));
  end if;
  document := private.fill_slots(found_one.document, private.check_slots(found_one.slots, given));
  return private.new_experiment(tenant, document, null,
    encode(sha256(convert_to('create ' || document::text, 'UTF8')), 'hex'));
end
$$;

comment on function private.create_experiment_from_template(text, jsonb, uuid) is
E'Drafts an experiment from a template and values for its blanks.\nDefiner: as create_experiment.';

create or replace function private.version_slots(document jsonb) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
  return (
    select coalesce(jsonb_object_agg('arm.' || (a ->> 'key'), jsonb_build_object('type', 'versions', 'default', a -> 'versions',
      'description', 'what the arm ' || (a ->> 'key') || ' runs: action, or *, to version')), '{}')
    from jsonb_array_elements(document -> 'variants') a);
end
$$;

comment on function private.version_slots(jsonb) is 'A slot for what each arm of a document runs; it runs the same by default.';

create or replace function private.save_as_template(
  experiment_id uuid, key text, name text, description text, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  source constant public.experiments := private.permitted_experiment(experiment_id, 'templates.write', workspace_id);
  document jsonb;
  made public.experiment_templates;
begin
  perform private.require_text('name', name, 200);
  document := private.experiment_document(source.id);
  insert into public.experiment_templates (workspace_id, key, name, description, slots, document)
  values (source.workspace_id, key, name, coalesce(description, ''),
    private.version_slots(document) || jsonb_build_object(
      'key', '{"type": "text", "description": "key of the experiment"}'::jsonb,
      'name', '{"type": "text", "description": "its name"}'::jsonb,
      'environment', jsonb_build_object('type', 'text', 'description', 'key of the environment', 'default', document -> 'environment')),
    document || '{"key": {"$slot": "key"}, "name": {"$slot": "name"}, "environment": {"$slot": "environment"}, "layer": null}'
      || jsonb_build_object('variants', (
        select coalesce(jsonb_agg(a || jsonb_build_object('versions', jsonb_build_object('$slot', 'arm.' || (a ->> 'key')))), '[]')
        from jsonb_array_elements(document -> 'variants') a)))
  on conflict on constraint experiment_templates_key_unique do nothing
  returning * into made;
  if made.id is null then
    perform private.fail('experiment_template_taken', jsonb_build_object('key', key));
  end if;
  return to_jsonb(made);
end
$$;

comment on function private.save_as_template(uuid, text, text, text, uuid) is
E'Makes a template of an experiment.\nDefiner: reads the experiment whole, and asks for templates.write itself.';
