create or replace function private.caller_is_server() returns boolean
language plpgsql stable parallel safe
set search_path = ''
as $$
begin
  return current_setting('role') = 'service_role'
    or (current_setting('role') = 'none' and session_user in ('postgres', 'supabase_admin'));
end
$$;

comment on function private.caller_is_server() is
'True for a secret key and for a direct connection of the owner: callers that RLS does not bind either.';

create or replace function private.api_key() returns public.api_keys
language plpgsql stable security definer
set search_path = ''
as $$
declare
  presented constant text := current_setting('upshot.api_key', true);
  opened public.api_keys;
begin
  if presented <> '' and auth.uid() is null then
    -- Not private.now(): a test's clock must not revive a key.
    select k.* into opened
    from private.api_key_secrets s
    join public.api_keys k on k.id = s.api_key_id
    where s.hash = presented and k.revoked_at is null
      and coalesce(s.expires_at > now(), true) and coalesce(k.expires_at > now(), true);
  end if;
  return opened;
end
$$;

comment on function private.api_key() is
E'The API key that acts in this request, while it is good; null when a person or a server acts.\nThe setting that names it holds the hash of its secret, so that only who knows the secret could forge it.\nDefiner: nobody reads hashes.';

create or replace function private.actor_kind() returns text
language plpgsql stable
set search_path = ''
as $$
begin
  return case
    when current_setting('role') = 'service_role' then 'service'
    when private.caller_is_server() then 'system'
    when auth.uid() is null and (private.api_key()).id is not null then 'api_key'
    else 'user'
  end;
end
$$;

comment on function private.actor_kind() is 'Who acts: user, api_key, service (a server''s key) or system.';

create or replace function private.actor_id() returns uuid
language plpgsql stable
set search_path = ''
as $$
begin
  return case when private.caller_is_server() then null else coalesce(auth.uid(), (private.api_key()).id) end;
end
$$;

comment on function private.actor_id() is 'The user or the API key that acts; null for a server.';

create or replace function private.request_id() returns text
language plpgsql volatile
set search_path = ''
as $$
declare
  given constant text := nullif(current_setting('request.headers', true), '')::json ->> 'x-request-id';
begin
  if given ~ '^[A-Za-z0-9._:/+=-]{1,200}$' then
    return given;
  elsif coalesce(current_setting('upshot.request_id', true), '') = '' then
    perform set_config('upshot.request_id', gen_random_uuid()::text, true);
  end if;
  return current_setting('upshot.request_id');
end
$$;

comment on function private.request_id() is
'What ties the writes of one request together: the header x-request-id, or an id made once a transaction.';

create or replace function private.require_person() returns uuid
language plpgsql stable
set search_path = ''
as $$
begin
  if auth.uid() is null then
    perform private.fail('person_required');
  end if;
  return auth.uid();
end
$$;

comment on function private.require_person() is 'The signed-in user; raises person_required for API keys and servers.';

create or replace function private.key_environments() returns uuid[]
language plpgsql stable
set search_path = ''
as $$
declare
  acting public.api_keys;
begin
  if coalesce(current_setting('upshot.api_key', true), '') = '' or auth.uid() is not null then
    return null;
  end if;
  acting := private.api_key();
  -- A key that was closed while its call ran is for no environment any more: null would be all.
  return case when acting.id is null then '{}' else acting.environment_ids end;
end
$$;

comment on function private.key_environments() is
'The only environments that the acting API key may see and act in; null when all, and for people and servers.';

