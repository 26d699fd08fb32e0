create table public.experiment_templates (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint experiment_templates_workspace_id_fkey references public.workspaces (id) on delete cascade,
  key text not null constraint experiment_templates_key_shape check (key ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'),
  name text not null,
  description text not null default '',
  slots jsonb not null constraint experiment_templates_slots_object check (jsonb_typeof(slots) = 'object'),
  document jsonb not null constraint experiment_templates_document_object check (jsonb_typeof(document) = 'object'),
  created_by uuid default auth.uid(),
  created_at timestamptz not null default private.now(),
  constraint experiment_templates_key_unique unique (workspace_id, key),
  constraint experiment_templates_in_workspace unique (workspace_id, id)
);

comment on table public.experiment_templates is E'An experiment with blanks: create_experiment_from_template fills them.\nFive are made with a workspace; save_as_template makes one of a good experiment.';
comment on column public.experiment_templates.id is 'Time-ordered uuid.';
comment on column public.experiment_templates.workspace_id is 'The workspace.';
comment on column public.experiment_templates.key is 'The name that code uses: unique in the workspace; 1 to 100 letters, digits, _ . : or -, the first a letter or a digit.';
comment on column public.experiment_templates.name is 'What people call it.';
comment on column public.experiment_templates.description is 'What it is good for.';
comment on column public.experiment_templates.slots is 'The blanks: {name: {type, description, default}}. A slot without a default must be filled.';
comment on column public.experiment_templates.document is 'A document for create_experiment in which {"$slot": "name"} stands for a blank.';
comment on column public.experiment_templates.created_by is 'The user who made it; null for those that came with the workspace, a key or a server.';
comment on column public.experiment_templates.created_at is 'When it was made.';
