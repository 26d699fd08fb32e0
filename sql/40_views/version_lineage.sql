create or replace view public.version_lineage with (security_invoker = true) as
select v.workspace_id, v.prompt_id, v.id as version_id, v.number as version_number, v.content_hash,
  v.parent_version_id, v.merged_version_id, v.forked_from_version_id,
  t.template_id, v.template_version_id, t.number as template_version_number,
  d.id as deployment_id, d.environment_id, d.capability_id, d.action_id, d.intent_id,
  d.kind as deployment_kind, d.created_at as deployed_at
from public.prompt_versions v
left join public.prompt_template_versions t on t.workspace_id = v.workspace_id and t.id = v.template_version_id
left join public.deployments d on d.workspace_id = v.workspace_id and d.prompt_version_id = v.id;

comment on view public.version_lineage is E'One row per prompt version × deployment of it (one without, when it was never deployed): from the template, over its parents, to where it went live.\nFilter by template_version_id to see what became of a template, by version_id to see where a version came from. lineage_of says the same for one inference.';
comment on column public.version_lineage.workspace_id is 'The workspace.';
comment on column public.version_lineage.prompt_id is 'The prompt.';
comment on column public.version_lineage.version_id is 'The version.';
comment on column public.version_lineage.version_number is 'Its number in the prompt.';
comment on column public.version_lineage.content_hash is 'SHA-256 of its bundle.';
comment on column public.version_lineage.parent_version_id is 'The version that it was committed on.';
comment on column public.version_lineage.merged_version_id is 'The second parent of a merge.';
comment on column public.version_lineage.forked_from_version_id is 'The version of another prompt that it copies.';
comment on column public.version_lineage.template_id is 'The template that it was made from, itself or through its parents.';
comment on column public.version_lineage.template_version_id is 'The version of that template.';
comment on column public.version_lineage.template_version_number is 'Its number in the template.';
comment on column public.version_lineage.deployment_id is 'The deployment that made it live; null when it never was.';
comment on column public.version_lineage.environment_id is 'Where it went live: the environment.';
comment on column public.version_lineage.capability_id is 'Where it went live: the capability.';
comment on column public.version_lineage.action_id is 'Where it went live: the action; null for the whole capability.';
comment on column public.version_lineage.intent_id is 'Where it went live: the intent; null for every intent.';
comment on column public.version_lineage.deployment_kind is 'How it went live: as deployments.kind.';
comment on column public.version_lineage.deployed_at is 'Since when.';
