create or replace function public.invite_member(
  email text, role text, expires_in_hours integer default 168, workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.invite_member(email, role, expires_in_hours, workspace_id);

comment on function public.invite_member(text, text, integer, uuid) is E'Invites an email address to the workspace in a role: the row of invitations, and with it `token`, which is never shown again.\nYour application mails the link that carries the token; it is good for expires_in_hours (168, a week, when left out). Inviting the same address again makes a new token and voids the old one. The role may hold nothing that you do not hold (above_your_own), and only an owner invites an owner (owners_only). Needs members.write and a signed-in user; an address that is a member already is refused (already_member).';

create or replace function public.accept_invitation(token text default null, invitation_id uuid default null)
returns jsonb
language sql volatile
set search_path = ''
return private.accept_invitation(token, invitation_id);

comment on function public.accept_invitation(text, uuid) is E'Makes you a member of the workspace that invited you: {workspace_id, role, was_member}. Pass the token, or the id of a row of my_invitations.\nYou must be signed in with the invited address, confirmed. Accepting twice changes nothing; whoever is a member already keeps their role. Refuses what was revoked, used by another account, or has expired (invitation_over), and what the inviter may no longer give.';

create or replace function public.revoke_invitation(invitation_id uuid, workspace_id uuid default null)
returns public.invitations
language sql volatile
set search_path = ''
return private.revoke_invitation(invitation_id, workspace_id);

comment on function public.revoke_invitation(uuid, uuid) is E'Takes a pending invitation back: its token opens nothing from now on. What is settled stays as it is.\nNeeds members.write.';

create or replace function public.my_invitations()
returns table (
  invitation_id uuid, workspace_id uuid, workspace text, role text, expires_at timestamptz, invited_at timestamptz
)
language sql stable
set search_path = ''
begin atomic
  select * from private.my_invitations();
end;

comment on function public.my_invitations() is 'One row per invitation that waits for you, by your confirmed email address; accept_invitation takes its invitation_id.';

create or replace function public.change_role(
  user_id uuid, role text, expected_role text, workspace_id uuid default null
) returns public.members
language sql volatile
set search_path = ''
return private.change_role(user_id, role, expected_role, workspace_id);

comment on function public.change_role(uuid, text, text, uuid) is E'Gives a member another role, by compare-and-swap on the one that you see. It counts from their next request on.\nNeeds members.write and a signed-in user who holds everything that the old and the new role hold; only an owner touches owners, and the last owner stays one (last_owner).';

create or replace function public.remove_member(
  user_id uuid, revoke_keys boolean default false, workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.remove_member(user_id, revoke_keys, workspace_id);

comment on function public.remove_member(uuid, boolean, uuid) is E'Ends a membership: from the next request on the person sees and does nothing here, whatever their token says.\nAnswers with the live API keys that they made: those belong to the workspace and live on, unless revoke_keys is true (needs api_keys.write too). Invitations that they made are void. Needs members.write; rules as for change_role.';

create or replace function public.leave_workspace(workspace_id uuid) returns void
language sql volatile
set search_path = ''
return private.leave_workspace(workspace_id);

comment on function public.leave_workspace(uuid) is 'Ends your own membership of the workspace. The last owner cannot leave (last_owner): hand over or delete first.';

create or replace function public.transfer_ownership(to_user uuid, workspace_id uuid default null) returns jsonb
language sql volatile
set search_path = ''
return private.transfer_ownership(to_user, workspace_id);

comment on function public.transfer_ownership(uuid, uuid) is E'Makes another member the owner and you an admin, in one transaction.\nOnly an owner may (owners_only), and only to a member.';

create or replace function public.create_role(
  key text, name text, permissions text[] default array['workspace.read'], workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.save_role(key, name, permissions, true, workspace_id);

comment on function public.create_role(text, text, text[], uuid) is E'Makes a role of your own with these permissions: {role, name, permissions}.\nNeeds roles.write; the role may hold nothing that you do not hold (above_your_own). A key that is there already is refused (role_taken).';

create or replace function public.update_role(
  key text, name text, permissions text[], workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.save_role(key, name, permissions, false, workspace_id);

comment on function public.update_role(text, text, text[], uuid) is E'Renames a role and makes these its permissions, all of them; it counts from its members'' next request on.\nNeeds roles.write and everything that the role holds now and shall hold (above_your_own). The owner''s role is refused (owner_role_stays).';

create or replace function public.delete_role(role text, workspace_id uuid default null) returns void
language sql volatile
set search_path = ''
return private.delete_role(role, workspace_id);

comment on function public.delete_role(text, uuid) is E'Deletes a role that no member has and no pending invitation names (role_in_use).\nNeeds roles.write and everything that the role holds. The owner''s role is refused (owner_role_stays).';