create or replace function private.require_environment(environment_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  -- Unknown beats false: a server's key is bound by nothing, also when the setting is there.
  if current_setting('upshot.api_key', true) <> '' and not (environment_id = any (private.key_environments())) and not private.caller_is_server() then
    perform private.fail('environment_denied');
  end if;
end
$$;

comment on function private.require_environment(uuid) is
'Raises environment_denied when an API key acts that is not for this environment.';

create or replace function private.require_ceiling(permissions text[], workspace_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_variable
declare
  above text;
begin
  if private.caller_is_server() then
    return;
  end if;
  above := (select coalesce(p, 'null') from unnest(permissions) p where not exists (
    select from private.my_workspaces_with(p) w where w = workspace_id) limit 1);
  if above is not null then
    perform private.fail('above_your_own', jsonb_build_object('permission', above));
  end if;
end
$$;

comment on function private.require_ceiling(text[], uuid) is
'Raises above_your_own unless the caller holds each of the permissions in the workspace.';

create or replace function private.require_caller() returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if auth.uid() is null and (private.api_key()).id is null then
    perform private.fail('sign_in_required');
  end if;
end
$$;

comment on function private.require_caller() is 'Raises sign_in_required unless a person or an API key acts.';

create or replace function private.may_enter(workspace_id uuid) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
  if private.caller_is_server() then
    return exists (select from public.workspaces w where w.id = may_enter.workspace_id);
  end if;
  perform private.require_caller();
  return exists (select from private.my_rooms() w where w = may_enter.workspace_id);
end
$$;

comment on function private.may_enter(uuid) is
'True when the workspace exists for the caller: any for a server, the memberships for a user, its own for an API key.';

create or replace function private.only_workspace() returns uuid
language plpgsql stable
set search_path = ''
as $$
declare
  choice uuid[];
begin
  if private.caller_is_server() then
    choice := array(select w.id from public.workspaces w limit 2);
  else
    perform private.require_caller();
    choice := array(select w from private.my_rooms() w limit 2);
  end if;
  if cardinality(choice) <> 1 then
    perform private.fail(case cardinality(choice) when 0 then 'no_workspace' else 'workspace_ambiguous' end);
  end if;
  return choice[1];
end
$$;

comment on function private.only_workspace() is
'The one workspace that the caller can reach; raises when there is none, or more than one.';

create or replace function private.require_permission(workspace_id uuid, permission text) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if private.caller_is_server() then
    return;
  end if;
  if not exists (select from private.my_workspaces_with(permission) w where w = require_permission.workspace_id) then
    perform private.fail('permission_denied', jsonb_build_object('permission', permission));
  end if;
end
$$;

comment on function private.require_permission(uuid, text) is
'Raises permission_denied unless the caller holds the permission in the workspace.';

create or replace function private.granted_workspace(requested uuid, permission text) returns uuid
language plpgsql stable security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  me constant uuid := auth.uid();
  rooms uuid[];
begin
  if current_setting('role') <> 'authenticated' then
    return null;
  elsif me is null then
    rooms := array(
      select k.workspace_id from private.api_key() k
      where k.workspace_id = coalesce(requested, k.workspace_id) and permission = any (k.permissions));
  else
    -- An unheld permission leaves a null, so that it still counts as a workspace among which to choose.
    rooms := array(
      select r.workspace_id
      from public.members m
      left join public.role_permissions r
        on r.workspace_id = m.workspace_id and r.role = m.role and r.permission = permission
      where m.user_id = me and (requested is null or m.workspace_id = requested)
      limit 2);
  end if;
  return case cardinality(rooms) when 1 then rooms[1] end;
end
$$;

comment on function private.granted_workspace(uuid, text) is
E'The workspace named, or the caller''s only one, if a person or an API key acts that holds the permission there; else null, for whatever reason.\nDefiner: as my_workspaces_with.';

create or replace function private.authorise(requested uuid, permission text) returns uuid
language plpgsql stable
set search_path = ''
as $$
declare
  -- One look settles the common case; whoever it does not let through is asked step by step, and told why not.
  chosen uuid := private.granted_workspace(requested, permission);
begin
  if chosen is not null then
    return chosen;
  end if;
  chosen := coalesce(requested, private.only_workspace());
  if not private.may_enter(chosen) then
    perform private.fail('workspace_not_found', jsonb_build_object('workspace_id', requested));
  end if;
  perform private.require_permission(chosen, permission);
  return chosen;
end
$$;

comment on function private.authorise(uuid, text) is
'The workspace that a verb works in: the one named, or the caller''s only one; raises unless the caller holds the permission there.';

create or replace function private.authorise_row(
  owner uuid, requested uuid, permission text, code text, context jsonb
) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  -- A row of a workspace that the caller cannot see does not exist for them: same code, same words, and the same look-up.
  if not private.may_enter(coalesce(owner, '00000000-0000-0000-0000-000000000000')) or owner is null
    or owner <> coalesce(requested, owner)
  then
    perform private.fail(code, context);
  end if;
  perform private.require_permission(owner, permission);
end
$$;

comment on function private.authorise_row(uuid, uuid, text, text, jsonb) is
'Raises the given code unless the row''s workspace is the caller''s, and permission_denied unless they may act there.';
