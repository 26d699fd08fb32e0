alter table private.effect_moments enable row level security;
revoke all on private.effect_moments from public, anon, authenticated, service_role;
grant select on private.effect_moments to authenticated, service_role;

create policy effect_moments_select_member on private.effect_moments for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy effect_moments_select_member on private.effect_moments is
  'Members see the moments of the experiments of their workspaces.';

alter table private.unit_cells enable row level security;
revoke all on private.unit_cells from public, anon, authenticated, service_role;
grant select on private.unit_cells to authenticated, service_role;

create policy unit_cells_select_member on private.unit_cells for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy unit_cells_select_member on private.unit_cells is
  'Members see how many units the experiments of their workspaces have.';

alter table private.sequence_bounds enable row level security;
revoke all on private.sequence_bounds from public, anon, authenticated, service_role;
grant select on private.sequence_bounds to authenticated, service_role;

create policy sequence_bounds_select_member on private.sequence_bounds for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy sequence_bounds_select_member on private.sequence_bounds is
  'Members see what the experiments of their workspaces have said before.';

alter table private.sequence_looks enable row level security;
revoke all on private.sequence_looks from public, anon, authenticated, service_role;

alter table private.restatements enable row level security;
revoke all on private.restatements from public, anon, authenticated, service_role;
grant select on private.restatements to authenticated, service_role;

create policy restatements_select_member on private.restatements for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy restatements_select_member on private.restatements is
  'Members see which closed cohorts of their workspaces changed.';

alter table private.watermark enable row level security;
revoke all on private.watermark from public, anon, authenticated, service_role;
grant select on private.watermark to authenticated, service_role;

create policy watermark_select_everyone on private.watermark for select to authenticated
  using (true);
comment on policy watermark_select_everyone on private.watermark is
  'How fresh the numbers are is the same for all and no secret.';

alter table private.stale_experiments enable row level security;
revoke all on private.stale_experiments from public, anon, authenticated, service_role;

alter table private.counted_experiments enable row level security;
revoke all on private.counted_experiments from public, anon, authenticated, service_role;

alter table private.late_workspaces enable row level security;
revoke all on private.late_workspaces from public, anon, authenticated, service_role;

alter table private.held_experiments enable row level security;
revoke all on private.held_experiments from public, anon, authenticated, service_role;
grant select on private.held_experiments to authenticated, service_role;

create policy held_experiments_select_member on private.held_experiments for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy held_experiments_select_member on private.held_experiments is
  'Members see which experiments of their workspaces stand still, and why.';
