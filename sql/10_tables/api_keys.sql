create table public.api_keys (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null constraint api_keys_workspace_id_fkey references public.workspaces (id) on delete cascade,
  name text not null constraint api_keys_name_length check (length(name) between 1 and 200),
  prefix text not null,
  permissions text[] not null
    constraint api_keys_permissions_some check (cardinality(permissions) > 0 and array_position(permissions, null) is null),
  environment_ids uuid[] constraint api_keys_environment_ids_some check (cardinality(environment_ids) > 0),
  expires_at timestamptz,
  created_by uuid,
  created_at timestamptz not null default private.now(),
  rotated_at timestamptz,
  revoked_at timestamptz,
  revoked_by uuid,
  constraint api_keys_in_workspace unique (workspace_id, id)
);

create unique index api_keys_live_name on public.api_keys (workspace_id, name) where revoked_at is null;

comment on table public.api_keys is E'What an integrator''s server uses instead of a user''s session, in the header x-upshot-key.\nMade by create_api_key, which alone shows the secret, and once. A revoked key stays as history.';
comment on column public.api_keys.id is 'Time-ordered uuid; the audit log names it.';
comment on column public.api_keys.workspace_id is 'The workspace that the key belongs to, also after its maker has left.';
comment on column public.api_keys.name is 'What people call it: unique among the live keys of the workspace.';
comment on column public.api_keys.prefix is 'How its present secret begins, to recognise it by.';
comment on column public.api_keys.permissions is 'The permissions that it holds. Without workspace.read it cannot read tables.';
comment on column public.api_keys.environment_ids is 'The only environments that it may see and act in; null for all.';
comment on column public.api_keys.expires_at is 'When it stops working; null for never.';
comment on column public.api_keys.created_by is 'The user who made it. No foreign key: history outlives accounts.';
comment on column public.api_keys.created_at is 'When it was made.';
comment on column public.api_keys.rotated_at is 'When it last got a new secret; null when it has its first.';
comment on column public.api_keys.revoked_at is 'Since when it is refused; null while it works.';
comment on column public.api_keys.revoked_by is 'The user who revoked it.';

-- Apart from the key's row: noting a use locks its row until the call ends, and a revocation must not wait for that.
create table public.api_key_uses (
  workspace_id uuid not null
    constraint api_key_uses_workspace_id_fkey references public.workspaces (id) on delete cascade,
  api_key_id uuid not null,
  last_used_at timestamptz not null,
  primary key (workspace_id, api_key_id),
  constraint api_key_uses_api_key_id_fkey foreign key (workspace_id, api_key_id)
    references public.api_keys (workspace_id, id) on delete cascade
);

comment on table public.api_key_uses is E'When an API key was last used, to the minute. No row: never used by a call that may write.\nReads by GET are not counted: they run in transactions that cannot write.';
comment on column public.api_key_uses.api_key_id is 'The key.';
comment on column public.api_key_uses.workspace_id is 'The workspace.';
comment on column public.api_key_uses.last_used_at is 'The last call that may write, at most a minute before the very last.';

create table private.api_key_secrets (
  hash text primary key constraint api_key_secrets_hash_shape check (hash ~ '^[0-9a-f]{64}$'),
  api_key_id uuid not null,
  workspace_id uuid not null
    constraint api_key_secrets_workspace_id_fkey references public.workspaces (id) on delete cascade,
  expires_at timestamptz,
  constraint api_key_secrets_api_key_id_fkey foreign key (workspace_id, api_key_id)
    references public.api_keys (workspace_id, id) on delete cascade
);

create index api_key_secrets_api_key_id on private.api_key_secrets (workspace_id, api_key_id);

comment on table private.api_key_secrets is 'The secrets that open an API key, by hash: the present one and, for a while after a rotation, the one before.';
comment on column private.api_key_secrets.hash is 'SHA-256 of the secret, in hex. A secret has 244 random bits, so that no slow hash is needed.';
comment on column private.api_key_secrets.api_key_id is 'The key.';
comment on column private.api_key_secrets.workspace_id is 'The workspace.';
comment on column private.api_key_secrets.expires_at is 'When this secret stops working although the key lives on; null for the present one.';
