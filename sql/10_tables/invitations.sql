create table public.invitations (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint invitations_workspace_id_fkey references public.workspaces (id) on delete cascade,
  email text not null
    constraint invitations_email_shape check (email = lower(email) and email ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
  role text not null,
  state text not null default 'pending'
    constraint invitations_state_known check (state in ('pending', 'accepted', 'revoked')),
  expires_at timestamptz not null,
  created_by uuid not null,
  created_at timestamptz not null default private.now(),
  settled_by uuid,
  settled_at timestamptz,
  constraint invitations_in_workspace unique (workspace_id, id)
);

create unique index invitations_one_pending on public.invitations (workspace_id, email) where state = 'pending';
create index invitations_email on public.invitations (email) where state = 'pending';

comment on table public.invitations is E'Who is asked to join a workspace, in which role. Settled ones stay as history.\nMade by invite_member, which alone shows the token, and once.';
comment on column public.invitations.id is 'Time-ordered uuid.';
comment on column public.invitations.workspace_id is 'The workspace.';
comment on column public.invitations.email is 'The address that is invited, in lower case: only a user who has confirmed it may accept.';
comment on column public.invitations.role is 'The role that they will have. No foreign key: history outlives roles.';
comment on column public.invitations.state is 'pending, accepted, revoked. A pending one past expires_at is over too.';
comment on column public.invitations.expires_at is 'Until when it can be accepted.';
comment on column public.invitations.created_by is 'The user who invites. It is void once they may no longer give the role.';
comment on column public.invitations.created_at is 'When it was made.';
comment on column public.invitations.settled_by is 'The user who accepted or revoked it.';
comment on column public.invitations.settled_at is 'When that was.';

create table private.invitation_secrets (
  hash text primary key constraint invitation_secrets_hash_shape check (hash ~ '^[0-9a-f]{64}$'),
  invitation_id uuid not null,
  workspace_id uuid not null
    constraint invitation_secrets_workspace_id_fkey references public.workspaces (id) on delete cascade,
  constraint invitation_secrets_invitation_id_fkey foreign key (workspace_id, invitation_id)
    references public.invitations (workspace_id, id) on delete cascade
);

create index invitation_secrets_invitation_id on private.invitation_secrets (workspace_id, invitation_id);

comment on table private.invitation_secrets is 'The tokens of invitations, by hash.';
comment on column private.invitation_secrets.hash is 'SHA-256 of the token, in hex.';
comment on column private.invitation_secrets.invitation_id is 'The invitation.';
comment on column private.invitation_secrets.workspace_id is 'The workspace.';
