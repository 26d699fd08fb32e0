alter table private.day_totals enable row level security;
revoke all on private.day_totals from public, anon, authenticated, service_role;

alter table private.hour_totals enable row level security;
revoke all on private.hour_totals from public, anon, authenticated, service_role;
