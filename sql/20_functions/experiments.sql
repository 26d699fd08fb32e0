create or replace function private.permitted_experiment(experiment_id uuid, permission text, requested_workspace uuid)
returns public.experiments
language plpgsql stable
set search_path = ''
as $$
declare
  experiment public.experiments;
begin
  select e.* into experiment from public.experiments e where e.id = permitted_experiment.experiment_id;
  perform private.authorise_row(experiment.workspace_id, requested_workspace, permission, 'unknown_experiment',
    jsonb_build_object('experiment_id', permitted_experiment.experiment_id));
  perform private.require_environment(experiment.environment_id);
  return experiment;
end
$$;

comment on function private.permitted_experiment(uuid, text, uuid) is
'The experiment; raises for a stranger, a missing permission, or a key of another environment.';

create or replace function private.lock_experiment(
  experiment_id uuid, expected_revision integer, permission text, requested_workspace uuid
) returns public.experiments
language plpgsql
set search_path = ''
as $$
declare
  -- Asked before the lock: a stranger must not wait for it, nor make others wait.
  experiment public.experiments := private.permitted_experiment(experiment_id, permission, requested_workspace);
begin
  select e.* into experiment from public.experiments e where e.id = lock_experiment.experiment_id for no key update;
  if experiment.revision is distinct from expected_revision then
    perform private.fail('stale_revision', jsonb_build_object(
      'expected_revision', expected_revision, 'revision', experiment.revision,
      'changed', private.changed_since(experiment, expected_revision)));
  end if;
  return experiment;
end
$$;

comment on function private.lock_experiment(uuid, integer, text, uuid) is
'The permitted experiment, locked; raises for a revision that is not the present one, too.';

create or replace function private.require_experiment(experiment_id uuid) returns void
language plpgsql stable security definer
set search_path = ''
as $$
begin
  perform private.permitted_experiment(experiment_id, 'workspace.read', null);
end
$$;

comment on function private.require_experiment(uuid) is
E'Raises unless the caller may read the experiment: for verbs that read views, where a stranger would only find nothing.\nDefiner: who may not read it hears why, and that takes a look at it.';

create or replace function private.arm_buckets(experiment_id uuid)
returns table (variant_id uuid, weight integer, bucket_from integer, bucket_to integer)
language sql stable
set search_path = ''
as $$
  with arms as (
    select a.id, a.weight,
      sum(a.weight) over (order by a.key collate "C") as upto,
      sum(a.weight) over () as whole
    from public.variants a
    where a.experiment_id = arm_buckets.experiment_id and a.rolled_back_at is null
  )
  select arms.id, arms.weight,
    ((arms.upto - arms.weight) * 10000 / arms.whole)::integer, (arms.upto * 10000 / arms.whole)::integer
  from arms
  where arms.whole > 0
$$;

comment on function private.arm_buckets(uuid) is
'How the 10,000 buckets are shared out now: arms in the order of their keys, each by its weight.';

create or replace function private.open_phase(experiment public.experiments) returns void
language plpgsql
set search_path = ''
as $$
declare
  present public.experiment_phases;
  opened uuid;
begin
  select p.* into present from public.experiment_phases p
  where p.experiment_id = experiment.id order by p.number desc limit 1;
  if present.id is not null and not exists (
    (select variant_id, weight from private.arm_buckets(experiment.id)
      except select a.variant_id, a.weight from public.experiment_phase_arms a where a.phase_id = present.id)
    union all
    (select a.variant_id, a.weight from public.experiment_phase_arms a where a.phase_id = present.id
      except select variant_id, weight from private.arm_buckets(experiment.id))
  ) then
    return;
  end if;
  insert into public.experiment_phases (workspace_id, experiment_id, number, started_at)
  values (experiment.workspace_id, experiment.id, coalesce(present.number, 0) + 1, private.now())
  returning id into opened;
  insert into public.experiment_phase_arms (
    workspace_id, experiment_id, phase_id, variant_id, weight, bucket_from, bucket_to)
  select experiment.workspace_id, experiment.id, opened, b.variant_id, b.weight, b.bucket_from, b.bucket_to
  from private.arm_buckets(experiment.id) b;
end
$$;

comment on function private.open_phase(public.experiments) is
'Begins a new phase when the arms or their weights are not those of the present one.';

