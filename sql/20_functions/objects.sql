-- The things that people talk about, by the names that the API uses for their kinds.
create or replace view private.object_kinds with (security_invoker = true) as
select listed.object_kind, listed.table_name, listed.permission
from (values
  -- kind, table, what who archives it must hold; null: it has no archive
  ('action', 'actions', 'catalog.write'),
  ('alert', 'alerts', null),
  ('api_key', 'api_keys', null),
  ('approval_request', 'approval_requests', null),
  ('branch', 'branches', null),
  ('capability', 'capabilities', 'catalog.write'),
  ('change', 'changes', null),
  ('deployment', 'deployments', null),
  ('environment', 'environments', 'environments.write'),
  ('experiment', 'experiments', null),
  ('intent', 'intents', 'catalog.write'),
  ('layer', 'layers', null),
  ('outcome_metric', 'outcome_metrics', 'metrics.write'),
  ('prompt', 'prompts', 'prompts.write'),
  ('prompt_template', 'prompt_templates', null),
  ('prompt_version', 'prompt_versions', null),
  ('ramp', 'ramps', null),
  ('run', 'runs', null),
  ('run_result', 'run_results', null),
  ('test_case', 'test_cases', 'prompts.write'),
  ('variant', 'variants', null)
) as listed (object_kind, table_name, permission)
where to_regclass('public.' || listed.table_name) is not null;

comment on view private.object_kinds is 'One row per kind of thing that can be commented on, muted or archived, with its table.';

create or replace function private.object_workspace(object_kind text, object_id uuid) returns uuid
language plpgsql stable
set search_path = ''
as $$
declare
  source constant text := (select k.table_name from private.object_kinds k where k.object_kind = object_workspace.object_kind);
  owner uuid;
begin
  if source is null then
    perform private.fail('bad_argument', jsonb_build_object('argument', 'object_kind', 'expected', (
      select 'one of ' || string_agg(k.object_kind, ', ' order by k.object_kind) from private.object_kinds k)));
  end if;
  execute format('select t.workspace_id from public.%I t where t.id = $1', source) into owner using object_id;
  return owner;
end
$$;

comment on function private.object_workspace(text, uuid) is
'The workspace of a thing; null when there is no such thing. Raises bad_argument for a kind that is none.';

create or replace function private.object_environment(object_kind text, object_id uuid) returns uuid
language plpgsql stable
set search_path = ''
as $$
declare
  source constant text := (select k.table_name from private.object_kinds k where k.object_kind = object_environment.object_kind);
  thing jsonb;
begin
  execute format('select to_jsonb(t) from public.%I t where t.id = $1', source) into thing using object_id;
  return case
    when object_kind = 'environment' then object_id
    when thing ? 'environment_id' then (thing ->> 'environment_id')::uuid
    else (select e.environment_id from public.experiments e where e.id = (thing ->> 'experiment_id')::uuid)
  end;
end
$$;

comment on function private.object_environment(text, uuid) is
'The environment that a thing is in; null for what all environments share.';

create or replace function private.authorise_object(
  object_kind text, object_id uuid, requested uuid, permission text
) returns uuid
language plpgsql stable
set search_path = ''
as $$
declare
  owner constant uuid := private.object_workspace(object_kind, object_id);
begin
  perform private.authorise_row(owner, requested, permission, 'unknown_object',
    jsonb_build_object('object_kind', object_kind, 'object_id', object_id));
  perform private.require_environment(private.object_environment(object_kind, object_id));
  return owner;
end
$$;

comment on function private.authorise_object(text, uuid, uuid, text) is
'The workspace of a thing; raises unknown_object for a stranger, and permission_denied.';
