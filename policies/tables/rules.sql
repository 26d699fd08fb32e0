alter table private.live_rules enable row level security;
revoke all on private.live_rules from public, anon, authenticated, service_role;
