-- Puts the parts of a document where they belong. Each function writes only what differs: the triggers that protect a
-- started experiment then speak up for real changes alone. Called under the experiment's lock, after check_document.
create or replace function private.named_id(
  what text, workspace_id uuid, key text, field text, capability_id uuid default null
) returns uuid
language plpgsql stable
set search_path = ''
as $$
declare
  found_one uuid := case what
    when 'environment' then (select t.id from public.environments t
      where t.workspace_id = named_id.workspace_id and t.key = named_id.key)
    when 'capability' then (select t.id from public.capabilities t
      where t.workspace_id = named_id.workspace_id and t.key = named_id.key)
    when 'action' then (select t.id from public.actions t
      where t.capability_id = named_id.capability_id and t.key = named_id.key)
    when 'intent' then (select t.id from public.intents t where t.workspace_id = named_id.workspace_id and t.key = named_id.key)
    when 'layer' then (select t.id from public.layers t where t.workspace_id = named_id.workspace_id and t.key = named_id.key)
    when 'outcome metric' then (select t.id from public.outcome_metrics t
      where t.workspace_id = named_id.workspace_id and t.key = named_id.key)
  end;
begin
  perform private.require_field(field, found_one is not null, case what
    when 'action' then 'the key of an action of its capability'
    when 'capability' then 'the key of a capability of this workspace'
    when 'layer' then 'the key of a layer of this workspace'
    else format('the key of an %s of this workspace', what) end);
  return found_one;
end
$$;

comment on function private.named_id(text, uuid, text, text, uuid) is
'The id of what a document names by its key; raises bad_document, naming the field, for a name that nothing bears.';

create or replace function private.named_version(workspace_id uuid, reference jsonb, field text) returns uuid
language plpgsql stable
set search_path = ''
as $$
declare
  words constant text := reference #>> '{}';
  found_one uuid;
begin
  if jsonb_typeof(reference) = 'object' then
    found_one := (
      select private.version_by_name(p.id, coalesce(reference ->> 'tag', reference ->> 'branch', reference ->> 'number'))
      from public.prompts p
      where p.workspace_id = named_version.workspace_id and p.key = reference ->> 'prompt');
  elsif words ~ '^[0-9a-fA-F-]{36}$' then
    found_one := (select v.id from public.prompt_versions v
      where v.workspace_id = named_version.workspace_id and v.id::text = lower(words));
  elsif words ~ '@' then
    found_one := (
      select private.version_by_name(p.id, split_part(words, '@', 2))
      from public.prompts p
      where p.workspace_id = named_version.workspace_id and p.key = split_part(words, '@', 1));
  end if;
  perform private.require_field(field, found_one is not null,
    'a version of this workspace: its id, prompt@branch, prompt@tag or prompt@number');
  return found_one;
end
$$;

comment on function private.named_version(uuid, jsonb, text) is
'The version that a document means: an id, prompt@name, or {prompt, and tag, branch or number}.';

create or replace function private.version_by_name(prompt_id uuid, name text) returns uuid
language plpgsql stable
set search_path = ''
as $$
begin
  return coalesce(
    (select t.version_id from public.tags t where t.prompt_id = version_by_name.prompt_id and t.name = version_by_name.name),
    (select b.head_version_id from public.branches b where b.prompt_id = version_by_name.prompt_id and b.name = version_by_name.name and b.deleted_at is null),
    (select v.id from public.prompt_versions v
      where v.prompt_id = version_by_name.prompt_id and v.number::text = version_by_name.name));
end
$$;

comment on function private.version_by_name(uuid, text) is 'A version of a prompt by tag, branch (its head) or number, in this order.';

create or replace function private.put_scalars(experiment public.experiments, document jsonb) returns public.experiments
language plpgsql
set search_path = ''
as $$
declare
  put public.experiments := jsonb_populate_record(experiment,
    document - array['environment', 'capability', 'layer', 'traffic', 'planned_units', 'actions', 'intents', 'metrics', 'factors', 'base', 'variants', 'weights']);
