grant execute on function
  private.api_key(), private.actor_kind(), private.actor_id(), private.request_id(), private.my_rooms(),
  private.require_person(), private.require_environment(uuid), private.key_environments(), private.require_caller(), private.roles_within(text), private.my_permissions()
to authenticated, service_role;

grant execute on function
  public.create_api_key(text, text[], text[], timestamptz, uuid),
  public.rotate_api_key(uuid, text, integer, uuid), public.revoke_api_key(uuid, uuid),
  private.create_api_key(text, text[], text[], timestamptz, uuid),
  private.rotate_api_key(uuid, text, integer, uuid), private.revoke_api_key(uuid, uuid)
to authenticated, service_role;

grant execute on function
  public.invite_member(text, text, integer, uuid), public.accept_invitation(text, uuid),
  public.revoke_invitation(uuid, uuid), public.my_invitations(),
  private.invite_member(text, text, integer, uuid), private.accept_invitation(text, uuid),
  private.revoke_invitation(uuid, uuid), private.my_invitations()
to authenticated, service_role;

grant execute on function
  public.change_role(uuid, text, text, uuid), public.remove_member(uuid, boolean, uuid),
  public.leave_workspace(uuid), public.transfer_ownership(uuid, uuid),
  private.change_role(uuid, text, text, uuid), private.remove_member(uuid, boolean, uuid),
  private.leave_workspace(uuid), private.transfer_ownership(uuid, uuid)
to authenticated, service_role;

grant execute on function
  public.create_role(text, text, text[], uuid), public.update_role(text, text, text[], uuid),
  public.delete_role(text, uuid), private.save_role(text, text, text[], boolean, uuid), private.delete_role(text, uuid)
to authenticated, service_role;

revoke all on public.member_directory from public, anon, authenticated, service_role;
grant select on public.member_directory to authenticated, service_role;
grant execute on function private.directory() to authenticated, service_role;
