create or replace view private.role_defaults as
select standing.role, standing.name, granted.permission
from (values
  ('owner', 'Owner', null::text[]),
  ('admin', 'Admin', null),
  ('product_manager', 'Product manager', array['workspace.read', 'catalog.write', 'prompts.write', 'templates.write',
    'metrics.write', 'experiments.write', 'experiments.activate', 'experiments.approve', 'layers.write',
    'deployments.publish', 'deployments.approve', 'deployments.rollback', 'decisions.make', 'comments.write',
    'runs.write', 'imports.write']),
  ('prompt_engineer', 'Prompt engineer', array['workspace.read', 'catalog.write', 'prompts.write', 'templates.write',
    'metrics.write', 'experiments.write', 'experiments.approve', 'decisions.make', 'comments.write', 'runs.write']),
  ('operations', 'Operations', array['workspace.read', 'deployments.rollback', 'decisions.make', 'comments.write',
    'imports.write']),
  ('engineer', 'Engineer', array['workspace.read', 'environments.write', 'catalog.write', 'prompts.write',
    'templates.write', 'metrics.write', 'experiments.write', 'experiments.activate', 'experiments.approve',
    'layers.write', 'deployments.publish', 'deployments.approve', 'deployments.rollback', 'decisions.make',
    'events.write', 'comments.write', 'runs.write', 'imports.write']),
  ('enablement', 'Enablement', array['workspace.read', 'prompts.write', 'templates.write', 'experiments.write',
    'comments.write']),
  ('viewer', 'Viewer', array['workspace.read'])
) as standing (role, name, permissions)
left join public.permissions known on standing.permissions is null or known.key = any (standing.permissions)
cross join lateral (select known.key) as granted (permission);

comment on view private.role_defaults is
'One row per role and permission that a new workspace begins with; a role without any has one row with null.';

create or replace function private.furnish_workspace(workspace_id uuid, owner uuid) returns void
language plpgsql
set search_path = ''
as $$
begin
  insert into public.roles (workspace_id, key, name)
  select distinct furnish_workspace.workspace_id, d.role, d.name from private.role_defaults d;
  insert into public.role_permissions (workspace_id, role, permission)
  select furnish_workspace.workspace_id, d.role, d.permission
  from private.role_defaults d where d.permission is not null;
  insert into public.environments (workspace_id, key, name, is_production) values
    (furnish_workspace.workspace_id, 'production', 'Production', true),
    (furnish_workspace.workspace_id, 'staging', 'Staging', false);
  insert into public.experiment_templates (workspace_id, key, name, description, slots, document, created_by)
  select furnish_workspace.workspace_id, d.key, d.name, d.description, d.slots, d.document, null
  from private.template_defaults d;
  insert into public.members (workspace_id, user_id, role) values (furnish_workspace.workspace_id, owner, 'owner');
end
$$;

comment on function private.furnish_workspace(uuid, uuid) is 'Gives a new workspace its roles, its two environments, its templates of experiments and its owner.';

create or replace function private.create_workspace(name text, slug text) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  made uuid;
begin
  if auth.uid() is null then
    perform private.fail('sign_in_required');
  end if;
  perform private.require_text('name', name, 200);
  if slug is null or slug !~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$' then
    perform private.fail('bad_argument', '{"argument": "slug", "expected": "1 to 63 lower-case letters, digits or inner hyphens"}');
  end if;
  perform pg_advisory_xact_lock(hashtextextended(auth.uid()::text || slug, 0));
  made := (select w.id from public.workspaces w
    where w.created_by = auth.uid() and w.slug = create_workspace.slug
      -- Who was sent away is a stranger, also to what they made.
      and w.id in (select private.my_rooms()) order by w.id limit 1);
  if made is null then
    insert into public.workspaces (name, slug, created_by) values (name, slug, auth.uid()) returning id into made;
    perform private.furnish_workspace(made, auth.uid());
  end if;
  return jsonb_build_object('workspace_id', made, 'environments', (
    select jsonb_object_agg(e.key, e.id) from public.environments e where e.workspace_id = made));
end
$$;

comment on function private.create_workspace(text, text) is
E'Makes a workspace and its owner; the same caller and slug again returns the same workspace.\nDefiner: nobody is a member yet, so no policy could allow it.';
