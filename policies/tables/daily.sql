alter table private.unit_days enable row level security;
revoke all on private.unit_days from public, anon, authenticated, service_role;

alter table private.daily_cells enable row level security;
revoke all on private.daily_cells from public, anon, authenticated, service_role;

alter table private.hourly_calls enable row level security;
revoke all on private.hourly_calls from public, anon, authenticated, service_role;

alter table private.model_sightings enable row level security;
revoke all on private.model_sightings from public, anon, authenticated, service_role;

alter table private.marked_days enable row level security;
revoke all on private.marked_days from public, anon, authenticated, service_role;

alter table private.daily_definitions enable row level security;
revoke all on private.daily_definitions from public, anon, authenticated, service_role;

alter table private.daily_watermark enable row level security;
revoke all on private.daily_watermark from public, anon, authenticated, service_role;
