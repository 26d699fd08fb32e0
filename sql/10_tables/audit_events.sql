create table public.audit_events (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint audit_events_workspace_id_fkey references public.workspaces (id) on delete restrict,
  occurred_at timestamptz not null default private.now(),
  actor_kind text not null
    constraint audit_events_actor_kind_known check (actor_kind in ('user', 'api_key', 'service', 'system')),
  actor_id uuid,
  actor_label text,
  request_id text not null,
  position integer not null constraint audit_events_position_positive check (position > 0),
  verb text,
  operation text not null
    constraint audit_events_operation_known check (operation in ('insert', 'update', 'delete')),
  table_name text not null,
  row_id uuid,
  row_key jsonb,
  row_count integer not null default 1 constraint audit_events_row_count_positive check (row_count > 0),
  changed text[] not null default '{}',
  before jsonb,
  after jsonb
);

-- One index for each way of reading the log: all of it, a person's acts, a table's, a row's, a request's.
create index audit_events_occurred_at on public.audit_events (workspace_id, occurred_at, position);
create index audit_events_actor on public.audit_events (workspace_id, actor_id, occurred_at);
create index audit_events_table on public.audit_events (workspace_id, table_name, occurred_at);
create index audit_events_row on public.audit_events (workspace_id, row_id, occurred_at) where row_id is not null;
create index audit_events_request on public.audit_events (workspace_id, request_id, position);

comment on table public.audit_events is E'Every write that a person, an API key or a worker made: who, when, by which request, and the row before and after.\nAppend-only, written by triggers in the transaction of the write itself. Secrets are "[redacted]". Read by those who hold audit.read.';
comment on column public.audit_events.id is 'Time-ordered uuid.';
comment on column public.audit_events.workspace_id is 'The workspace.';
comment on column public.audit_events.occurred_at is 'When the transaction began.';
comment on column public.audit_events.actor_kind is 'user, api_key, service (a server''s secret key, or a worker) or system (a migration, a cascade).';
comment on column public.audit_events.actor_id is 'The user or the API key. No foreign key: the log outlives accounts.';
comment on column public.audit_events.actor_label is 'What the actor was called then: a person''s mail address, a key''s name.';
comment on column public.audit_events.request_id is 'The same for all events of a transaction: the caller''s x-request-id, or one made for it.';
comment on column public.audit_events.position is 'The order of the events of a transaction: rising from 1, perhaps with gaps.';
comment on column public.audit_events.verb is 'The function that was called; null for a write to a table itself.';
comment on column public.audit_events.operation is 'insert, update or delete.';
comment on column public.audit_events.table_name is 'The table that was written to.';
comment on column public.audit_events.row_id is 'The row''s id; in tables without one, the first id of its key: members by user, scopes by experiment.';
comment on column public.audit_events.row_key is 'The row''s primary key, column to value; null for a batch.';
comment on column public.audit_events.row_count is 'Rows that the event speaks of: 1, or the size of a batch of evidence.';
comment on column public.audit_events.changed is 'Update: the columns whose values changed.';
comment on column public.audit_events.before is 'The row before; null for an insert.';
comment on column public.audit_events.after is 'The row after; null for a delete. For a batch of evidence {rows, first_id, last_id}: the rows are their own record.';
