create or replace function private.lineage_of(inference_id uuid, workspace_id uuid) returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  tenant uuid := private.authorise(workspace_id, 'workspace.read');
  call public.inferences;
  version public.prompt_versions;
begin
  select i.* into call from public.inferences i where i.workspace_id = tenant and i.id = inference_id;
  if call.id is null then
    perform private.fail('unknown_inference', jsonb_build_object('inference_id', inference_id));
  end if;
  perform private.require_environment(call.environment_id);
  select v.* into version from public.prompt_versions v where v.id = call.prompt_version_id and v.workspace_id = tenant;
  return jsonb_build_object(
    'inference_id', call.id, 'started_at', call.started_at,
    'experiment_id', call.experiment_id, 'variant_id', call.variant_id,
    'deployment', private.deployment_behind(call),
    'version', private.version_card(version), 'forked_from_version_id', version.forked_from_version_id,
    'template', private.template_card(version.template_version_id));
end
$$;

comment on function private.lineage_of(uuid, uuid) is
E'What one call of a model came from.\nDefiner: as diff_versions.';

create or replace function private.template_card(template_version_id uuid) returns jsonb
language sql stable
set search_path = ''
as $$
  select jsonb_build_object('template_id', t.id, 'key', t.key, 'version_id', v.id, 'number', v.number)
  from public.prompt_template_versions v join public.prompt_templates t on t.id = v.template_id
  where v.id = template_version_id
$$;

comment on function private.template_card(uuid) is 'What identifies a template version; null for none.';

create or replace function private.deployment_behind(call public.inferences) returns jsonb
language sql stable
set search_path = ''
as $$
  select jsonb_build_object('id', d.id, 'number', d.number, 'kind', d.kind, 'live_since', d.created_at)
  from public.deployments d
  where d.workspace_id = (call).workspace_id and d.prompt_version_id = (call).prompt_version_id
    and d.environment_id = (call).environment_id and d.capability_id = (call).capability_id
    and (d.action_id is null or d.action_id = (call).action_id)
    and (d.intent_id is null or d.intent_id = (call).intent_id)
    and d.created_at <= (call).started_at
  order by (d.action_id is not null)::integer + (d.intent_id is not null)::integer desc, d.created_at desc, d.id desc
  limit 1
$$;

comment on function private.deployment_behind(public.inferences) is
'The last deployment of the version in the call''s scope before the call; null when an experiment brought it alone.';
