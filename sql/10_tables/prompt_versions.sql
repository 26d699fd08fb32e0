create or replace function private.bundle_hash(
  messages jsonb, variables jsonb, provider text, model text, params jsonb, tools jsonb, response_format jsonb
) returns text
language sql immutable parallel safe
set search_path = ''
return pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.jsonb_build_object(
  'messages', messages, 'variables', variables, 'provider', provider, 'model', model,
  'params', params, 'tools', tools, 'response_format', response_format)::text, 'UTF8')), 'hex');

comment on function private.bundle_hash(jsonb, jsonb, text, text, jsonb, jsonb, jsonb) is
'SHA-256, in hex, of the bundle as jsonb prints it: keys in one order, spaces in one way.';

create table public.prompt_versions (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint prompt_versions_workspace_id_fkey references public.workspaces (id) on delete restrict,
  prompt_id uuid not null,
  number integer not null constraint prompt_versions_number_positive check (number > 0),
  branch_id uuid not null,
  parent_version_id uuid,
  merged_version_id uuid,
  forked_from_version_id uuid,
  template_version_id uuid,
  messages jsonb not null constraint prompt_versions_messages_array check (jsonb_typeof(messages) = 'array'),
  variables jsonb not null constraint prompt_versions_variables_object check (jsonb_typeof(variables) = 'object'),
  provider text not null constraint prompt_versions_provider_length check (length(provider) between 1 and 100),
  model text not null constraint prompt_versions_model_length check (length(model) between 1 and 200),
  params jsonb not null default '{}' constraint prompt_versions_params_object check (jsonb_typeof(params) = 'object'),
  tools jsonb not null default '[]' constraint prompt_versions_tools_array check (jsonb_typeof(tools) = 'array'),
  response_format jsonb
    constraint prompt_versions_response_format_object check (jsonb_typeof(response_format) = 'object'),
  content_hash text not null generated always as (
    private.bundle_hash(messages, variables, provider, model, params, tools, response_format)
  ) stored,
  message text not null default '',
  created_by uuid,
  created_at timestamptz not null default private.now(),
  constraint prompt_versions_merge_has_parent
    check (merged_version_id is null or (parent_version_id is not null and merged_version_id <> parent_version_id)),
  constraint prompt_versions_fork_is_first check (forked_from_version_id is null or number = 1),
  constraint prompt_versions_number_unique unique (prompt_id, number),
  constraint prompt_versions_in_workspace unique (workspace_id, id),
  constraint prompt_versions_of_prompt unique (workspace_id, prompt_id, id),
  -- The branch says it already; this one lets the API embed prompts in versions and versions in prompts.
  constraint prompt_versions_prompt_id_fkey foreign key (workspace_id, prompt_id)
    references public.prompts (workspace_id, id) on delete restrict,
  constraint prompt_versions_branch_id_fkey foreign key (workspace_id, prompt_id, branch_id)
    references public.branches (workspace_id, prompt_id, id) on delete restrict,
  constraint prompt_versions_parent_fkey foreign key (workspace_id, prompt_id, parent_version_id)
    references public.prompt_versions (workspace_id, prompt_id, id) on delete restrict,
  constraint prompt_versions_merged_fkey foreign key (workspace_id, prompt_id, merged_version_id)
    references public.prompt_versions (workspace_id, prompt_id, id) on delete restrict,
  constraint prompt_versions_forked_from_fkey foreign key (workspace_id, forked_from_version_id)
    references public.prompt_versions (workspace_id, id) on delete restrict
);

create index prompt_versions_branch_id on public.prompt_versions (workspace_id, prompt_id, branch_id);
create index prompt_versions_parent on public.prompt_versions (workspace_id, prompt_id, parent_version_id);
create index prompt_versions_merged on public.prompt_versions (workspace_id, prompt_id, merged_version_id);
create index prompt_versions_forked_from on public.prompt_versions (workspace_id, forked_from_version_id);
create index prompt_versions_template_version_id on public.prompt_versions (workspace_id, template_version_id);

comment on table public.prompt_versions is E'An immutable bundle: messages, variables, provider, model, params, tools, response format.\nMade by commit_version. Prompt and configuration are versioned together, because they act together.';
comment on column public.prompt_versions.id is 'Time-ordered uuid.';
comment on column public.prompt_versions.workspace_id is 'The workspace.';
comment on column public.prompt_versions.prompt_id is 'The prompt.';
comment on column public.prompt_versions.number is 'Counts from 1 in the prompt, over all branches.';
comment on column public.prompt_versions.branch_id is 'The branch that it was committed to.';
comment on column public.prompt_versions.parent_version_id is 'The head that it was committed on; null for a first version.';
comment on column public.prompt_versions.messages is 'Array of {role, content}; content may hold {{variables}}.';
comment on column public.prompt_versions.variables is 'Object: variable name to JSON Schema.';
comment on column public.prompt_versions.provider is 'Who runs the model: openai, anthropic, gemini, local, and so on.';
comment on column public.prompt_versions.model is 'The model''s name at the provider.';
comment on column public.prompt_versions.params is 'Object of sampling parameters.';
comment on column public.prompt_versions.tools is 'Array of tool definitions.';
comment on column public.prompt_versions.response_format is 'Object; null for free text.';
comment on column public.prompt_versions.content_hash is 'SHA-256 of the bundle, in hex: equal bundles have equal hashes.';
comment on column public.prompt_versions.message is 'Why, in the author''s words.';
comment on column public.prompt_versions.created_by is 'The user who committed it. No foreign key: history outlives accounts.';
comment on column public.prompt_versions.created_at is 'When it was committed.';
comment on column public.prompt_versions.merged_version_id is 'The second parent of a merge: the head of the branch that was merged in; null for any other version.';
comment on column public.prompt_versions.forked_from_version_id is 'The version of another prompt that this prompt began as a copy of; null unless it is a fork''s first version.';
comment on column public.prompt_versions.template_version_id is 'The template version that it was made from, itself or through its parents; null when there is none.';

alter table public.branches add constraint branches_head_version_id_fkey
  foreign key (workspace_id, prompt_id, head_version_id)
  references public.prompt_versions (workspace_id, prompt_id, id) on delete restrict;

create index branches_head_version_id on public.branches (workspace_id, prompt_id, head_version_id);
