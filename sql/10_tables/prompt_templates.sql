create table public.prompt_templates (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint prompt_templates_workspace_id_fkey references public.workspaces (id) on delete cascade,
  key text not null constraint prompt_templates_key_shape check (key ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'),
  name text not null constraint prompt_templates_name_length check (length(name) between 1 and 200),
  description text not null default ''
    constraint prompt_templates_description_length check (length(description) <= 10000),
  head_version_id uuid,
  created_by uuid default auth.uid(),
  created_at timestamptz not null default private.now(),
  constraint prompt_templates_key_unique unique (workspace_id, key),
  constraint prompt_templates_in_workspace unique (workspace_id, id)
);

comment on table public.prompt_templates is 'A reusable prompt with typed variables. Its texts are prompt_template_versions.';
comment on column public.prompt_templates.id is 'Time-ordered uuid.';
comment on column public.prompt_templates.workspace_id is 'The workspace.';
comment on column public.prompt_templates.key is 'The name that code uses: unique in the workspace; 1 to 100 letters, digits, _ . : or -, the first a letter or a digit.';
comment on column public.prompt_templates.name is 'What people call it.';
comment on column public.prompt_templates.description is 'What it is for, and when to use it.';
comment on column public.prompt_templates.head_version_id is 'Its newest version; null before the first. Moved by commit_template_version.';
comment on column public.prompt_templates.created_by is 'The user who made it; null for a server''s or an API key.';
comment on column public.prompt_templates.created_at is 'When it was made.';

create table public.prompt_template_versions (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint prompt_template_versions_workspace_id_fkey references public.workspaces (id) on delete restrict,
  template_id uuid not null,
  number integer not null constraint prompt_template_versions_number_positive check (number > 0),
  messages jsonb not null
    constraint prompt_template_versions_messages_array check (jsonb_typeof(messages) = 'array'),
  variables jsonb not null
    constraint prompt_template_versions_variables_object check (jsonb_typeof(variables) = 'object'),
  provider text constraint prompt_template_versions_provider_length check (length(provider) between 1 and 100),
  model text constraint prompt_template_versions_model_length check (length(model) between 1 and 200),
  params jsonb not null default '{}'
    constraint prompt_template_versions_params_object check (jsonb_typeof(params) = 'object'),
  tools jsonb not null default '[]'
    constraint prompt_template_versions_tools_array check (jsonb_typeof(tools) = 'array'),
  response_format jsonb
    constraint prompt_template_versions_response_format_object check (jsonb_typeof(response_format) = 'object'),
  content_hash text not null generated always as (
    private.bundle_hash(messages, variables, provider, model, params, tools, response_format)
  ) stored,
  message text not null default '',
  created_by uuid,
  created_at timestamptz not null default private.now(),
  constraint prompt_template_versions_number_unique unique (template_id, number),
  constraint prompt_template_versions_in_workspace unique (workspace_id, id),
  constraint prompt_template_versions_of_template unique (workspace_id, template_id, id),
  constraint prompt_template_versions_template_id_fkey foreign key (workspace_id, template_id)
    references public.prompt_templates (workspace_id, id) on delete restrict
);

comment on table public.prompt_template_versions is E'An immutable version of a template: what a prompt version begins with.\nMade by commit_template_version. Provider and model may be left open.';
comment on column public.prompt_template_versions.id is 'Time-ordered uuid.';
comment on column public.prompt_template_versions.workspace_id is 'The workspace.';
comment on column public.prompt_template_versions.template_id is 'The template.';
comment on column public.prompt_template_versions.number is 'Counts from 1 in the template.';
comment on column public.prompt_template_versions.messages is 'Array of {role, content}; content may hold {{variables}}.';
comment on column public.prompt_template_versions.variables is 'Object: variable name to JSON Schema.';
comment on column public.prompt_template_versions.provider is 'Who runs the model; null leaves it to the prompt.';
comment on column public.prompt_template_versions.model is 'The model''s name at the provider; null leaves it to the prompt.';
comment on column public.prompt_template_versions.params is 'Object of sampling parameters.';
comment on column public.prompt_template_versions.tools is 'Array of tool definitions.';
comment on column public.prompt_template_versions.response_format is 'Object; null for free text.';
comment on column public.prompt_template_versions.content_hash is 'SHA-256 of the bundle, in hex: equal bundles have equal hashes.';
comment on column public.prompt_template_versions.message is 'Why, in the author''s words.';
comment on column public.prompt_template_versions.created_by is 'The user who committed it; null for a server''s or an API key.';
comment on column public.prompt_template_versions.created_at is 'When it was committed.';

alter table public.prompt_templates add constraint prompt_templates_head_version_id_fkey
  foreign key (workspace_id, id, head_version_id)
  references public.prompt_template_versions (workspace_id, template_id, id) on delete restrict;

create index prompt_templates_head_version_id on public.prompt_templates (workspace_id, id, head_version_id);

alter table public.prompt_versions add constraint prompt_versions_template_version_id_fkey
  foreign key (workspace_id, template_version_id)
  references public.prompt_template_versions (workspace_id, id) on delete restrict;
