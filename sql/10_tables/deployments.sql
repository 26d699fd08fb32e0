create table public.deployments (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint deployments_workspace_id_fkey references public.workspaces (id) on delete restrict,
  environment_id uuid not null,
  capability_id uuid not null,
  action_id uuid,
  intent_id uuid,
  number integer not null constraint deployments_number_positive check (number > 0),
  prompt_version_id uuid,
  previous_version_id uuid,
  kind text not null constraint deployments_kind_known check (kind in ('publish', 'rollback', 'withdraw')),
  restores_number integer,
  reason text not null default '',
  created_by uuid,
  created_at timestamptz not null default private.now(),
  constraint deployments_version_of_publish check (kind <> 'publish' or prompt_version_id is not null),
  constraint deployments_version_of_withdraw check (kind <> 'withdraw' or prompt_version_id is null),
  constraint deployments_restores_of_rollback check ((kind = 'rollback') = (restores_number is not null)),
  constraint deployments_restores_earlier check (restores_number between 0 and number - 1),
  constraint deployments_one_next unique nulls not distinct
    (environment_id, capability_id, action_id, intent_id, number),
  constraint deployments_in_workspace unique (workspace_id, id),
  constraint deployments_environment_id_fkey foreign key (workspace_id, environment_id)
    references public.environments (workspace_id, id) on delete restrict,
  constraint deployments_capability_id_fkey foreign key (workspace_id, capability_id)
    references public.capabilities (workspace_id, id) on delete restrict,
  constraint deployments_action_id_fkey foreign key (workspace_id, capability_id, action_id)
    references public.actions (workspace_id, capability_id, id) on delete restrict,
  constraint deployments_intent_id_fkey foreign key (workspace_id, intent_id)
    references public.intents (workspace_id, id) on delete restrict,
  constraint deployments_prompt_version_id_fkey foreign key (workspace_id, prompt_version_id)
    references public.prompt_versions (workspace_id, id) on delete restrict,
  constraint deployments_previous_version_id_fkey foreign key (workspace_id, previous_version_id)
    references public.prompt_versions (workspace_id, id) on delete restrict
);

create index deployments_environment_id on public.deployments (workspace_id, environment_id);
create index deployments_action_id on public.deployments (workspace_id, capability_id, action_id);
create index deployments_intent_id on public.deployments (workspace_id, intent_id);
create index deployments_prompt_version_id on public.deployments (workspace_id, prompt_version_id);
create index deployments_previous_version_id on public.deployments (workspace_id, previous_version_id);

comment on table public.deployments is E'Append-only moves of a pointer: at (environment, capability, action?, intent?) this version is live since then.\nWritten by publish, rollback and withdraw. The highest number of a scope is live; the most specific scope wins. A move without a version ends the scope''s override: the wider scope applies again.';
comment on column public.deployments.id is 'Time-ordered uuid.';
comment on column public.deployments.workspace_id is 'The workspace.';
comment on column public.deployments.environment_id is 'Scope: the environment.';
comment on column public.deployments.capability_id is 'Scope: the capability.';
comment on column public.deployments.action_id is 'Scope: the action; null for the whole capability.';
comment on column public.deployments.intent_id is 'Scope: the intent; null for every intent.';
comment on column public.deployments.number is 'Counts the moves of this scope from 1.';
comment on column public.deployments.prompt_version_id is 'The version that went live; null when the scope was given back to the wider one.';
comment on column public.deployments.previous_version_id is 'The version that was live before; null when none was.';
comment on column public.deployments.kind is 'publish, rollback or withdraw.';
comment on column public.deployments.reason is 'Why, in the person''s words.';
comment on column public.deployments.created_by is 'The user who moved it; null for a server''s key.';
comment on column public.deployments.created_at is 'Since when it is live.';
comment on column public.deployments.restores_number is E'Rollbacks: the number of the move whose state came back; 0 is the time before the first.\nThe next rollback goes on from there, so that several go further back and never to and fro.';

-- The last move of each scope, kept by a trigger: decide reads one row a scope, however long the history.
create table private.deployment_heads (
  deployment_id uuid primary key,
  workspace_id uuid not null
    constraint deployment_heads_workspace_id_fkey references public.workspaces (id) on delete restrict,
  environment_id uuid not null,
  capability_id uuid not null,
  action_id uuid,
  intent_id uuid,
  prompt_version_id uuid,
  number integer not null,
  constraint deployment_heads_scope unique nulls not distinct (environment_id, capability_id, action_id, intent_id),
  constraint deployment_heads_deployment_id_fkey foreign key (deployment_id)
    references public.deployments (id) on delete restrict
);

create index deployment_heads_workspace_id on private.deployment_heads (workspace_id);

comment on table private.deployment_heads is 'The last deployment of each scope; derived from deployments, never the truth.';
comment on column private.deployment_heads.deployment_id is 'The deployment.';
comment on column private.deployment_heads.workspace_id is 'The workspace.';
comment on column private.deployment_heads.environment_id is 'Scope: the environment.';
comment on column private.deployment_heads.capability_id is 'Scope: the capability.';
comment on column private.deployment_heads.action_id is 'Scope: the action or null.';
comment on column private.deployment_heads.intent_id is 'Scope: the intent or null.';
comment on column private.deployment_heads.prompt_version_id is 'The version that is live; null when the wider scope applies.';
comment on column private.deployment_heads.number is 'The number of the move.';