create or replace function private.move_experiment(
  experiment_id uuid, verb text, expected_revision integer, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  experiment public.experiments := private.lock_experiment(
    experiment_id, expected_revision,
    (select m.permission from public.experiment_moves m where m.verb = move_experiment.verb limit 1), workspace_id);
  target text := (select m.to_state from public.experiment_moves m
    where m.verb = move_experiment.verb and m.from_state = experiment.state);
  blockers jsonb;
begin
  if target = 'active' then
    blockers := private.experiment_blockers(experiment);
  end if;
  if target is null then
    perform private.fail('move_not_allowed', jsonb_build_object('state', experiment.state, 'verb', verb));
  elsif blockers is not null then
    perform private.fail('experiment_incomplete', blockers);
  elsif target = 'active' then
    perform private.require_approval(experiment.workspace_id, 'experiments.activate', experiment.environment_id,
      experiment.id, private.experiment_hash(experiment.id));
    perform private.open_phase(experiment);
  end if;
  update public.experiments e set
    state = target,
    started_at = case when target = 'active' then coalesce(e.started_at, private.now()) else e.started_at end,
    ended_at = case when target = 'archived' then private.now() end
  where e.id = experiment.id
  returning e.* into experiment;
  return jsonb_build_object(
    'experiment_id', experiment.id, 'state', experiment.state, 'revision', experiment.revision);
end
$$;

comment on function private.move_experiment(uuid, text, integer, uuid) is
E'Moves the state by compare-and-swap, as experiment_moves allows, for those who hold the move''s permission.\nDefiner: nobody may write the state by hand.';

create or replace function private.rollback_variant(
  experiment_id uuid, variant text, expected_revision integer, reason text, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  experiment public.experiments := private.lock_experiment(
    experiment_id, expected_revision, 'deployments.rollback', workspace_id);
  arm public.variants;
begin
  select a.* into arm from public.variants a where a.experiment_id = experiment.id and a.key = variant;
  if arm.id is null or arm.is_control or arm.rolled_back_at is not null then
    perform private.fail(
      case when arm.id is null then 'unknown_variant' when arm.is_control then 'control_stays'
        else 'already_rolled_back' end,
      jsonb_build_object('variant', variant));
  end if;
  update public.variants a set rolled_back_at = private.now() where a.id = arm.id;
  insert into public.variant_rollbacks (workspace_id, experiment_id, variant_id, phase_number, rolled_back_at)
  select experiment.workspace_id, experiment.id, arm.id, coalesce(max(p.number), 0), private.now()
  from public.experiment_phases p where p.experiment_id = experiment.id;
  if experiment.started_at is not null then
    perform private.open_phase(experiment);
  end if;
  -- Touching the experiment counts its revision up, so that a stale draft cannot undo this.
  update public.experiments e set updated_at = private.now() where e.id = experiment.id
  returning e.* into experiment;
  perform private.log_variant(experiment, arm, 'variant_rolled_back', 'Rolled back', reason);
  return jsonb_build_object(
    'experiment_id', experiment.id, 'variant_id', arm.id, 'variant', arm.key, 'state', experiment.state,
    'revision', experiment.revision, 'rolled_back_at', private.now());
end
$$;

comment on function private.rollback_variant(uuid, text, integer, text, uuid) is
E'Stops an arm at once: its units get the control from the next decide on.\nDefiner: nobody may write rolled_back_at or phases by hand.';

create or replace function private.log_variant(
  experiment public.experiments, arm public.variants, kind text, did text, reason text
) returns void
language plpgsql
set search_path = ''
as $$
begin
  perform private.log_change(jsonb_populate_record(null::public.changes, jsonb_build_object(
    'workspace_id', experiment.workspace_id, 'kind', kind,
    'environment_id', experiment.environment_id, 'capability_id', experiment.capability_id,
    'experiment_id', experiment.id, 'variant_id', arm.id,
    'summary', format('%s the variant %s of %s', did, arm.key, experiment.key),
    'detail', jsonb_build_object('reason', coalesce(reason, ''), 'revision', experiment.revision))));
end
$$;

comment on function private.log_variant(public.experiments, public.variants, text, text, text) is
'The ledger''s row for an arm that was stopped or restored.';
