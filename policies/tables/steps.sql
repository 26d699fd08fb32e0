alter table private.step_passes enable row level security;
revoke all on private.step_passes from public, anon, authenticated, service_role;

alter table private.step_tallies enable row level security;
revoke all on private.step_tallies from public, anon, authenticated, service_role;

alter table private.step_watermark enable row level security;
revoke all on private.step_watermark from public, anon, authenticated, service_role;
