create table public.changes (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null constraint changes_workspace_id_fkey references public.workspaces (id) on delete restrict,
  kind text not null constraint changes_kind_known check (kind in (
    'deployment_published', 'deployment_rolled_back', 'deployment_withdrawn', 'variant_rolled_back', 'variant_restored',
    'ramp_started', 'ramp_advanced', 'ramp_completed', 'ramp_aborted', 'ramp_stopped',
    'experiment_activated', 'experiment_paused', 'experiment_resumed', 'experiment_archived', 'experiment_shares_changed',
    'holdout_changed',
    'provider_model_changed', 'import', 'incident', 'annotation')),
  environment_id uuid,
  capability_id uuid,
  action_id uuid,
  intent_id uuid,
  experiment_id uuid,
  variant_id uuid,
  deployment_id uuid,
  summary text not null,
  detail jsonb not null default '{}',
  actor_kind text not null constraint changes_actor_kind_known check (actor_kind in ('user', 'api_key', 'service', 'system')),
  actor_id uuid,
  occurred_at timestamptz not null default private.now(),
  recorded_at timestamptz not null default private.now(),
  supersedes_id uuid,
  constraint changes_in_workspace unique (workspace_id, id),
  constraint changes_corrections check (supersedes_id is null or kind in ('annotation', 'incident')),
  constraint changes_supersedes_id_fkey foreign key (workspace_id, supersedes_id)
    references public.changes (workspace_id, id) on delete restrict,
  constraint changes_environment_id_fkey foreign key (workspace_id, environment_id)
    references public.environments (workspace_id, id) on delete restrict,
  constraint changes_capability_id_fkey foreign key (workspace_id, capability_id)
    references public.capabilities (workspace_id, id) on delete restrict,
  constraint changes_action_id_fkey foreign key (workspace_id, action_id)
    references public.actions (workspace_id, id) on delete restrict,
  constraint changes_intent_id_fkey foreign key (workspace_id, intent_id)
    references public.intents (workspace_id, id) on delete restrict,
  constraint changes_experiment_id_fkey foreign key (workspace_id, experiment_id)
    references public.experiments (workspace_id, id) on delete restrict,
  constraint changes_variant_id_fkey foreign key (workspace_id, variant_id)
    references public.variants (workspace_id, id) on delete restrict,
  constraint changes_deployment_id_fkey foreign key (workspace_id, deployment_id)
    references public.deployments (workspace_id, id) on delete restrict
);

create index changes_occurred_at on public.changes (workspace_id, occurred_at);
create unique index changes_corrected_once on public.changes (workspace_id, supersedes_id);
create index changes_environment_id on public.changes (workspace_id, environment_id);
create index changes_capability_id on public.changes (workspace_id, capability_id);
create index changes_action_id on public.changes (workspace_id, action_id);
create index changes_intent_id on public.changes (workspace_id, intent_id);
create index changes_experiment_id on public.changes (workspace_id, experiment_id);
create index changes_variant_id on public.changes (workspace_id, variant_id);
create index changes_deployment_id on public.changes (workspace_id, deployment_id);

comment on table public.changes is E'The ledger of everything that could have moved an outcome. Append-only.\nWritten in the transaction of the change itself.';
comment on column public.changes.id is 'Time-ordered uuid.';
comment on column public.changes.workspace_id is 'The workspace.';
comment on column public.changes.kind is 'What happened.';
comment on column public.changes.environment_id is 'Where.';
comment on column public.changes.capability_id is 'To which capability.';
comment on column public.changes.action_id is 'To which action.';
comment on column public.changes.intent_id is 'For which intent.';
comment on column public.changes.experiment_id is 'To which experiment.';
comment on column public.changes.variant_id is 'To which arm.';
comment on column public.changes.deployment_id is 'By which deployment.';
comment on column public.changes.summary is 'One sentence for people.';
comment on column public.changes.detail is 'The same for machines.';
comment on column public.changes.actor_kind is 'user, api_key, service (a server''s secret key, or a worker) or system.';
comment on column public.changes.actor_id is 'The user or the API key, if one did it.';
comment on column public.changes.occurred_at is 'When it happened: for an annotation or an incident, as its author says.';
comment on column public.changes.recorded_at is 'When it was written down.';
comment on column public.changes.supersedes_id is 'The annotation or incident that this one corrects; see timeline.';
