create table public.variants (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null constraint variants_workspace_id_fkey references public.workspaces (id) on delete restrict,
  experiment_id uuid not null,
  key text not null constraint variants_key_shape check (key ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'),
  name text not null,
  weight integer not null default 1 constraint variants_weight_range check (weight between 0 and 10000),
  is_control boolean not null default false,
  rolled_back_at timestamptz,
  created_at timestamptz not null default private.now(),
  constraint variants_key_unique unique (experiment_id, key),
  constraint variants_in_workspace unique (workspace_id, id),
  constraint variants_of_experiment unique (workspace_id, experiment_id, id),
  constraint variants_control_stays check (not (is_control and rolled_back_at is not null)),
  constraint variants_experiment_id_fkey foreign key (workspace_id, experiment_id)
    references public.experiments (workspace_id, id) on delete cascade
);

create unique index variants_one_control on public.variants (experiment_id) where is_control;

comment on table public.variants is 'One arm of an experiment. Exactly one is the control.';
comment on column public.variants.id is 'Time-ordered uuid.';
comment on column public.variants.workspace_id is 'The workspace.';
comment on column public.variants.experiment_id is 'The experiment.';
comment on column public.variants.key is 'The name that code uses: unique in the experiment; 1 to 100 letters, digits, _ . : or -, the first a letter or a digit.';
comment on column public.variants.name is 'What people call it.';
comment on column public.variants.weight is 'Its share of new units, relative to the other arms.';
comment on column public.variants.is_control is 'True for the arm that the others are compared with.';
comment on column public.variants.rolled_back_at is 'From then on its units get the control; null while it runs. Set by rollback_variant, cleared by restore_variant.';
comment on column public.variants.created_at is 'When it was made.';

create table public.variant_versions (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint variant_versions_workspace_id_fkey references public.workspaces (id) on delete restrict,
  variant_id uuid not null,
  action_id uuid,
  prompt_version_id uuid not null,
  constraint variant_versions_one_per_action unique nulls not distinct (variant_id, action_id),
  constraint variant_versions_variant_id_fkey foreign key (workspace_id, variant_id)
    references public.variants (workspace_id, id) on delete cascade,
  constraint variant_versions_action_id_fkey foreign key (workspace_id, action_id)
    references public.actions (workspace_id, id) on delete restrict,
  constraint variant_versions_prompt_version_id_fkey foreign key (workspace_id, prompt_version_id)
    references public.prompt_versions (workspace_id, id) on delete restrict
);

create index variant_versions_variant_id on public.variant_versions (workspace_id, variant_id);
create index variant_versions_action_id on public.variant_versions (workspace_id, action_id);
create index variant_versions_prompt_version_id on public.variant_versions (workspace_id, prompt_version_id);

comment on table public.variant_versions is 'The prompt version that a variant runs, per action.';
comment on column public.variant_versions.id is 'Time-ordered uuid.';
comment on column public.variant_versions.workspace_id is 'The workspace.';
comment on column public.variant_versions.variant_id is 'The variant.';
comment on column public.variant_versions.action_id is 'The action; null for every action that has no row of its own.';
comment on column public.variant_versions.prompt_version_id is 'The version that runs.';

create table public.experiment_phases (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint experiment_phases_workspace_id_fkey references public.workspaces (id) on delete restrict,
  experiment_id uuid not null,
  number integer not null constraint experiment_phases_number_positive check (number > 0),
  started_at timestamptz not null,
  constraint experiment_phases_number_unique unique (experiment_id, number),
  constraint experiment_phases_of_experiment unique (workspace_id, experiment_id, id),
  constraint experiment_phases_experiment_id_fkey foreign key (workspace_id, experiment_id)
    references public.experiments (workspace_id, id) on delete restrict
);

comment on table public.experiment_phases is E'A stretch of an experiment with the same arms and weights.\nA new one begins when they change, so that arms are only ever compared within a phase.';
comment on column public.experiment_phases.id is 'Time-ordered uuid.';
comment on column public.experiment_phases.workspace_id is 'The workspace.';
comment on column public.experiment_phases.experiment_id is 'The experiment.';
comment on column public.experiment_phases.number is 'Counts from 1; the highest is the present one.';
comment on column public.experiment_phases.started_at is 'When it began; it ends when the next begins.';

create table public.experiment_phase_arms (
  workspace_id uuid not null
    constraint experiment_phase_arms_workspace_id_fkey references public.workspaces (id) on delete restrict,
  experiment_id uuid not null,
  phase_id uuid not null,
  variant_id uuid not null,
  weight integer not null,
  bucket_from integer not null,
  bucket_to integer not null,
  primary key (phase_id, variant_id),
  constraint experiment_phase_arms_buckets check (0 <= bucket_from and bucket_from <= bucket_to and bucket_to <= 10000),
  constraint experiment_phase_arms_phase_id_fkey foreign key (workspace_id, experiment_id, phase_id)
    references public.experiment_phases (workspace_id, experiment_id, id) on delete restrict,
  constraint experiment_phase_arms_variant_id_fkey foreign key (workspace_id, experiment_id, variant_id)
    references public.variants (workspace_id, experiment_id, id) on delete restrict
);

create index experiment_phase_arms_phase_id on public.experiment_phase_arms (workspace_id, experiment_id, phase_id);
create index experiment_phase_arms_variant_id
  on public.experiment_phase_arms (workspace_id, experiment_id, variant_id);

comment on table public.experiment_phase_arms is 'The buckets that an arm owned in a phase.';
comment on column public.experiment_phase_arms.workspace_id is 'The workspace.';
comment on column public.experiment_phase_arms.experiment_id is 'The experiment.';
comment on column public.experiment_phase_arms.phase_id is 'The phase.';
comment on column public.experiment_phase_arms.variant_id is 'The arm.';
comment on column public.experiment_phase_arms.weight is 'Its weight then.';
comment on column public.experiment_phase_arms.bucket_from is 'First of its buckets, of 0 to 9999.';
comment on column public.experiment_phase_arms.bucket_to is 'One past its last bucket.';

create table public.variant_rollbacks (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint variant_rollbacks_workspace_id_fkey references public.workspaces (id) on delete restrict,
  experiment_id uuid not null,
  variant_id uuid not null,
  phase_number integer not null,
  rolled_back_at timestamptz not null,
  constraint variant_rollbacks_variant_id_fkey foreign key (workspace_id, experiment_id, variant_id)
    references public.variants (workspace_id, experiment_id, id) on delete cascade
);

create index variant_rollbacks_variant_id on public.variant_rollbacks (workspace_id, experiment_id, variant_id);

comment on table public.variant_rollbacks is E'Each time that an arm was stopped. Written by rollback_variant.\nA subject of a phase before it counts until then, also when the arm was restored later: in between it got the control.';
comment on column public.variant_rollbacks.id is 'Time-ordered uuid.';
comment on column public.variant_rollbacks.workspace_id is 'The workspace.';
comment on column public.variant_rollbacks.experiment_id is 'The experiment.';
comment on column public.variant_rollbacks.variant_id is 'The arm.';
comment on column public.variant_rollbacks.phase_number is 'The phase that it ended; 0 before the first.';
comment on column public.variant_rollbacks.rolled_back_at is 'When.';
