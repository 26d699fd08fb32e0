-- What the log keeps is decided by its triggers alone.
revoke all on private.audited, private.audit_exempt from public, anon, authenticated, service_role;
