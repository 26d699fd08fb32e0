create table public.notifications (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint notifications_workspace_id_fkey references public.workspaces (id) on delete cascade,
  user_id uuid not null constraint notifications_user_id_fkey references auth.users (id) on delete cascade,
  kind text not null constraint notifications_kind_known check (kind in (
    'mention', 'reply', 'approval_requested', 'approval_decided', 'experiment_moved', 'variant_rolled_back',
    'deployment_rolled_back', 'guardrail', 'ramp', 'alert', 'members', 'keys')),
  object_kind text not null,
  object_id uuid,
  summary text not null,
  detail jsonb not null default '{}',
  actor_kind text not null
    constraint notifications_actor_kind_known check (actor_kind in ('user', 'api_key', 'service', 'system')),
  actor_id uuid,
  created_at timestamptz not null default private.now(),
  read_at timestamptz
);

create index notifications_workspace_id on public.notifications (workspace_id, user_id, created_at);
create index notifications_user_id on public.notifications (user_id, created_at);
create index notifications_unread on public.notifications (user_id, workspace_id) where read_at is null;

comment on table public.notifications is E'What a person should know that somebody else did. One row per person; nobody is told of their own acts.\nWritten by triggers, as notification_preferences and notification_mutes allow; only its person sees it, and only while they are a member.';
comment on column public.notifications.id is 'Time-ordered uuid.';
comment on column public.notifications.workspace_id is 'The workspace.';
comment on column public.notifications.user_id is 'Whom it is for.';
comment on column public.notifications.kind is 'What it is about: mention, reply, approval_requested, approval_decided, experiment_moved, variant_rolled_back, deployment_rolled_back, guardrail, ramp, alert, members, keys.';
comment on column public.notifications.object_kind is 'What to open: experiment, approval_request, comment, and so on.';
comment on column public.notifications.object_id is 'The id of that row.';
comment on column public.notifications.summary is 'One sentence for the person.';
comment on column public.notifications.detail is 'The same for machines.';
comment on column public.notifications.actor_kind is 'Who did it: user, api_key, service or system.';
comment on column public.notifications.actor_id is 'The user or the API key who did it.';
comment on column public.notifications.created_at is 'When.';
comment on column public.notifications.read_at is 'When the person read it; null until then.';

create table public.notification_preferences (
  workspace_id uuid not null
    constraint notification_preferences_workspace_id_fkey references public.workspaces (id) on delete cascade,
  user_id uuid not null default auth.uid()
    constraint notification_preferences_user_id_fkey references auth.users (id) on delete cascade,
  kind text not null constraint notification_preferences_kind_known check (kind in (
    'mention', 'reply', 'approval_requested', 'approval_decided', 'experiment_moved', 'variant_rolled_back',
    'deployment_rolled_back', 'guardrail', 'ramp', 'alert', 'members', 'keys')),
  delivery text not null default 'in_app'
    constraint notification_preferences_delivery_known check (delivery in ('off', 'in_app')),
  primary key (workspace_id, user_id, kind)
);

create index notification_preferences_user_id on public.notification_preferences (user_id);

comment on table public.notification_preferences is 'How a person wants to be told of a kind of thing; without a row, in the app. Each person writes their own.';
comment on column public.notification_preferences.workspace_id is 'The workspace.';
comment on column public.notification_preferences.user_id is 'Whose wish it is: you.';
comment on column public.notification_preferences.kind is 'As in notifications.';
comment on column public.notification_preferences.delivery is 'off or in_app.';

create table public.notification_mutes (
  workspace_id uuid not null
    constraint notification_mutes_workspace_id_fkey references public.workspaces (id) on delete cascade,
  user_id uuid not null
    constraint notification_mutes_user_id_fkey references auth.users (id) on delete cascade,
  object_kind text not null,
  object_id uuid not null,
  created_at timestamptz not null default private.now(),
  primary key (workspace_id, user_id, object_kind, object_id)
);

create index notification_mutes_user_id on public.notification_mutes (user_id);

comment on table public.notification_mutes is 'Things that a person does not want to hear of; a mention reaches them all the same. Written by mute_object.';
comment on column public.notification_mutes.workspace_id is 'The workspace.';
comment on column public.notification_mutes.user_id is 'Who has muted it: you.';
comment on column public.notification_mutes.object_kind is 'As in notifications and comments.';
comment on column public.notification_mutes.object_id is 'The id of the muted row.';
comment on column public.notification_mutes.created_at is 'Since when.';
