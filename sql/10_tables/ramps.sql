create table public.ramps (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null constraint ramps_workspace_id_fkey references public.workspaces (id) on delete restrict,
  environment_id uuid not null,
  capability_id uuid not null,
  action_id uuid,
  intent_id uuid,
  experiment_id uuid not null,
  version_id uuid not null,
  from_version_id uuid not null,
  replaces_version_id uuid,
  state text not null default 'running'
    constraint ramps_state_known check (state in ('running', 'completed', 'aborted', 'stopped')),
  step integer not null default 1,
  revision integer not null default 1,
  min_subjects integer not null constraint ramps_min_subjects_range check (min_subjects between 2 and 1000000),
  reason text not null default '',
  end_code text,
  trouble jsonb,
  deployment_id uuid,
  created_by uuid,
  created_at timestamptz not null default private.now(),
  ended_at timestamptz,
  constraint ramps_in_workspace unique (workspace_id, id),
  constraint ramps_end_whole check ((state = 'running') = (ended_at is null) and (end_code is null or ended_at is not null)),
  constraint ramps_environment_id_fkey foreign key (workspace_id, environment_id)
    references public.environments (workspace_id, id) on delete restrict,
  constraint ramps_capability_id_fkey foreign key (workspace_id, capability_id)
    references public.capabilities (workspace_id, id) on delete restrict,
  constraint ramps_action_id_fkey foreign key (workspace_id, capability_id, action_id)
    references public.actions (workspace_id, capability_id, id) on delete restrict,
  constraint ramps_intent_id_fkey foreign key (workspace_id, intent_id)
    references public.intents (workspace_id, id) on delete restrict,
  constraint ramps_experiment_id_fkey foreign key (workspace_id, experiment_id)
    references public.experiments (workspace_id, id) on delete restrict,
  constraint ramps_version_id_fkey foreign key (workspace_id, version_id)
    references public.prompt_versions (workspace_id, id) on delete restrict,
  constraint ramps_from_version_id_fkey foreign key (workspace_id, from_version_id)
    references public.prompt_versions (workspace_id, id) on delete restrict,
  constraint ramps_replaces_version_id_fkey foreign key (workspace_id, replaces_version_id)
    references public.prompt_versions (workspace_id, id) on delete restrict,
  constraint ramps_deployment_id_fkey foreign key (workspace_id, deployment_id)
    references public.deployments (workspace_id, id) on delete restrict
);

create unique index ramps_one_runs on public.ramps (environment_id, capability_id, action_id, intent_id)
  nulls not distinct where state = 'running';
create index ramps_environment_id on public.ramps (workspace_id, environment_id);
create index ramps_action_id on public.ramps (workspace_id, capability_id, action_id);
create index ramps_intent_id on public.ramps (workspace_id, intent_id);
create index ramps_experiment_id on public.ramps (workspace_id, experiment_id);
create index ramps_version_id on public.ramps (workspace_id, version_id);
create index ramps_from_version_id on public.ramps (workspace_id, from_version_id);
create index ramps_replaces_version_id on public.ramps (workspace_id, replaces_version_id);
create index ramps_deployment_id on public.ramps (workspace_id, deployment_id);

