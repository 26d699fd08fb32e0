-- Used by defaults, policies, triggers and views that run with the caller's rights.
revoke all on private.errors, private.batch_fields, private.field_types, private.role_defaults, private.partitioned
from public, anon, authenticated, service_role;
grant select on private.errors to authenticated, service_role;

grant execute on all functions in schema stats to authenticated, service_role;
grant execute on function
  private.now(), private.uuidv7(), private.my_workspaces(), private.my_workspaces_with(text),
  private.my_owned_workspaces(), private.fill(text, jsonb), private.fail(text, jsonb),
  private.caller_is_server(), private.may_enter(uuid), private.only_workspace(), private.authorise(uuid, text),
  private.granted_workspace(uuid, text),
  private.require_permission(uuid, text)
to authenticated, service_role;
grant execute on function private.require_text(text, text, integer) to service_role;
