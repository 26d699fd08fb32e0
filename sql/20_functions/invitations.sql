-- Invitations: who invites gives nothing that they do not hold, and who accepts proves the address.
create or replace function private.role_permissions_of(role text, workspace_id uuid) returns text[]
language plpgsql stable security definer
set search_path = ''
as $$
#variable_conflict use_variable
begin
  if not exists (select from public.roles r where r.workspace_id = workspace_id and r.key = role) then
    perform private.fail('unknown_role', jsonb_build_object('role', role));
  end if;
  return array(select p.permission from public.role_permissions p
    where p.workspace_id = workspace_id and p.role = role order by p.permission);
end
$$;

comment on function private.role_permissions_of(text, uuid) is
E'What a role holds; raises for one that the workspace does not have.\nDefiner: a member without workspace.read may still leave or hand over.';

create or replace function private.require_may_give(role text, workspace_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_variable
begin
  if role = 'owner' and not private.caller_is_server()
    and not exists (select from private.my_owned_workspaces() w where w = workspace_id)
  then
    perform private.fail('owners_only');
  end if;
  perform private.require_ceiling(private.role_permissions_of(role, workspace_id), workspace_id);
end
$$;

comment on function private.require_may_give(text, uuid) is
'Raises unless the caller may give or take the role: owners alone make owners, and nobody gives more than they hold.';

create or replace function private.invite_member(
  email text, role text, expires_in_hours integer, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  tenant uuid := private.authorise(workspace_id, 'members.write');
  host uuid := private.require_person();
  address text := lower(trim(email));
  token text := private.new_secret('upi');
  made public.invitations;
begin
  if address is null or length(address) > 320 or address !~ '^[^@[:space:]]+@[^@[:space:]]+$' then
    perform private.fail('bad_argument', '{"argument": "email", "expected": "an email address"}');
  elsif coalesce(expires_in_hours, 0) not between 1 and 720 then
    perform private.fail('bad_argument', '{"argument": "expires_in_hours", "expected": "from 1 to 720"}');
  end if;
  perform private.require_may_give(role, tenant);
  if exists (select from public.members m join auth.users u on u.id = m.user_id
    where m.workspace_id = tenant and lower(u.email) = address) then
    perform private.fail('already_member', jsonb_build_object('email', address));
  end if;
  -- Two who invite the same person at once: one after the other, and the later token stands.
  perform pg_advisory_xact_lock(hashtextextended('upshot.invitation ' || tenant || address, 0));
  perform private.settle_invitations(tenant, address, 'revoked', host);
  insert into public.invitations (workspace_id, email, role, expires_at, created_by)
  values (tenant, address, role, private.now() + make_interval(hours => expires_in_hours), host) returning * into made;
  insert into private.invitation_secrets (hash, invitation_id, workspace_id)
  values (private.secret_hash(token), made.id, tenant);
  return to_jsonb(made) || jsonb_build_object('token', token);
end
$$;

comment on function private.invite_member(text, text, integer, uuid) is
E'Invites an address and shows the token, once; an earlier invitation of the address is void.\nDefiner: reads auth.users, and hashes are in a table that nobody reads.';

create or replace function private.settle_invitations(tenant uuid, address text, outcome text, settler uuid) returns void
language sql
set search_path = ''
begin atomic
  update public.invitations i
  set state = outcome, settled_by = settler, settled_at = private.now()
  where i.workspace_id = tenant and i.email = address and i.state = 'pending';
end;

comment on function private.settle_invitations(uuid, text, text, uuid) is
'Ends what is pending for an address in a workspace.';

create or replace function private.still_may_give(host uuid, role text, workspace_id uuid) returns boolean
language sql stable
set search_path = ''
as $$
  with held as (
    select m.role, p.permission
    from public.members m
    join public.role_permissions p on p.workspace_id = m.workspace_id and p.role = m.role
    where m.workspace_id = still_may_give.workspace_id and m.user_id = host
  )
  select exists (select from held where held.permission = 'members.write')
    and exists (select from public.roles r
      where r.workspace_id = still_may_give.workspace_id and r.key = still_may_give.role)
    and (still_may_give.role <> 'owner' or exists (select from held where held.role = 'owner'))
    and not exists (
      select from public.role_permissions p
      where p.workspace_id = still_may_give.workspace_id and p.role = still_may_give.role
        and p.permission not in (select held.permission from held))
$$;

comment on function private.still_may_give(uuid, text, uuid) is
'True while a member may give a role to somebody: nothing outlives the rights of who invited.';

create or replace function private.my_address() returns text
language plpgsql stable security definer
set search_path = ''
as $$
declare
  me constant uuid := private.require_person();
begin
  return (select lower(u.email) from auth.users u where u.id = me and u.email_confirmed_at is not null);
end
$$;

comment on function private.my_address() is
E'The caller''s confirmed email address in lower case; null while it is not confirmed.\nDefiner: reads auth.users.';

create or replace function private.open_invitation(token text, invitation_id uuid) returns public.invitations
language plpgsql
set search_path = ''
as $$
#variable_conflict use_variable
declare
  address text := private.my_address();
  found_one public.invitations;
begin
  select i.* into found_one from public.invitations i
  where i.id = case when token is null then invitation_id
    else (select s.invitation_id from private.invitation_secrets s where s.hash = private.secret_hash(token)) end;
  if found_one.id is null or (token is null and found_one.email is distinct from address) then
    perform private.fail('unknown_invitation');
  elsif address is null then
    perform private.fail('email_unconfirmed');
  elsif found_one.email <> address then
    perform private.fail('invitation_for_another');
  end if;
  -- Whom it is for, and nobody else, waits here.
  select i.* into found_one from public.invitations i where i.id = found_one.id for update;
  return found_one;
end
$$;

comment on function private.open_invitation(text, uuid) is
'The invitation that a token, or an id together with the address, opens for the caller; locked.';

create or replace function private.accept_invitation(token text, invitation_id uuid) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  guest uuid := private.require_person();
  opened public.invitations := private.open_invitation(token, invitation_id);
  held text := (select m.role from public.members m where m.workspace_id = opened.workspace_id and m.user_id = guest);
  outcome text := case
    when opened.state = 'revoked' then 'revoked'
    when opened.state = 'accepted' and held is null then 'used'
    when opened.state = 'pending' and opened.expires_at <= now() then 'open until ' || opened.expires_at
    when opened.state = 'pending' and not private.still_may_give(opened.created_by, opened.role, opened.workspace_id)
      then 'void, because who invited may no longer give the role'
  end;
begin
  if outcome is not null then
    perform private.fail('invitation_over', jsonb_build_object('state', outcome));
  elsif opened.state = 'pending' then
    insert into public.members (workspace_id, user_id, role) values (opened.workspace_id, guest, opened.role)
    on conflict on constraint members_pkey do nothing;
    perform private.settle_invitations(opened.workspace_id, opened.email, 'accepted', guest);
  end if;
  return jsonb_build_object('workspace_id', opened.workspace_id, 'role', coalesce(held, opened.role),
    'was_member', held is not null);
end
$$;

comment on function private.accept_invitation(text, uuid) is
E'Makes the invited person a member.\nDefiner: nobody may insert members by hand, and the guest is none yet.';

create or replace function private.revoke_invitation(invitation_id uuid, workspace_id uuid) returns public.invitations
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  owner uuid := (select i.workspace_id from public.invitations i where i.id = invitation_id);
  revoked public.invitations;
begin
  perform private.authorise_row(owner, workspace_id, 'members.write', 'unknown_invitation', '{}');
  update public.invitations i set state = 'revoked', settled_by = auth.uid(), settled_at = private.now()
  where i.id = invitation_id and i.state = 'pending';
  select i.* into revoked from public.invitations i where i.id = invitation_id;
  return revoked;
end
$$;

comment on function private.revoke_invitation(uuid, uuid) is
E'Takes an invitation back.\nDefiner: nobody may write invitations by hand.';

create or replace function private.my_invitations()
returns table (
  invitation_id uuid, workspace_id uuid, workspace text, role text, expires_at timestamptz, invited_at timestamptz
)
language plpgsql stable security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  address constant text := private.my_address();
begin
  return query
  select i.id, i.workspace_id, w.name, i.role, i.expires_at, i.created_at
  from public.invitations i
  join public.workspaces w on w.id = i.workspace_id
  where i.email = address and i.state = 'pending' and i.expires_at > now()
    and private.still_may_give(i.created_by, i.role, i.workspace_id)
  order by i.id;
end
$$;

comment on function private.my_invitations() is
E'One row per invitation that waits for the caller.\nDefiner: who is invited is no member yet, and sees neither the row nor the workspace.';
