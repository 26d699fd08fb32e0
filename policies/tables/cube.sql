alter table private.cube_cells enable row level security;
revoke all on private.cube_cells from public, anon, authenticated, service_role;
grant select on private.cube_cells to authenticated, service_role;

create policy cube_cells_select_member on private.cube_cells for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy cube_cells_select_member on private.cube_cells is
  'Members see the slices of the experiments of their workspaces.';

alter table private.cube_experiments enable row level security;
revoke all on private.cube_experiments from public, anon, authenticated, service_role;

alter table private.cube_values enable row level security;
revoke all on private.cube_values from public, anon, authenticated, service_role;

alter table private.cube_marks enable row level security;
revoke all on private.cube_marks from public, anon, authenticated, service_role;

alter table private.cube_watermark enable row level security;
revoke all on private.cube_watermark from public, anon, authenticated, service_role;

alter table private.cube_unit_news enable row level security;
revoke all on private.cube_unit_news from public, anon, authenticated, service_role;

alter table private.cube_place_news enable row level security;
revoke all on private.cube_place_news from public, anon, authenticated, service_role;
