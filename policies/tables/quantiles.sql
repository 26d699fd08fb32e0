-- Read by effect_rows alone, which asks who calls.
alter table private.quantile_results enable row level security;
revoke all on private.quantile_results from public, anon, authenticated, service_role;

alter table private.quantile_readouts enable row level security;
revoke all on private.quantile_readouts from public, anon, authenticated, service_role;
