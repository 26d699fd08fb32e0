-- What workers computed: methods that SQL does not do, kept as rows so that everybody reads the same number.
create table public.experiment_results (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint experiment_results_workspace_id_fkey references public.workspaces (id) on delete restrict,
  experiment_id uuid,
  metric_id uuid,
  variant_id uuid,
  change_id uuid,
  method text not null constraint experiment_results_method_length check (length(method) between 1 and 100),
  method_version text not null
    constraint experiment_results_method_version_length check (length(method_version) between 1 and 100),
  inputs jsonb not null default '{}',
  inputs_hash text not null constraint experiment_results_inputs_hash_shape check (inputs_hash ~ '^[0-9a-f]{64}$'),
  result jsonb,
  reason_code text,
  grade text constraint experiment_results_grade_known check (grade in ('A', 'B', 'C', 'not_separable')),
  as_of timestamptz not null,
  created_at timestamptz not null default private.now(),
  constraint experiment_results_once unique (workspace_id, inputs_hash),
  -- An absent result is absent, and says why.
  constraint experiment_results_said check (result is not null or reason_code is not null),
  constraint experiment_results_experiment_id_fkey foreign key (workspace_id, experiment_id)
    references public.experiments (workspace_id, id) on delete restrict,
  constraint experiment_results_metric_id_fkey foreign key (workspace_id, metric_id)
    references public.outcome_metrics (workspace_id, id) on delete restrict,
  constraint experiment_results_variant_id_fkey foreign key (workspace_id, variant_id)
    references public.variants (workspace_id, id) on delete restrict,
  constraint experiment_results_change_id_fkey foreign key (workspace_id, change_id)
    references public.changes (workspace_id, id) on delete restrict
);

create index experiment_results_experiment_id on public.experiment_results (workspace_id, experiment_id, as_of);
create index experiment_results_metric_id on public.experiment_results (workspace_id, metric_id);
create index experiment_results_variant_id on public.experiment_results (workspace_id, variant_id);
create index experiment_results_change_id on public.experiment_results (workspace_id, change_id);

comment on table public.experiment_results is E'One row per computation that a worker made: regression adjustment, interrupted series, group-sequential bounds and the like. Append-only.\nThe latest as_of of a method is the one to read; older rows say what was known then. What SQL computes itself is in experiment_effects, not here.';
comment on column public.experiment_results.id is 'Time-ordered uuid.';
comment on column public.experiment_results.workspace_id is 'The workspace.';
comment on column public.experiment_results.experiment_id is 'The experiment that it is about, if it is about one.';
comment on column public.experiment_results.metric_id is 'The outcome metric.';
comment on column public.experiment_results.variant_id is 'The arm that is compared with the control.';
comment on column public.experiment_results.change_id is 'The change of the ledger that it is about.';
comment on column public.experiment_results.method is 'What was computed, for instance aipw or its_newey_west.';
comment on column public.experiment_results.method_version is 'The version of the code that computed it.';
comment on column public.experiment_results.inputs is 'What it was computed from: parameters, columns, the rows'' fingerprint.';
comment on column public.experiment_results.inputs_hash is 'SHA-256 of what it is about, method, version, inputs and as_of: the same computation is stored once.';
comment on column public.experiment_results.result is 'The numbers, by the names of experiment_effects where they mean the same; null when they cannot be computed.';
comment on column public.experiment_results.reason_code is 'Why the result is absent, or what to mind about it.';
comment on column public.experiment_results.grade is 'Grade of evidence: A randomised, B quasi-experimental, C before and after, not_separable.';
comment on column public.experiment_results.as_of is 'The moment whose data it saw.';
comment on column public.experiment_results.created_at is 'When it was stored.';
