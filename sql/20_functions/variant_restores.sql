create or replace function private.restore_variant(
  experiment_id uuid, variant text, expected_revision integer, reason text, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  experiment public.experiments := private.lock_experiment(
    experiment_id, expected_revision, 'experiments.activate', workspace_id);
  arm public.variants;
begin
  select a.* into arm from public.variants a where a.experiment_id = experiment.id and a.key = variant;
  if arm.id is null then
    perform private.fail('unknown_variant', jsonb_build_object('variant', variant));
  elsif arm.rolled_back_at is null then
    perform private.fail('not_rolled_back', jsonb_build_object('variant', variant));
  elsif experiment.state = 'archived' then
    perform private.fail('move_not_allowed', jsonb_build_object('state', experiment.state, 'verb', 'restore_variant'));
  end if;
  update public.variants a set rolled_back_at = null where a.id = arm.id;
  if experiment.started_at is not null then
    perform private.open_phase(experiment);
  end if;
  update public.experiments e set updated_at = private.now() where e.id = experiment.id
  returning e.* into experiment;
  perform private.log_variant(experiment, arm, 'variant_restored', 'Restored', reason);
  return jsonb_build_object(
    'experiment_id', experiment.id, 'variant_id', arm.id, 'variant', arm.key, 'state', experiment.state,
    'revision', experiment.revision, 'rolled_back_at', null);
end
$$;

comment on function private.restore_variant(uuid, text, integer, text, uuid) is
E'Takes the rollback of an arm back: its units get its version again.\nDefiner: nobody may write rolled_back_at or phases by hand.';
