create table public.provider_keys (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint provider_keys_workspace_id_fkey references public.workspaces (id) on delete restrict,
  provider text not null constraint provider_keys_provider_shape check (provider ~ '^[a-z0-9][a-z0-9_.:-]{0,99}$'),
  name text not null,
  hint text not null,
  test_status text constraint provider_keys_test_status_known check (test_status in ('ok', 'error')),
  test_error_code text,
  created_by uuid,
  created_at timestamptz not null default private.now(),
  rotated_at timestamptz not null default private.now(),
  test_requested_at timestamptz,
  last_tested_at timestamptz,
  constraint provider_keys_one_per_provider unique (workspace_id, provider)
);

comment on table public.provider_keys is E'A customer''s key of a language-model provider. The key itself is in Vault, and only the worker reads it.\nStored and replaced by set_provider_key, tried by test_provider_key, removed by delete_provider_key.';
comment on column public.provider_keys.id is 'Time-ordered uuid.';
comment on column public.provider_keys.workspace_id is 'The workspace.';
comment on column public.provider_keys.provider is 'openai, anthropic, gemini, and so on.';
comment on column public.provider_keys.name is 'What people call it.';
comment on column public.provider_keys.hint is 'Its last four characters, to recognise it by; dots for a short key.';
comment on column public.provider_keys.created_by is 'The user who stored it first. No foreign key: history outlives accounts.';
comment on column public.provider_keys.created_at is 'When it was stored first.';
comment on column public.provider_keys.rotated_at is 'When the key was last replaced.';
comment on column public.provider_keys.test_requested_at is 'When a test of the present key was asked for; null when never.';
comment on column public.provider_keys.last_tested_at is 'When a worker last tried the present key; null when never.';
comment on column public.provider_keys.test_status is 'ok: the provider took the key. error: see test_error_code. Null before the first test.';
comment on column public.provider_keys.test_error_code is 'Why the test failed, as in run_results: authentication_failed, quota_exhausted, connection_lost, …';
