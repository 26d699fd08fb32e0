-- Members may look, as into the raw rows that these are made of; the compactor alone writes.
alter table private.experiment_units enable row level security;
revoke all on private.experiment_units from public, anon, authenticated, service_role;
grant select on private.experiment_units to authenticated, service_role;

create policy experiment_units_select_member on private.experiment_units for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy experiment_units_select_member on private.experiment_units is
  'Members see the units of the experiments of their workspaces.';

alter table private.unit_values enable row level security;
revoke all on private.unit_values from public, anon, authenticated, service_role;
grant select on private.unit_values to authenticated, service_role;

create policy unit_values_select_member on private.unit_values for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy unit_values_select_member on private.unit_values is
  'Members see what units of their workspaces are worth.';

alter table private.outcome_places enable row level security;
revoke all on private.outcome_places from public, anon, authenticated, service_role;

alter table private.marked_units enable row level security;
revoke all on private.marked_units from public, anon, authenticated, service_role;

alter table private.segment_values enable row level security;
revoke all on private.segment_values from public, anon, authenticated, service_role;
