-- A partition a month, by the month that is in the caller's time-ordered id: so the id stays unique however old it is.
-- No foreign keys: record_inferences alone writes here and resolves every reference itself; each key would cost an index and a
-- lookup a row on the hottest path. What holds the workspace is the batch's event in the audit log, whose key says so once.
create table public.inferences (
  id uuid not null,
  workspace_id uuid not null,
  environment_id uuid not null,
  subject text not null,
  conversation text,
  capability_id uuid not null,
  action_id uuid,
  intent_id uuid,
  prompt_version_id uuid not null,
  experiment_id uuid,
  variant_id uuid,
  provider text not null,
  requested_model text not null,
  resolved_model text,
  started_at timestamptz not null,
  latency_ms double precision not null,
  input_tokens integer,
  output_tokens integer,
  cost_usd double precision,
  status text not null constraint inferences_status_known check (status in ('ok', 'error')),
  error_code text,
  finish_reason text,
  output text,
  received_at timestamptz not null default now(),
  tx bigint not null default (pg_current_xact_id()::text::bigint),
  -- The id first: keys of all workspaces go to the right edge of one tree, and a look-up by it can use no other index.
  primary key (id, workspace_id)
) partition by range (id);

create index inferences_subject on public.inferences (workspace_id, subject, started_at);
create index inferences_conversation on public.inferences (workspace_id, conversation, started_at) where conversation is not null;
-- Rows come in the order of time: a block range index costs next to nothing, and finds the last day.
create index inferences_received_at on public.inferences using brin (received_at);
-- Not by block ranges: those at the table's end have no summary for a minute, and each look of the compactor would read them all.
create index inferences_tx on public.inferences (tx);

comment on table public.inferences is E'One call of a model. Append-only; written by record_inferences.\nThe caller makes the id, so that sending a batch twice records it once.';
comment on column public.inferences.id is 'The caller''s uuid, unique in the workspace.';
comment on column public.inferences.workspace_id is 'The workspace.';
comment on column public.inferences.environment_id is 'Where it happened.';
comment on column public.inferences.subject is 'For whom: the same text that decide got.';
comment on column public.inferences.conversation is 'In which conversation.';
comment on column public.inferences.capability_id is 'For which capability.';
comment on column public.inferences.action_id is 'For which action.';
comment on column public.inferences.intent_id is 'With which intent.';
comment on column public.inferences.prompt_version_id is 'The version that ran.';
comment on column public.inferences.experiment_id is 'The experiment that chose it.';
comment on column public.inferences.variant_id is 'The arm that chose it.';
comment on column public.inferences.provider is 'Who ran the model.';
comment on column public.inferences.requested_model is 'The model that was asked for.';
comment on column public.inferences.resolved_model is 'The model that the provider says it used.';
comment on column public.inferences.started_at is 'When the call began.';
comment on column public.inferences.latency_ms is 'How long it took, in milliseconds.';
comment on column public.inferences.input_tokens is 'Tokens in.';
comment on column public.inferences.output_tokens is 'Tokens out.';
comment on column public.inferences.cost_usd is 'What it cost, in US dollars.';
comment on column public.inferences.status is 'ok or error.';
comment on column public.inferences.error_code is 'The provider''s or adapter''s code of the error.';
comment on column public.inferences.finish_reason is 'Why the model stopped.';
comment on column public.inferences.output is 'What the model said, if the caller wants it kept.';
comment on column public.inferences.received_at is 'When it was recorded.';
comment on column public.inferences.tx is 'The transaction that wrote it: readers that keep up use it as a watermark.';

-- Ids of chance lie everywhere: nearly all of them beyond the years in which time-ordered ones are made now.
create table private.inferences_before partition of public.inferences
  for values from (minvalue) to ('016f5e66-e800-0000-0000-000000000000');
create table private.inferences_after partition of public.inferences
  for values from ('03bb2cc3-d800-0000-0000-000000000000') to (maxvalue);
create table private.inferences_default partition of public.inferences default;
comment on table private.inferences_before is 'Inferences whose ids tell no time, or one before 2020.';
comment on table private.inferences_after is 'Inferences whose ids tell no time, or one from 2100 on.';
comment on table private.inferences_default is 'Inferences of months that have no partition of their own.';
