create table public.approval_rules (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint approval_rules_workspace_id_fkey references public.workspaces (id) on delete restrict,
  act text not null
    constraint approval_rules_act_known check (act in ('experiments.activate', 'deployments.publish')),
  environment_id uuid,
  permission text not null
    constraint approval_rules_permission_fkey references public.permissions (key) on delete restrict,
  approvals integer not null default 1 constraint approval_rules_approvals_range check (approvals between 0 and 10),
  allow_self boolean not null default false,
  created_by uuid default auth.uid(),
  created_at timestamptz not null default private.now(),
  constraint approval_rules_one_per_scope unique nulls not distinct (workspace_id, act, environment_id),
  constraint approval_rules_environment_id_fkey foreign key (workspace_id, environment_id)
    references public.environments (workspace_id, id) on delete restrict
);

create index approval_rules_permission on public.approval_rules (permission);
create index approval_rules_environment_id on public.approval_rules (workspace_id, environment_id);

comment on table public.approval_rules is E'Which acts need a review before they happen, by holders of which permission, how many.\nThe rule of an environment goes before the rule for all of them. Without a rule nothing needs a review; a rollback never does. Changed by those who hold approvals.write.';
comment on column public.approval_rules.id is 'Time-ordered uuid.';
comment on column public.approval_rules.workspace_id is 'The workspace.';
comment on column public.approval_rules.act is 'experiments.activate (start, resume, or widen while it runs) or deployments.publish.';
comment on column public.approval_rules.environment_id is 'Where; null for every environment that has no rule of its own.';
comment on column public.approval_rules.permission is 'What a reviewer must hold, when they review and still when the act happens.';
comment on column public.approval_rules.approvals is 'How many reviewers must approve; 0 asks for none, for instance in staging.';
comment on column public.approval_rules.allow_self is 'True lets people approve what they asked for or made themselves.';
comment on column public.approval_rules.created_by is 'The user who made the rule. No foreign key: history outlives accounts.';
comment on column public.approval_rules.created_at is 'When it was made.';

create table public.approval_requests (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint approval_requests_workspace_id_fkey references public.workspaces (id) on delete restrict,
  act text not null
    constraint approval_requests_act_known check (act in ('experiments.activate', 'deployments.publish')),
  environment_id uuid not null,
  experiment_id uuid,
  capability_id uuid,
  action_id uuid,
  intent_id uuid,
  prompt_version_id uuid,
  content_hash text not null constraint approval_requests_content_hash_shape check (content_hash ~ '^[0-9a-f]{64}$'),
  revision integer,
  state text not null default 'open' constraint approval_requests_state_known
    check (state in ('open', 'approved', 'rejected', 'withdrawn', 'void')),
  message text not null default '' constraint approval_requests_message_length check (length(message) <= 10000),
  requested_kind text not null constraint approval_requests_requested_kind_known
    check (requested_kind in ('user', 'api_key', 'service', 'system')),
  requested_by uuid,
  authors uuid[] not null default '{}',
  created_at timestamptz not null default private.now(),
  decided_at timestamptz,
  used_at timestamptz,
  constraint approval_requests_in_workspace unique (workspace_id, id),
  constraint approval_requests_object check (case act
    when 'experiments.activate' then experiment_id is not null and revision is not null and prompt_version_id is null
    else experiment_id is null and capability_id is not null and prompt_version_id is not null end),
  constraint approval_requests_environment_id_fkey foreign key (workspace_id, environment_id)
    references public.environments (workspace_id, id) on delete restrict,
  constraint approval_requests_experiment_id_fkey foreign key (workspace_id, experiment_id)
    references public.experiments (workspace_id, id) on delete restrict,
  constraint approval_requests_capability_id_fkey foreign key (workspace_id, capability_id)
    references public.capabilities (workspace_id, id) on delete restrict,
  constraint approval_requests_action_id_fkey foreign key (workspace_id, action_id)
    references public.actions (workspace_id, id) on delete restrict,
  constraint approval_requests_intent_id_fkey foreign key (workspace_id, intent_id)
    references public.intents (workspace_id, id) on delete restrict,
  constraint approval_requests_prompt_version_id_fkey foreign key (workspace_id, prompt_version_id)
    references public.prompt_versions (workspace_id, id) on delete restrict
);