begin
  if document ? 'environment' then
    put.environment_id := private.named_id('environment', put.workspace_id, document ->> 'environment', 'environment');
  end if;
  if document ? 'capability' then
    put.capability_id := private.named_id('capability', put.workspace_id, document ->> 'capability', 'capability');
  end if;
  -- 5000.0 is a whole number too, but not to the input of an integer.
  put.traffic := (document ->> 'traffic')::numeric;
  put.traffic := coalesce(put.traffic, experiment.traffic);
  if document ? 'planned_units' then
    put.planned_units := (document ->> 'planned_units')::numeric;
  end if;
  if document ? 'layer' then
    put.layer_from := (document -> 'layer' ->> 'from')::numeric;
    put.layer_to := (document -> 'layer' ->> 'to')::numeric;
    put.layer_id := case when put.layer_from is not null then
      private.named_id('layer', put.workspace_id, document -> 'layer' ->> 'key', 'layer.key') end;
  end if;
  perform private.require_field('layer', put.assigned_by = 'upshot' or put.layer_id is null,
    'left out: another system assigns its units');
  put.audience := nullif(put.audience, 'null');
  if put.capability_id <> experiment.capability_id then
    delete from public.experiment_actions s where s.experiment_id = put.id;
  end if;
  if put is distinct from experiment then
    update public.experiments e set (key, name, hypothesis, environment_id, capability_id, unit, traffic, audience,
      layer_id, layer_from, layer_to, minimum_effect, planned_units, assigned_by, switchers, segments) = row (put.key, put.name,
      put.hypothesis, put.environment_id, put.capability_id, put.unit, put.traffic, put.audience, put.layer_id,
      put.layer_from, put.layer_to, put.minimum_effect, put.planned_units, put.assigned_by, put.switchers, put.segments)
    where e.id = put.id returning e.* into put;
  end if;
  return put;
end
$$;

comment on function private.put_scalars(public.experiments, jsonb) is 'Writes what stands in the experiment''s own row.';

create or replace function private.put_scope(experiment public.experiments, document jsonb) returns void
language plpgsql
set search_path = ''
as $$
declare
  wanted uuid[];
begin
  if document ? 'actions' then
    wanted := array(
      select private.named_id('action', experiment.workspace_id, e.value, format('actions[%s]', e.ordinality - 1),
        experiment.capability_id)
      from jsonb_array_elements_text(document -> 'actions') with ordinality e);
    delete from public.experiment_actions s where s.experiment_id = experiment.id and s.action_id <> all (wanted);
    insert into public.experiment_actions (workspace_id, experiment_id, capability_id, action_id)
    select experiment.workspace_id, experiment.id, experiment.capability_id, w from unnest(wanted) w
    where not exists (select from public.experiment_actions s where s.experiment_id = experiment.id and s.action_id = w)
    group by w;
  end if;
  if document ? 'intents' then
    wanted := array(
      select private.named_id('intent', experiment.workspace_id, e.value, format('intents[%s]', e.ordinality - 1))
      from jsonb_array_elements_text(document -> 'intents') with ordinality e);
    delete from public.experiment_intents s where s.experiment_id = experiment.id and s.intent_id <> all (wanted);
    insert into public.experiment_intents (workspace_id, experiment_id, intent_id)
    select experiment.workspace_id, experiment.id, w from unnest(wanted) w
    where not exists (select from public.experiment_intents s where s.experiment_id = experiment.id and s.intent_id = w)
    group by w;
  end if;
end
$$;

comment on function private.put_scope(public.experiments, jsonb) is 'Makes the actions and the intents those of the document.';

create or replace function private.wanted_metrics(experiment public.experiments, metrics jsonb)
returns table (metric_id uuid, role text, margin double precision)
language plpgsql stable
set search_path = ''
as $$
declare
  item record;
  field text;
begin
  for item in
    select e.value ->> 'metric' as key, coalesce(e.value ->> 'role', 'secondary') as role,
      (e.value ->> 'margin')::double precision as margin, e.ordinality - 1 as n
    from jsonb_array_elements(metrics) with ordinality e
  loop
    field := format('metrics[%s].', item.n);
    perform private.require_field(field || 'margin', item.margin is null or item.role = 'guardrail',
      'left out: only a guardrail has a margin');
    perform private.require_field(field || 'margin',
      not (item.margin is null and item.role = 'guardrail' and experiment.started_at is not null),
      'a number above 0: how much worse is still acceptable, in the metric''s unit');
    metric_id := private.named_id('outcome metric', experiment.workspace_id, item.key, field || 'metric');
    role := item.role;
    margin := item.margin;
    return next;
  end loop;
end
$$;

comment on function private.wanted_metrics(public.experiments, jsonb) is 'The metrics that a document asks for, by their ids.';

create or replace function private.put_metrics(experiment public.experiments, metrics jsonb) returns void
language plpgsql
set search_path = ''
as $$
begin
  delete from public.experiment_metrics em
  where em.experiment_id = experiment.id and not exists (
    select from private.wanted_metrics(experiment, metrics) w
    where w.metric_id = em.metric_id and w.role = em.role and w.margin is not distinct from em.margin);
  insert into public.experiment_metrics (workspace_id, experiment_id, metric_id, role, margin)
  select experiment.workspace_id, experiment.id, w.metric_id, w.role, w.margin
  from private.wanted_metrics(experiment, metrics) w
  where not exists (
    select from public.experiment_metrics em where em.experiment_id = experiment.id and em.metric_id = w.metric_id);
