-- What decide needs of an active experiment, in one row that it reads in the order in which it asks.
create table private.live_rules (
  experiment_id uuid primary key,
  workspace_id uuid not null,
  environment_id uuid not null,
  capability_id uuid not null,
  breadth smallint not null,
  started_at timestamptz not null,
  key text not null,
  salt text not null,
  traffic integer not null,
  by_conversation boolean not null,
  action_ids uuid[],
  intent_ids uuid[],
  runs_any_action boolean not null,
  runs_action_ids uuid[] not null,
  audience jsonpath,
  layer_id uuid,
  layer_from integer,
  layer_to integer,
  phase_id uuid not null,
  arm_ids uuid[] not null,
  arm_starts integer[] not null,
  arms jsonb not null,
  digest text not null,
  stream uuid not null generated always as (case when layer_id is null then capability_id else experiment_id end) stored,
  constraint live_rules_experiment_id_fkey foreign key (workspace_id, experiment_id)
    references public.experiments (workspace_id, id) on delete cascade
);

create index live_rules_place on private.live_rules
  (environment_id, capability_id, stream, breadth, started_at, experiment_id);
create index live_rules_slots on private.live_rules (environment_id, capability_id, layer_id, layer_from, layer_to)
  where layer_id is not null;
create index live_rules_experiment_id on private.live_rules (workspace_id, experiment_id);

comment on table private.live_rules is 'The active experiments, compiled for decide; derived by triggers, never the truth.';
comment on column private.live_rules.experiment_id is 'The experiment.';
comment on column private.live_rules.workspace_id is 'The workspace.';
comment on column private.live_rules.environment_id is 'Where it runs.';
comment on column private.live_rules.capability_id is 'The capability that it changes.';
comment on column private.live_rules.breadth is '0 names actions and intents, 1 actions, 2 intents, 3 neither: the narrower is asked first.';
comment on column private.live_rules.started_at is 'First activation: among equally narrow ones the older is asked first.';
comment on column private.live_rules.key is 'The experiment''s key.';
comment on column private.live_rules.salt is 'Salt of the traffic and variant buckets.';
comment on column private.live_rules.traffic is 'Share of units that take part, in basis points.';
comment on column private.live_rules.by_conversation is 'True when the unit is the conversation, not the subject.';
comment on column private.live_rules.action_ids is 'The actions that it covers; null is all.';
comment on column private.live_rules.intent_ids is 'The intents that it covers; null is all.';
comment on column private.live_rules.runs_any_action is 'True when every arm has a version for whatever action.';
comment on column private.live_rules.runs_action_ids is 'Otherwise the actions for which every arm has a version.';
comment on column private.live_rules.audience is 'The compiled audience; null is everybody.';
comment on column private.live_rules.layer_id is 'The layer; null is none.';
comment on column private.live_rules.layer_from is 'First of its slots.';
comment on column private.live_rules.layer_to is 'One past its last slot.';
comment on column private.live_rules.phase_id is 'The present phase.';
comment on column private.live_rules.arm_ids is 'The arms of the present phase, in the order of their buckets.';
comment on column private.live_rules.arm_starts is 'The first bucket of each of them.';
comment on column private.live_rules.arms is 'Every arm by its id: {key, is_control, rolled_back, versions: {action id or *: version id}}.';
comment on column private.live_rules.digest is 'SHA-256 of the row: what the etag of a ruleset is made of.';
comment on column private.live_rules.stream is E'Where decide looks for it: the experiments without a layer stand in one stream and are asked in their order,\\none in a layer stands alone and is found by the slot or by the arm of a unit.';