-- One request that still stands for the same content: asking twice is asking once.
create unique index approval_requests_one_standing on public.approval_requests (workspace_id, act, content_hash)
  where state in ('open', 'approved') and used_at is null;
create index approval_requests_state on public.approval_requests (workspace_id, state, created_at);
create index approval_requests_environment_id on public.approval_requests (workspace_id, environment_id);
create index approval_requests_experiment_id on public.approval_requests (workspace_id, experiment_id);
create index approval_requests_capability_id on public.approval_requests (workspace_id, capability_id);
create index approval_requests_action_id on public.approval_requests (workspace_id, action_id);
create index approval_requests_intent_id on public.approval_requests (workspace_id, intent_id);
create index approval_requests_prompt_version_id on public.approval_requests (workspace_id, prompt_version_id);

comment on table public.approval_requests is E'Somebody asks that something may happen: this experiment may start, this version may go live here.\nBound to the hash of exactly what was asked for. Made by submit_for_approval and request_publication.';
comment on column public.approval_requests.id is 'Time-ordered uuid.';
comment on column public.approval_requests.workspace_id is 'The workspace.';
comment on column public.approval_requests.act is 'experiments.activate or deployments.publish.';
comment on column public.approval_requests.environment_id is 'Where it would happen.';
comment on column public.approval_requests.experiment_id is 'The experiment that would start.';
comment on column public.approval_requests.capability_id is 'Publication: the capability.';
comment on column public.approval_requests.action_id is 'Publication: the action; null for the whole capability.';
comment on column public.approval_requests.intent_id is 'Publication: the intent; null for every intent.';
comment on column public.approval_requests.prompt_version_id is 'Publication: the version that would go live.';
comment on column public.approval_requests.content_hash is 'SHA-256, in hex, of what would happen. Name it when you approve: you approve this and nothing else.';
comment on column public.approval_requests.revision is 'The experiment''s revision when it was submitted.';
comment on column public.approval_requests.state is 'open, approved, rejected, withdrawn, or void: what was asked for has been edited since.';
comment on column public.approval_requests.message is 'What the requester said to the reviewers.';
comment on column public.approval_requests.requested_kind is 'user, api_key, service or system.';
comment on column public.approval_requests.requested_by is 'The user or the API key that asked.';
comment on column public.approval_requests.authors is 'Who may not review it: the requester, the maker of the key that asked, and who drafted the experiment or committed the version.';
comment on column public.approval_requests.created_at is 'When it was asked for.';
comment on column public.approval_requests.decided_at is 'When it left the state open.';
comment on column public.approval_requests.used_at is 'Publication: when it happened. An approval publishes once.';

create table public.approval_reviews (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint approval_reviews_workspace_id_fkey references public.workspaces (id) on delete restrict,
  request_id uuid not null,
  reviewer_id uuid not null,
  decision text not null constraint approval_reviews_decision_known check (decision in ('approve', 'reject')),
  comment text not null default '' constraint approval_reviews_comment_length check (length(comment) <= 10000),
  created_at timestamptz not null default private.now(),
  constraint approval_reviews_request_id_fkey foreign key (workspace_id, request_id)
    references public.approval_requests (workspace_id, id) on delete restrict
);

create index approval_reviews_request_id on public.approval_reviews (workspace_id, request_id, reviewer_id);

comment on table public.approval_reviews is E'What a reviewer decided. Append-only: who changes their mind adds a row, and the last one counts.\nAn approval counts as long as its reviewer is a member who holds the permission that the rule asks for.';
comment on column public.approval_reviews.id is 'Time-ordered uuid.';
comment on column public.approval_reviews.workspace_id is 'The workspace.';
comment on column public.approval_reviews.request_id is 'The request.';
comment on column public.approval_reviews.reviewer_id is 'The user who reviewed. No foreign key: history outlives accounts.';
comment on column public.approval_reviews.decision is 'approve or reject.';
comment on column public.approval_reviews.comment is 'Why.';
comment on column public.approval_reviews.created_at is 'When.';
