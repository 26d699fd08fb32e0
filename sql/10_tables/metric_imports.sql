create table public.metric_imports (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint metric_imports_workspace_id_fkey references public.workspaces (id) on delete restrict,
  environment_id uuid not null,
  name text not null constraint metric_imports_name_length check (length(name) between 1 and 200),
  file_name text constraint metric_imports_file_name_length check (length(file_name) between 1 and 255),
  sha256 text constraint metric_imports_sha256_shape check (sha256 ~ '^[0-9a-f]{64}$'),
  source text not null generated always as ('import:' || id::text) stored,
  columns text[] not null constraint metric_imports_columns_count check (cardinality(columns) between 1 and 500),
  mapping jsonb,
  state text not null default 'draft' constraint metric_imports_state_known check (state in (
    'draft', 'checked', 'importing', 'imported', 'undoing', 'undone')),
  rows_staged bigint not null default 0,
  rows_good bigint,
  rows_bad bigint,
  rows_landed bigint not null default 0,
  rows_undone bigint not null default 0,
  report jsonb,
  actor_kind text not null
    constraint metric_imports_actor_kind_known check (actor_kind in ('user', 'api_key', 'service', 'system')),
  actor_id uuid,
  created_at timestamptz not null default private.now(),
  checked_at timestamptz,
  imported_at timestamptz,
  undone_at timestamptz,
  constraint metric_imports_in_workspace unique (workspace_id, id),
  constraint metric_imports_environment_id_fkey foreign key (workspace_id, environment_id)
    references public.environments (workspace_id, id) on delete restrict
);

create index metric_imports_environment_id on public.metric_imports (workspace_id, environment_id, created_at);
create index metric_imports_sha256 on public.metric_imports (workspace_id, sha256);

comment on table public.metric_imports is E'One file of outcomes that a person brings: staged, mapped, checked, imported, and taken back if it was wrong.\nWritten by start_import, stage_rows, map_columns, check_import, commit_import and undo_import.';
comment on column public.metric_imports.id is 'Time-ordered uuid.';
comment on column public.metric_imports.workspace_id is 'The workspace.';
comment on column public.metric_imports.environment_id is 'Where its outcomes happened.';
comment on column public.metric_imports.name is 'What people call it.';
comment on column public.metric_imports.file_name is 'The name of the file, if it was one.';
comment on column public.metric_imports.sha256 is 'SHA-256 of the file, so that the same file is recognised.';
comment on column public.metric_imports.source is 'The source of its outcomes.';
comment on column public.metric_imports.columns is 'The names of the file''s columns, in order.';
comment on column public.metric_imports.mapping is 'Which column is what: field to {column} or {value}, and time_zone, time_format, decimal, thousands, origin.';
comment on column public.metric_imports.state is 'draft, checked, importing, imported, undoing or undone.';
comment on column public.metric_imports.rows_staged is 'Rows of the file that were sent.';
comment on column public.metric_imports.rows_good is 'Rows that the check found fit to land.';
comment on column public.metric_imports.rows_bad is 'Rows that the check found wrong.';
comment on column public.metric_imports.rows_landed is 'Outcomes that the import landed.';
comment on column public.metric_imports.rows_undone is 'Outcomes that were taken back.';
comment on column public.metric_imports.report is 'What check_import found.';
comment on column public.metric_imports.actor_kind is 'Who began it: user, api_key, service or system.';
comment on column public.metric_imports.actor_id is 'The user or the API key that began it.';
comment on column public.metric_imports.created_at is 'When it was begun.';
comment on column public.metric_imports.checked_at is 'When it was last checked.';
comment on column public.metric_imports.imported_at is 'When its last row landed.';
comment on column public.metric_imports.undone_at is 'When its last row was taken back.';

-- The staging tables have no foreign keys: their rows are written and cleared by the import's verbs alone, a million at a time.
create table private.import_rows (
  import_id uuid not null,
  workspace_id uuid not null,
  row_number bigint not null constraint import_rows_number_positive check (row_number > 0),
  cells jsonb not null constraint import_rows_cells_array check (jsonb_typeof(cells) = 'array'),
  primary key (import_id, row_number)
);

comment on table private.import_rows is 'The rows of a file as they were sent. They leave when the import has landed or was undone.';
comment on column private.import_rows.import_id is 'The import.';
comment on column private.import_rows.workspace_id is 'The workspace.';
comment on column private.import_rows.row_number is 'The row of the file, from 1, without the header.';
comment on column private.import_rows.cells is 'The cells, as texts, in the order of the import''s columns.';

create table private.import_readings (
  import_id uuid not null,
  workspace_id uuid not null,
  row_number bigint not null,
  standing text not null
    constraint import_readings_standing_known check (standing in ('good', 'bad', 'empty', 'repeat', 'known')),
  field text,
  fault jsonb,
  metric_id uuid,
  value double precision,
  subject text,
  conversation text,
  inference_id uuid,
  key_type text,
  key_value text,
  occurred_at timestamptz,
  source_event_id text,
  primary key (import_id, row_number)
);

comment on table private.import_readings is 'What check_import read in each row of a file: an outcome that can land, or what is wrong with it.';
comment on column private.import_readings.import_id is 'The import.';
comment on column private.import_readings.workspace_id is 'The workspace.';
comment on column private.import_readings.row_number is 'The row of the file.';
comment on column private.import_readings.standing is 'good, bad, empty (no value), repeat (of an earlier row) or known (recorded before).';
comment on column private.import_readings.field is 'Bad rows: the field that is wrong.';
comment on column private.import_readings.fault is 'Bad rows: the error.';
comment on column private.import_readings.metric_id is 'The metric.';
comment on column private.import_readings.value is 'The value.';
comment on column private.import_readings.subject is 'Whose it is, if the file says.';
comment on column private.import_readings.conversation is 'The conversation, if the file says.';
comment on column private.import_readings.inference_id is 'The inference, if the file says.';
comment on column private.import_readings.key_type is 'Kind of business key.';
comment on column private.import_readings.key_value is 'The business key.';
comment on column private.import_readings.occurred_at is 'When it happened.';
comment on column private.import_readings.source_event_id is 'The event''s id, or the row''s number where the file has none.';
