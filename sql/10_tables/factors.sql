create table public.factors (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null constraint factors_workspace_id_fkey references public.workspaces (id) on delete restrict,
  experiment_id uuid not null,
  key text not null constraint factors_key_shape check (key ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'),
  name text not null,
  kind text not null constraint factors_kind_known check (kind in ('prompt', 'model', 'param', 'tools', 'version')),
  action_id uuid,
  param text constraint factors_param_length check (length(param) between 1 and 100),
  position integer not null constraint factors_position_positive check (position > 0),
  constraint factors_key_unique unique (experiment_id, key),
  constraint factors_in_workspace unique (workspace_id, id),
  constraint factors_of_experiment unique (workspace_id, experiment_id, id),
  constraint factors_param_named check ((kind = 'param') = (param is not null)),
  constraint factors_experiment_id_fkey foreign key (workspace_id, experiment_id)
    references public.experiments (workspace_id, id) on delete cascade,
  constraint factors_action_id_fkey foreign key (workspace_id, action_id)
    references public.actions (workspace_id, id) on delete restrict
);

create index factors_action_id on public.factors (workspace_id, action_id);

comment on table public.factors is E'In a factorial experiment, one thing that varies; the arms are combinations of levels.\nWritten by create_experiment and edit_experiment.';
comment on column public.factors.id is 'Time-ordered uuid.';
comment on column public.factors.workspace_id is 'The workspace.';
comment on column public.factors.experiment_id is 'The experiment.';
comment on column public.factors.key is 'Unique in the experiment.';
comment on column public.factors.name is 'What people call it.';
comment on column public.factors.kind is 'What varies: prompt (the messages), model, param (one parameter), tools, or version (a whole version).';
comment on column public.factors.action_id is 'The action in which it varies; null for every action.';
comment on column public.factors.param is 'For the kind param: the parameter, for instance temperature.';
comment on column public.factors.position is 'Its place in the order of factors, from 1.';

create table public.factor_levels (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint factor_levels_workspace_id_fkey references public.workspaces (id) on delete restrict,
  factor_id uuid not null,
  key text not null constraint factor_levels_key_shape check (key ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'),
  name text not null,
  value jsonb,
  position integer not null constraint factor_levels_position_positive check (position > 0),
  constraint factor_levels_key_unique unique (factor_id, key),
  constraint factor_levels_of_factor unique (workspace_id, factor_id, id),
  constraint factor_levels_factor_id_fkey foreign key (workspace_id, factor_id)
    references public.factors (workspace_id, id) on delete cascade
);

create index factor_levels_factor_id on public.factor_levels (workspace_id, factor_id);

comment on table public.factor_levels is 'One value that a factor takes; the first is the control''s.';
comment on column public.factor_levels.id is 'Time-ordered uuid.';
comment on column public.factor_levels.workspace_id is 'The workspace.';
comment on column public.factor_levels.factor_id is 'The factor.';
comment on column public.factor_levels.key is 'Unique in the factor.';
comment on column public.factor_levels.name is 'What people call it.';
comment on column public.factor_levels.value is 'The messages, the model, the parameter''s value, the tools or the version; null for what the base has.';
comment on column public.factor_levels.position is 'Its place in the order of levels, from 1.';

create table public.variant_levels (
  workspace_id uuid not null
    constraint variant_levels_workspace_id_fkey references public.workspaces (id) on delete restrict,
  experiment_id uuid not null,
  variant_id uuid not null,
  factor_id uuid not null,
  level_id uuid not null,
  primary key (variant_id, factor_id),
  constraint variant_levels_variant_id_fkey foreign key (workspace_id, experiment_id, variant_id)
    references public.variants (workspace_id, experiment_id, id) on delete cascade,
  constraint variant_levels_factor_id_fkey foreign key (workspace_id, experiment_id, factor_id)
    references public.factors (workspace_id, experiment_id, id) on delete cascade,
  constraint variant_levels_level_id_fkey foreign key (workspace_id, factor_id, level_id)
    references public.factor_levels (workspace_id, factor_id, id) on delete cascade
);

create index variant_levels_variant_id on public.variant_levels (workspace_id, experiment_id, variant_id);
create index variant_levels_factor_id on public.variant_levels (workspace_id, experiment_id, factor_id);
create index variant_levels_level_id on public.variant_levels (workspace_id, factor_id, level_id);

comment on table public.variant_levels is 'The level that an arm has of a factor: what its cell of the design is.';
comment on column public.variant_levels.workspace_id is 'The workspace.';
comment on column public.variant_levels.experiment_id is 'The experiment.';
comment on column public.variant_levels.variant_id is 'The arm.';
comment on column public.variant_levels.factor_id is 'The factor.';
comment on column public.variant_levels.level_id is 'The level.';
