create table public.assignments (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint assignments_workspace_id_fkey references public.workspaces (id) on delete restrict,
  experiment_id uuid not null,
  phase_id uuid not null,
  variant_id uuid not null,
  unit_id text not null constraint assignments_unit_id_length check (length(unit_id) between 1 and 512),
  subject text not null,
  conversation text,
  intent_id uuid,
  bucket integer not null constraint assignments_bucket_range check (bucket between 0 and 9999),
  attributes jsonb not null default '{}',
  assigned_at timestamptz not null default private.now(),
  tx bigint not null default (pg_current_xact_id()::text::bigint),
  actor_kind text not null
    constraint assignments_actor_kind_known check (actor_kind in ('user', 'api_key', 'service', 'system')),
  actor_id uuid,
  constraint assignments_sticky unique (workspace_id, unit_id, experiment_id),
  constraint assignments_phase_id_fkey foreign key (workspace_id, experiment_id, phase_id)
    references public.experiment_phases (workspace_id, experiment_id, id) on delete restrict,
  constraint assignments_variant_id_fkey foreign key (workspace_id, experiment_id, variant_id)
    references public.variants (workspace_id, experiment_id, id) on delete restrict
);

create index assignments_phase_id on public.assignments (workspace_id, experiment_id, phase_id);
create index assignments_variant_id on public.assignments (workspace_id, experiment_id, variant_id);
create index assignments_conversation on public.assignments (workspace_id, conversation) where conversation is not null;
create index assignments_tx on public.assignments (tx);

-- Sticky by unit first: one descent finds all arms of a unit, however many experiments are live.
comment on constraint assignments_sticky on public.assignments is 'A unit has one arm in an experiment.';

comment on table public.assignments is E'A unit''s arm in an experiment, decided once: sticky, append-only, and the log of its first exposure.\nWritten by decide in the transaction that answers.';
comment on column public.assignments.id is 'Time-ordered uuid.';
comment on column public.assignments.workspace_id is 'The workspace.';
comment on column public.assignments.experiment_id is 'The experiment.';
comment on column public.assignments.phase_id is 'The phase in which it was decided.';
comment on column public.assignments.variant_id is 'The arm.';
comment on column public.assignments.unit_id is 'What was hashed: the subject, or the conversation if the experiment assigns conversations.';
comment on column public.assignments.subject is 'The subject of the first exposure.';
comment on column public.assignments.conversation is 'The conversation of the first exposure.';
comment on column public.assignments.intent_id is 'The intent of the first exposure. No foreign key: history outlives the catalogue.';
comment on column public.assignments.bucket is 'The hash''s bucket, of 0 to 9999.';
comment on column public.assignments.attributes is 'What the caller said about the subject then.';
comment on column public.assignments.assigned_at is 'The first exposure.';
comment on column public.assignments.tx is 'The transaction that wrote it: readers that keep up use it as a watermark.';
comment on column public.assignments.actor_kind is 'Who asked: user, api_key, service or system. The table is its own audit log.';
comment on column public.assignments.actor_id is 'The user or the API key that asked.';
