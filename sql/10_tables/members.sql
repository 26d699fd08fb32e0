create table public.permissions (
  key text primary key constraint permissions_key_shape check (key ~ '^[a-z_]+\.[a-z_]+$'),
  description text not null,
  is_personal boolean not null default false
);

comment on table public.permissions is 'What a role may hold: the fixed list that verbs and policies ask for.';
comment on column public.permissions.key is 'noun.verb, for instance experiments.activate.';
comment on column public.permissions.description is 'What it lets a person do.';
comment on column public.permissions.is_personal is 'True for what only a person may hold: no API key gets it.';

insert into public.permissions (key, description) values
  ('workspace.read', 'Read what the workspace holds: what a key that only reports or decides need not do.'),
  ('workspace.write', 'Rename the workspace.'),
  ('members.write', 'Invite and remove members and change their roles.'),
  ('roles.write', 'Change which permissions a role holds.'),
  ('api_keys.write', 'Make and revoke API keys.'),
  ('audit.read', 'Read the audit log.'),
  ('approvals.write', 'Say which acts need an approval, and whose.'),
  ('environments.write', 'Add and rename environments.'),
  ('catalog.write', 'Change capabilities, actions, intents and their examples.'),
  ('prompts.write', 'Change prompts, branches and test cases, and commit versions.'),
  ('templates.write', 'Make templates of prompts and experiments.'),
  ('metrics.write', 'Define outcome metrics.'),
  ('experiments.write', 'Draft and edit experiments and their variants.'),
  ('experiments.activate', 'Activate, pause, resume and archive experiments.'),
  ('experiments.approve', 'Review experiments before they start.'),
  ('layers.write', 'Change layers and the holdout.'),
  ('deployments.publish', 'Make a version live, at once or in steps.'),
  ('deployments.approve', 'Review versions before they go live.'),
  ('deployments.rollback', 'Roll back a deployment or a variant.'),
  ('decisions.make', 'Ask what to run for a subject; logs the exposure.'),
  ('events.write', 'Record inferences and outcomes.'),
  ('imports.write', 'Bring outcomes from files, and take them back.'),
  ('subjects.erase', 'Erase a person from all that was recorded.'),
  ('comments.write', 'Comment, and mark the timeline.'),
  ('runs.write', 'Run versions over test cases.'),
  ('provider_keys.write', 'Store and replace the keys of language-model providers.');

-- Who may do what, the judgement of changes and erasure stay with people: a leaked key neither spreads, nor approves
-- itself, nor deletes history.
update public.permissions set is_personal = true
where key in ('members.write', 'roles.write', 'api_keys.write', 'provider_keys.write', 'approvals.write',
  'experiments.approve', 'deployments.approve', 'subjects.erase');

create table public.roles (
  workspace_id uuid not null constraint roles_workspace_id_fkey references public.workspaces (id) on delete cascade,
  key text not null constraint roles_key_shape check (key ~ '^[a-z_]{1,50}$'),
  name text not null,
  primary key (workspace_id, key)
);

comment on table public.roles is 'A named set of permissions in a workspace; eight are made with it.';
comment on column public.roles.workspace_id is 'The workspace.';
comment on column public.roles.key is 'owner, admin, product_manager, prompt_engineer, operations, engineer, enablement, viewer.';
comment on column public.roles.name is 'What people call it.';

create table public.role_permissions (
  workspace_id uuid not null,
  role text not null,
  permission text not null
    constraint role_permissions_permission_fkey references public.permissions (key) on delete cascade,
  primary key (workspace_id, role, permission),
  constraint role_permissions_role_fkey foreign key (workspace_id, role)
    references public.roles (workspace_id, key) on delete cascade
);

create index role_permissions_permission on public.role_permissions (permission);

comment on table public.role_permissions is 'One row per permission that a role holds in a workspace. Changed by those who hold roles.write.';
comment on column public.role_permissions.workspace_id is 'The workspace.';
comment on column public.role_permissions.role is 'The role.';
comment on column public.role_permissions.permission is 'The permission that it holds.';

create table public.members (
  workspace_id uuid not null constraint members_workspace_id_fkey references public.workspaces (id) on delete cascade,
  user_id uuid not null constraint members_user_id_fkey references auth.users (id) on delete cascade,
  role text not null,
  created_at timestamptz not null default private.now(),
  primary key (workspace_id, user_id),
  constraint members_role_fkey foreign key (workspace_id, role)
    references public.roles (workspace_id, key) on delete restrict
);

create index members_user_id on public.members (user_id);
create index members_role on public.members (workspace_id, role);

comment on table public.members is 'A user in a workspace, with exactly one role there.';
comment on column public.members.workspace_id is 'The workspace.';
comment on column public.members.user_id is 'The user, of auth.users.';
comment on column public.members.role is 'The role that they have here.';
comment on column public.members.created_at is 'When they joined.';
