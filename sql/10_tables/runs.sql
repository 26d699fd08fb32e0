create table public.test_cases (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint test_cases_workspace_id_fkey references public.workspaces (id) on delete restrict,
  prompt_id uuid not null,
  name text not null constraint test_cases_name_length check (length(name) between 1 and 200),
  variables jsonb not null default '{}'
    constraint test_cases_variables_object check (jsonb_typeof(variables) = 'object'),
  expected jsonb,
  created_at timestamptz not null default private.now(),
  archived_at timestamptz,
  constraint test_cases_name_unique unique (prompt_id, name),
  constraint test_cases_in_workspace unique (workspace_id, id),
  constraint test_cases_prompt_id_fkey foreign key (workspace_id, prompt_id)
    references public.prompts (workspace_id, id) on delete restrict
);

create index test_cases_prompt_id on public.test_cases (workspace_id, prompt_id);

comment on table public.test_cases is 'A saved input of a prompt, with what is expected of the answer.';
comment on column public.test_cases.id is 'Time-ordered uuid.';
comment on column public.test_cases.workspace_id is 'The workspace.';
comment on column public.test_cases.prompt_id is 'The prompt.';
comment on column public.test_cases.name is 'Unique in the prompt.';
comment on column public.test_cases.variables is 'Object: variable name to value.';
comment on column public.test_cases.expected is 'What a right answer holds; null when a person judges.';
comment on column public.test_cases.created_at is 'When it was saved.';
comment on column public.test_cases.archived_at is 'Since when nothing new may use it; null while it is offered. Set by archive_object.';

create table public.runs (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null constraint runs_workspace_id_fkey references public.workspaces (id) on delete restrict,
  name text not null,
  state text not null default 'queued' constraint runs_state_known check (state in ('queued', 'running', 'done')),
  total integer not null constraint runs_total_positive check (total > 0),
  done integer not null default 0,
  failed integer not null default 0,
  created_by uuid,
  created_at timestamptz not null default private.now(),
  finished_at timestamptz,
  constraint runs_counts check (0 <= failed and failed <= done and done <= total),
  constraint runs_in_workspace unique (workspace_id, id)
);

comment on table public.runs is 'One batch of model calls: some versions over saved test cases. Made by create_run.';
comment on column public.runs.id is 'Time-ordered uuid.';
comment on column public.runs.workspace_id is 'The workspace.';
comment on column public.runs.name is 'What people call it.';
comment on column public.runs.state is 'queued, running or done.';
comment on column public.runs.total is 'Calls to make.';
comment on column public.runs.done is 'Calls with a result, failed ones included.';
comment on column public.runs.failed is 'Calls whose result is an error.';
comment on column public.runs.created_by is 'The user who started it; null for a server''s key.';
comment on column public.runs.created_at is 'When it was started.';
comment on column public.runs.finished_at is 'When the last result came.';

create table public.run_results (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint run_results_workspace_id_fkey references public.workspaces (id) on delete restrict,
  run_id uuid not null,
  version_id uuid not null,
  test_case_id uuid not null,
  repeat integer not null default 1 constraint run_results_repeat_positive check (repeat > 0),
  status text not null constraint run_results_status_known check (status in ('ok', 'error')),
  output text,
  finish_reason text,
  latency_ms double precision,
  input_tokens integer,
  output_tokens integer,
  cost_usd double precision,
  error_code text,
  error_message text,
  attempts integer not null default 1,
  created_at timestamptz not null default private.now(),
  constraint run_results_once unique (run_id, version_id, test_case_id, repeat),
  constraint run_results_run_id_fkey foreign key (workspace_id, run_id)
    references public.runs (workspace_id, id) on delete restrict,
  constraint run_results_version_id_fkey foreign key (workspace_id, version_id)
    references public.prompt_versions (workspace_id, id) on delete restrict,
  constraint run_results_test_case_id_fkey foreign key (workspace_id, test_case_id)
    references public.test_cases (workspace_id, id) on delete restrict
);

create index run_results_run_id on public.run_results (workspace_id, run_id);
create index run_results_version_id on public.run_results (workspace_id, version_id);
create index run_results_test_case_id on public.run_results (workspace_id, test_case_id);

comment on table public.run_results is 'The result of one call of a run. Append-only; recorded once, however often a worker tries.';
comment on column public.run_results.id is 'Time-ordered uuid.';
comment on column public.run_results.workspace_id is 'The workspace.';
comment on column public.run_results.run_id is 'The run.';
comment on column public.run_results.version_id is 'The prompt version that was called.';
comment on column public.run_results.test_case_id is 'The input.';
comment on column public.run_results.repeat is 'Which repetition, from 1.';
comment on column public.run_results.status is 'ok or error.';
comment on column public.run_results.output is 'What the model said.';
comment on column public.run_results.finish_reason is 'Why the model stopped.';
comment on column public.run_results.latency_ms is 'How long it took, in milliseconds.';
comment on column public.run_results.input_tokens is 'Tokens in.';
comment on column public.run_results.output_tokens is 'Tokens out.';
comment on column public.run_results.cost_usd is 'What it cost, in US dollars.';
comment on column public.run_results.error_code is 'Code of the error.';
comment on column public.run_results.error_message is 'The error for people.';
comment on column public.run_results.attempts is 'How often the provider was called for it.';
comment on column public.run_results.created_at is 'When it was recorded.';
