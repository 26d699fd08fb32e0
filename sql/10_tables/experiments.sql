create table public.experiments (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint experiments_workspace_id_fkey references public.workspaces (id) on delete restrict,
  key text not null constraint experiments_key_shape check (key ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'),
  name text not null,
  hypothesis text not null default '',
  environment_id uuid not null,
  capability_id uuid not null,
  unit text not null default 'user'
    constraint experiments_unit_known check (unit in ('user', 'conversation', 'account')),
  traffic integer not null default 10000 constraint experiments_traffic_share check (traffic between 0 and 10000),
  audience jsonb,
  layer_id uuid,
  layer_from integer,
  layer_to integer,
  minimum_effect double precision constraint experiments_minimum_effect_positive
    check (minimum_effect > 0 and minimum_effect < 'Infinity'::double precision),
  planned_units bigint constraint experiments_planned_units_enough check (planned_units between 40 and 1000000000000),
  sequence_units bigint,
  assigned_by text not null default 'upshot'
    constraint experiments_assigned_by_known check (assigned_by in ('upshot', 'external')),
  switchers text not null default 'exclude'
    constraint experiments_switchers_known check (switchers in ('exclude', 'first_arm')),
  segments text[] not null default '{}'
    constraint experiments_segments_few check (cardinality(segments) <= 4 and array_position(segments, null) is null),
  state text not null default 'draft'
    constraint experiments_state_known check (state in ('draft', 'in_review', 'active', 'paused', 'archived')),
  revision integer not null default 1,
  salt text not null default encode(sha256(uuid_send(gen_random_uuid())), 'hex')
    constraint experiments_salt_length check (length(salt) between 1 and 64),
  parent_experiment_id uuid,
  call_fingerprint text,
  started_at timestamptz,
  ended_at timestamptz,
  created_by uuid default auth.uid(),
  created_at timestamptz not null default private.now(),
  updated_at timestamptz not null default private.now(),
  constraint experiments_key_unique unique (workspace_id, key),
  constraint experiments_in_workspace unique (workspace_id, id),
  constraint experiments_in_capability unique (workspace_id, capability_id, id),
  constraint experiments_environment_id_fkey foreign key (workspace_id, environment_id)
    references public.environments (workspace_id, id) on delete restrict,
  constraint experiments_capability_id_fkey foreign key (workspace_id, capability_id)
    references public.capabilities (workspace_id, id) on delete restrict,
  constraint experiments_parent_fkey foreign key (workspace_id, parent_experiment_id)
    references public.experiments (workspace_id, id) on delete restrict,
  constraint experiments_layer_id_fkey foreign key (workspace_id, layer_id)
    references public.layers (workspace_id, id) on delete restrict,
  constraint experiments_layer_slot check (
    num_nonnulls(layer_id, layer_from, layer_to) = 0
    or num_nonnulls(layer_id, layer_from, layer_to) = 3
      and 0 <= layer_from and layer_from < layer_to and layer_to <= 10000),
  constraint experiments_external_outside_layers check (assigned_by = 'upshot' or layer_id is null)
);

create index experiments_environment_id on public.experiments (workspace_id, environment_id);
create index experiments_parent on public.experiments (workspace_id, parent_experiment_id);
create index experiments_layer_id on public.experiments (workspace_id, layer_id);
create index experiments_active on public.experiments (environment_id, capability_id) where state = 'active';

comment on table public.experiments is E'A hypothesis under test: scope, unit, traffic, state.\ncreate_experiment makes one from a document, edit_experiment changes it by naming its revision; activate, pause, resume and archive move the state.';
comment on column public.experiments.id is 'Time-ordered uuid.';
comment on column public.experiments.workspace_id is 'The workspace.';
comment on column public.experiments.key is 'The name that code uses: unique in the workspace; 1 to 100 letters, digits, _ . : or -, the first a letter or a digit.';
comment on column public.experiments.name is 'What people call it.';
comment on column public.experiments.hypothesis is 'What is expected to move which outcome, and why.';
comment on column public.experiments.environment_id is 'Where it runs.';
comment on column public.experiments.capability_id is 'The capability that it changes.';
comment on column public.experiments.unit is 'What is assigned: user and account by subject, conversation by conversation.';
comment on column public.experiments.traffic is 'Share of units that take part, in basis points: 10000 is all.';
comment on column public.experiments.audience is 'Who takes part, as a rule over the attributes that decide is given; null is everybody. One node is {"all": [rules]}, {"any": [rules]}, {"not": rule}, or {"attribute": "plan", <operator>: value} with one of the operators eq, in (a list), gt, gte, lt, lte, exists (true or false), contains, starts_with: {"all": [{"attribute": "plan", "in": ["pro", "team"]}, {"not": {"attribute": "account.seats", "lt": 5}}]}. call.subject, call.conversation, call.action and call.intent are the call itself. What is absent or of another type does not match.';
comment on column public.experiments.layer_id is 'The layer whose slots it holds, so that subjects in it are in no other experiment of the layer; null is none.';
comment on column public.experiments.layer_from is 'First of its slots, of 0 to 9999.';
comment on column public.experiments.layer_to is 'One past its last slot.';
comment on column public.experiments.minimum_effect is 'The smallest difference of the primary metric that would matter, in the metric''s unit: 0.02 of a proportion is two points. The checklist says how many days it takes to see it.';
comment on column public.experiments.planned_units is 'How many units it is planned for, over all arms: the any-time interval is narrowest about there. Null is what the power calculation says at the start. It cannot change once the experiment has started: a size that follows the data is no plan.';
comment on column public.experiments.sequence_units is 'The size that the any-time interval is set for: fixed at the first start, from planned_units, the power calculation, or 5,000.';
comment on column public.experiments.assigned_by is 'Who draws the arms: upshot, by hash when decide asks; or external, another system whose arms record_exposures takes as given. decide never serves an external experiment.';
comment on column public.experiments.switchers is 'What becomes of units that were exposed to more than one arm: exclude them, counted, or count them for their first_arm.';
comment on column public.experiments.segments is 'At most four names of attributes: the value that a unit''s first exposure has makes a declared segment, whose effects are exact. The intent always is one.';
comment on column public.experiments.state is 'draft, in_review, active, paused or archived; see experiment_moves.';
comment on column public.experiments.revision is 'Counts every change: name the one you saw, and a stale change is refused.';
comment on column public.experiments.salt is 'Random text in the hash, so that experiments are independent of one another.';
comment on column public.experiments.parent_experiment_id is 'The experiment that it was forked from.';
comment on column public.experiments.call_fingerprint is 'SHA-256 of the call that made it, so that the same call again answers the same experiment.';
comment on column public.experiments.started_at is 'First activation.';
comment on column public.experiments.ended_at is 'When it was archived.';
comment on column public.experiments.created_by is 'The user who drafted it. No foreign key: history outlives accounts.';
comment on column public.experiments.created_at is 'When it was drafted.';
comment on column public.experiments.updated_at is 'Last change.';

create table public.experiment_moves (
  verb text not null,
  from_state text not null constraint experiment_moves_from_state_known
    check (from_state in ('draft', 'in_review', 'active', 'paused', 'archived')),
  to_state text not null constraint experiment_moves_to_state_known
    check (to_state in ('draft', 'in_review', 'active', 'paused', 'archived')),
  permission text not null
    constraint experiment_moves_permission_fkey references public.permissions (key) on delete restrict,
  primary key (verb, from_state)
);

create index experiment_moves_permission on public.experiment_moves (permission);

comment on table public.experiment_moves is 'The state machine of experiments: one row per allowed move.';
comment on column public.experiment_moves.verb is 'What makes the move: activate, pause, resume and archive are functions of that name; submit_for_approval submits, edit_experiment edits.';
comment on column public.experiment_moves.from_state is 'The state before.';
comment on column public.experiment_moves.to_state is 'The state after.';
comment on column public.experiment_moves.permission is 'What the caller must hold.';

insert into public.experiment_moves (verb, from_state, to_state, permission) values
  ('submit', 'draft', 'in_review', 'experiments.write'),
  ('withdraw', 'in_review', 'draft', 'experiments.write'),
  ('reject', 'in_review', 'draft', 'experiments.approve'),
  ('edit', 'in_review', 'draft', 'experiments.write'),
  ('activate', 'draft', 'active', 'experiments.activate'),
  ('activate', 'in_review', 'active', 'experiments.activate'),
  ('pause', 'active', 'paused', 'experiments.activate'),
  ('resume', 'paused', 'active', 'experiments.activate'),
  ('archive', 'draft', 'archived', 'experiments.activate'),
  ('archive', 'in_review', 'archived', 'experiments.activate'),
  ('archive', 'active', 'archived', 'experiments.activate'),
  ('archive', 'paused', 'archived', 'experiments.activate');

create table public.experiment_actions (
  workspace_id uuid not null
    constraint experiment_actions_workspace_id_fkey references public.workspaces (id) on delete restrict,
  experiment_id uuid not null,
  capability_id uuid not null,
  action_id uuid not null,
  primary key (experiment_id, action_id),
  constraint experiment_actions_experiment_id_fkey foreign key (workspace_id, capability_id, experiment_id)
    references public.experiments (workspace_id, capability_id, id) on update cascade on delete cascade,
  constraint experiment_actions_action_id_fkey foreign key (workspace_id, capability_id, action_id)
    references public.actions (workspace_id, capability_id, id) on delete restrict
);

create index experiment_actions_experiment_id
  on public.experiment_actions (workspace_id, capability_id, experiment_id);
create index experiment_actions_action_id on public.experiment_actions (workspace_id, capability_id, action_id);

comment on table public.experiment_actions is 'The actions that an experiment covers; none means the capability as a whole.';
comment on column public.experiment_actions.workspace_id is 'The workspace.';
comment on column public.experiment_actions.experiment_id is 'The experiment.';
comment on column public.experiment_actions.capability_id is 'The capability of both: an action of another one cannot be named.';
comment on column public.experiment_actions.action_id is 'The action.';

create table public.experiment_intents (
  workspace_id uuid not null
    constraint experiment_intents_workspace_id_fkey references public.workspaces (id) on delete restrict,
  experiment_id uuid not null,
  intent_id uuid not null,
  primary key (experiment_id, intent_id),
  constraint experiment_intents_experiment_id_fkey foreign key (workspace_id, experiment_id)
    references public.experiments (workspace_id, id) on delete cascade,
  constraint experiment_intents_intent_id_fkey foreign key (workspace_id, intent_id)
    references public.intents (workspace_id, id) on delete restrict
);

create index experiment_intents_experiment_id on public.experiment_intents (workspace_id, experiment_id);
create index experiment_intents_intent_id on public.experiment_intents (workspace_id, intent_id);

comment on table public.experiment_intents is 'The intents that an experiment covers; none means all.';
comment on column public.experiment_intents.workspace_id is 'The workspace.';
comment on column public.experiment_intents.experiment_id is 'The experiment.';
comment on column public.experiment_intents.intent_id is 'The intent.';

create table public.experiment_metrics (
  workspace_id uuid not null
    constraint experiment_metrics_workspace_id_fkey references public.workspaces (id) on delete restrict,
  experiment_id uuid not null,
  metric_id uuid not null,
  role text not null default 'secondary'
    constraint experiment_metrics_role_known check (role in ('primary', 'secondary', 'guardrail')),
  margin double precision constraint experiment_metrics_margin_positive
    check (margin > 0 and margin < 'Infinity'::double precision),
  primary key (experiment_id, metric_id),
  constraint experiment_metrics_margin_of_guardrail check (margin is null or role = 'guardrail'),
  constraint experiment_metrics_experiment_id_fkey foreign key (workspace_id, experiment_id)
    references public.experiments (workspace_id, id) on delete cascade,
  constraint experiment_metrics_metric_id_fkey foreign key (workspace_id, metric_id)
    references public.outcome_metrics (workspace_id, id) on delete restrict
);

create unique index experiment_metrics_one_primary on public.experiment_metrics (experiment_id) where role = 'primary';
create index experiment_metrics_experiment_id on public.experiment_metrics (workspace_id, experiment_id);
create index experiment_metrics_metric_id on public.experiment_metrics (workspace_id, metric_id);

comment on table public.experiment_metrics is 'The outcomes that an experiment is judged by.';
comment on column public.experiment_metrics.workspace_id is 'The workspace.';
comment on column public.experiment_metrics.experiment_id is 'The experiment.';
comment on column public.experiment_metrics.metric_id is 'The outcome metric.';
comment on column public.experiment_metrics.role is 'primary (at most one), secondary or guardrail.';
comment on column public.experiment_metrics.margin is 'Guardrails: how much worse is still acceptable, in the metric''s unit.';

create table public.experiment_revisions (
  workspace_id uuid not null
    constraint experiment_revisions_workspace_id_fkey references public.workspaces (id) on delete restrict,
  experiment_id uuid not null,
  revision integer not null constraint experiment_revisions_positive check (revision > 0),
  state text not null constraint experiment_revisions_state_known
    check (state in ('draft', 'in_review', 'active', 'paused', 'archived')),
  document jsonb not null,
  content_hash text not null,
  actor_kind text not null constraint experiment_revisions_actor_kind_known
    check (actor_kind in ('user', 'api_key', 'service', 'system')),
  actor_id uuid,
  created_at timestamptz not null default private.now(),
  primary key (experiment_id, revision),
  constraint experiment_revisions_experiment_id_fkey foreign key (workspace_id, experiment_id)
    references public.experiments (workspace_id, id) on delete cascade
);

create index experiment_revisions_experiment_id on public.experiment_revisions (workspace_id, experiment_id);

comment on table public.experiment_revisions is E'What an experiment was at each of its revisions, who changed it and when.\nWritten as a transaction ends; a draft that is thrown away takes its own along.';
comment on column public.experiment_revisions.workspace_id is 'The workspace.';
comment on column public.experiment_revisions.experiment_id is 'The experiment.';
comment on column public.experiment_revisions.revision is 'The revision.';
comment on column public.experiment_revisions.state is 'Its state then.';
comment on column public.experiment_revisions.document is 'What defined it then, as experiment_document answers.';
comment on column public.experiment_revisions.content_hash is 'SHA-256 of the document and of the ids that its keys stand for: equal for moves, which change the state alone.';
comment on column public.experiment_revisions.actor_kind is 'user, api_key, service or system.';
comment on column public.experiment_revisions.actor_id is 'The user or the API key, if one did it.';
comment on column public.experiment_revisions.created_at is 'When.';