end
$$;

comment on function private.put_metrics(public.experiments, jsonb) is 'Makes the metrics those of the document.';

create or replace function private.put_versions(
  experiment public.experiments, variant_id uuid, versions jsonb, field text
) returns void
language plpgsql
set search_path = ''
as $$
declare
  item record;
  wanted jsonb := '{}'::jsonb;
  step uuid;
begin
  for item in select * from jsonb_each(
    case jsonb_typeof(versions) when 'string' then jsonb_build_object('*', versions) else versions end) loop
    step := case when item.key <> '*' then private.named_id(
      'action', experiment.workspace_id, item.key, field || '.' || item.key, experiment.capability_id) end;
    wanted := wanted || jsonb_build_object(coalesce(step::text, ''),
      private.named_version(experiment.workspace_id, item.value, field || '.' || item.key));
  end loop;
  delete from public.variant_versions r
  where r.variant_id = put_versions.variant_id
    and wanted ->> coalesce(r.action_id::text, '') is distinct from r.prompt_version_id::text;
  insert into public.variant_versions (workspace_id, variant_id, action_id, prompt_version_id)
  select experiment.workspace_id, put_versions.variant_id, nullif(w.key, '')::uuid, w.value::uuid
  from jsonb_each_text(wanted) w
  where not exists (
    select from public.variant_versions r
    where r.variant_id = put_versions.variant_id and coalesce(r.action_id::text, '') = w.key);
end
$$;

comment on function private.put_versions(public.experiments, uuid, jsonb, text) is 'Makes what an arm runs that of the document.';

create or replace function private.put_variants(experiment public.experiments, variants jsonb) returns void
language plpgsql
set search_path = ''
as $$
declare
  item record;
  arm uuid;
begin
  delete from public.variants a
  where a.experiment_id = experiment.id
    and not exists (select from jsonb_array_elements(variants) e where e ->> 'key' = a.key);
  -- The old control steps back before the new one is made: there is one at any time.
  update public.variants a set is_control = false
  where a.experiment_id = experiment.id and a.is_control and exists (
    select from jsonb_array_elements(variants) e
    where e -> 'is_control' = to_jsonb(e ->> 'key' <> a.key));
  for item in select e.value as v, e.ordinality - 1 as n from jsonb_array_elements(variants) with ordinality e loop
    insert into public.variants as a (workspace_id, experiment_id, key, name, weight, is_control)
    values (experiment.workspace_id, experiment.id, item.v ->> 'key', coalesce(item.v ->> 'name', item.v ->> 'key'),
      coalesce((item.v ->> 'weight')::numeric, 1), coalesce((item.v ->> 'is_control')::boolean, false))
    on conflict on constraint variants_key_unique do nothing
    returning a.id into arm;
    arm := coalesce(arm, private.change_variant(experiment.id, item.v));
    if item.v ? 'versions' then
      perform private.put_versions(experiment, arm, item.v -> 'versions', format('variants[%s].versions', item.n));
    end if;
    if item.v ? 'levels' then
      perform private.put_levels(experiment, arm, item.v -> 'levels', format('variants[%s].levels', item.n));
    end if;
  end loop;
end
$$;

comment on function private.put_variants(public.experiments, jsonb) is
'Makes the arms those of the document: what it does not list goes, and what it does not say of an arm stays.';

create or replace function private.change_variant(experiment_id uuid, said jsonb) returns uuid
language plpgsql
set search_path = ''
as $$
declare
  present public.variants;
  put public.variants;
begin
  select a.* into present from public.variants a
  where a.experiment_id = change_variant.experiment_id and a.key = said ->> 'key';
  put := jsonb_populate_record(present, said - array['key', 'weight', 'versions', 'levels']);
  put.weight := coalesce((said ->> 'weight')::numeric, present.weight);
  if put is distinct from present then
    update public.variants a set name = put.name, weight = put.weight, is_control = put.is_control where a.id = present.id;
  end if;
  return present.id;
end
$$;

comment on function private.change_variant(uuid, jsonb) is 'Changes what a document says of an arm, and nothing else of it.';

create or replace function private.put_weights(experiment public.experiments, weights jsonb) returns void
language plpgsql
set search_path = ''
as $$
declare
  stranger text := (select w.key from jsonb_each(weights) w where not exists (
    select from public.variants a where a.experiment_id = experiment.id and a.key = w.key) limit 1);
begin
  perform private.require_field('weights.' || stranger, stranger is null, 'left out: there is no such arm');
  update public.variants a set weight = w.value::numeric
  from jsonb_each_text(weights) w
  where a.experiment_id = experiment.id and a.key = w.key and a.weight <> w.value::numeric;
end
$$;

comment on function private.put_weights(public.experiments, jsonb) is 'Changes the weights that are named.';