comment on table public.ramps is E'A version that goes live in steps, each to a larger share of subjects, as long as its guardrails stand.\nUntil the last step it runs as an experiment: half of its traffic keeps the live version as the control, so that the evidence is randomised. The last step publishes and archives the experiment. Written by start_ramp, advance_ramp, abort_ramp and the worker.';
comment on column public.ramps.id is 'Time-ordered uuid.';
comment on column public.ramps.workspace_id is 'The workspace.';
comment on column public.ramps.environment_id is 'Scope: the environment.';
comment on column public.ramps.capability_id is 'Scope: the capability.';
comment on column public.ramps.action_id is 'Scope: the action; null for the whole capability.';
comment on column public.ramps.intent_id is 'Scope: the intent; null for every intent.';
comment on column public.ramps.experiment_id is 'The experiment that it runs as: its arms, its effects, its guardrails with their margins.';
comment on column public.ramps.version_id is 'The version that goes live.';
comment on column public.ramps.from_version_id is 'The version that answered the scope when the ramp began: the control.';
comment on column public.ramps.replaces_version_id is 'What was live at exactly this scope when it began; null when a wider scope answered.';
comment on column public.ramps.state is 'running; completed (published), aborted (by a person or a guardrail) or stopped (something else moved).';
comment on column public.ramps.step is 'The number of its present step in ramp_steps.';
comment on column public.ramps.revision is 'Counts its moves: name the one you saw, and a stale move is refused.';
comment on column public.ramps.min_subjects is 'How many subjects each arm needs before a guardrail is believed to stand.';
comment on column public.ramps.reason is 'Why, in the person''s words.';
comment on column public.ramps.end_code is E'Why it ended without being published.\naborted_by_hand, guardrail_breached, scope_moved, live_version_changed, narrower_scope_moved or experiment_archived.';
comment on column public.ramps.trouble is E'What kept a worker from moving it when it last tried: {code, message, hint, since}; null when nothing does.\nIt goes with the next move; a person may advance or abort the ramp, which raises the same or heals it.';
comment on column public.ramps.deployment_id is 'The deployment that completed it.';
comment on column public.ramps.created_by is 'The user who started it; null for a key or a server. No foreign key: history outlives accounts.';
comment on column public.ramps.created_at is 'When it was started.';
comment on column public.ramps.ended_at is 'When it was completed, aborted or stopped.';

create table public.ramp_steps (
  workspace_id uuid not null
    constraint ramp_steps_workspace_id_fkey references public.workspaces (id) on delete restrict,
  ramp_id uuid not null,
  number integer not null constraint ramp_steps_number_positive check (number > 0),
  share integer not null constraint ramp_steps_share_range check (share between 1 and 5000 or share = 10000),
  hold interval not null constraint ramp_steps_hold_positive check (hold >= interval '0'),
  started_at timestamptz,
  primary key (ramp_id, number),
  constraint ramp_steps_ramp_id_fkey foreign key (workspace_id, ramp_id)
    references public.ramps (workspace_id, id) on delete restrict
);

create index ramp_steps_ramp_id on public.ramp_steps (workspace_id, ramp_id);

comment on table public.ramp_steps is 'The steps of a ramp: what share gets the new version, and for how long at least.';
comment on column public.ramp_steps.workspace_id is 'The workspace.';
comment on column public.ramp_steps.ramp_id is 'The ramp.';
comment on column public.ramp_steps.number is 'Counts from 1.';
comment on column public.ramp_steps.share is 'Share of subjects that get the new version, in basis points: 500 is 5 %. The last step, 10000, publishes.';
comment on column public.ramp_steps.hold is 'How long the step lasts before the next may begin by itself.';
comment on column public.ramp_steps.started_at is 'When it began; null until then.';

-- Apart from ramps: workers lock these rows first and a ramp's last, so that nobody waits in a circle.
create table private.ramp_clock (
  ramp_id uuid primary key,
  workspace_id uuid not null
    constraint ramp_clock_workspace_id_fkey references public.workspaces (id) on delete cascade,
  checked_at timestamptz not null default '-infinity',
  constraint ramp_clock_ramp_id_fkey foreign key (workspace_id, ramp_id)
    references public.ramps (workspace_id, id) on delete cascade
);

create index ramp_clock_ramp_id on private.ramp_clock (workspace_id, ramp_id);
create index ramp_clock_checked_at on private.ramp_clock (checked_at);

comment on table private.ramp_clock is 'When a worker last looked at a running ramp; its row is what a worker claims.';
comment on column private.ramp_clock.ramp_id is 'The ramp.';
comment on column private.ramp_clock.workspace_id is 'The workspace.';
comment on column private.ramp_clock.checked_at is 'When.';
