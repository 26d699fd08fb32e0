create or replace function private.ramp_to_move(
  ramp_id uuid, permission text, requested_workspace uuid
) returns public.ramps
language plpgsql stable
set search_path = ''
as $$
declare
  ramp public.ramps;
begin
  select r.* into ramp from public.ramps r where r.id = ramp_to_move.ramp_id;
  perform private.authorise_row(ramp.workspace_id, requested_workspace, permission, 'unknown_ramp',
    jsonb_build_object('ramp_id', ramp_to_move.ramp_id));
  perform private.require_environment(ramp.environment_id);
  return ramp;
end
$$;

comment on function private.ramp_to_move(uuid, text, uuid) is
'The ramp, unlocked; raises for a stranger or a missing permission.';

create or replace function private.lock_ramp(ramp public.ramps, expected_revision integer) returns public.ramps
language plpgsql
set search_path = ''
as $$
begin
  perform pg_advisory_xact_lock(private.capability_key(private.ramp_scope(ramp)));
  perform private.scope_head(private.ramp_scope(ramp));
  perform from public.experiments e where e.id = ramp.experiment_id for no key update;
  select r.* into ramp from public.ramps r where r.id = ramp.id for no key update;
  if ramp.state <> 'running' then
    perform private.fail('ramp_over', jsonb_build_object('state', ramp.state, 'end_code', ramp.end_code));
  elsif ramp.revision is distinct from expected_revision then
    perform private.fail('stale_ramp', jsonb_build_object(
      'expected_revision', expected_revision, 'revision', ramp.revision));
  end if;
  return ramp;
end
$$;

comment on function private.lock_ramp(public.ramps, integer) is
'The ramp, running and with everything that it may move locked; raises when it is over or has moved on.';

create or replace function private.guardrails_of(ramp_id uuid) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select coalesce(
      jsonb_agg(to_jsonb(g) - array['workspace_id', 'ramp_id', 'experiment_id'] order by g.metric_key), '[]')
    from public.ramp_guardrails g
    where g.ramp_id = guardrails_of.ramp_id);
end
$$;

comment on function private.guardrails_of(uuid) is 'A ramp''s guardrails with the numbers that decide.';

create or replace function private.guardrail_words(guardrails jsonb, status text) returns text
language sql immutable
set search_path = ''
as $$
  select string_agg(format('%s (harm %s, from %s to %s, margin %s, %s and %s subjects%s)',
    g ->> 'metric_key', coalesce(round((g ->> 'harm')::numeric, 4)::text, 'unknown'),
    coalesce(round((g ->> 'harm_low')::numeric, 4)::text, '?'), coalesce(round((g ->> 'harm_high')::numeric, 4)::text, '?'),
    g ->> 'margin', g ->> 'n_control', g ->> 'n_variant', ', ' || (g ->> 'reason_code')), '; ')
  from jsonb_array_elements(guardrails) g
  where g ->> 'status' = guardrail_words.status
$$;

comment on function private.guardrail_words(jsonb, text) is 'The guardrails of a status in words; null when there are none.';

create or replace function private.require_free_to_advance(ramp public.ramps, guardrails jsonb, force boolean) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  step public.ramp_steps;
begin
  select s.* into step from public.ramp_steps s where s.ramp_id = ramp.id and s.number = ramp.step;
  if (select e.state from public.experiments e where e.id = ramp.experiment_id) <> 'active' then
    perform private.fail('ramp_paused', jsonb_build_object('experiment_id', ramp.experiment_id));
  elsif private.guardrail_words(guardrails, 'breached') is not null then
    perform private.fail('guardrail_breached', jsonb_build_object(
      'guardrails', private.guardrail_words(guardrails, 'breached'), 'numbers', guardrails));
  elsif force then
    return;
  elsif private.guardrail_words(guardrails, 'waiting') is not null then
    perform private.fail('guardrail_waits', jsonb_build_object(
      'guardrails', private.guardrail_words(guardrails, 'waiting'), 'numbers', guardrails));
  elsif step.started_at + step.hold > private.now() then
    perform private.fail('ramp_holds', jsonb_build_object('until', step.started_at + step.hold));
  end if;
end
$$;

comment on function private.require_free_to_advance(public.ramps, jsonb, boolean) is
'Raises what keeps a ramp from its next step. Force passes over time and missing data, never over a breach.';

create or replace function private.step_ramp(ramp public.ramps, guardrails jsonb, forced boolean, reason text)
returns public.ramps
language plpgsql
set search_path = ''
as $$
declare
  share constant integer := (select s.share from public.ramp_steps s where s.ramp_id = ramp.id and s.number = ramp.step + 1);
begin
  update public.ramp_steps s set started_at = private.now() where s.ramp_id = ramp.id and s.number = ramp.step + 1;
  update public.ramps r set step = r.step + 1, revision = r.revision + 1, trouble = null,
    state = case share when 10000 then 'completed' else r.state end,
    ended_at = case share when 10000 then private.now() end
  where r.id = ramp.id
  returning r.* into ramp;
  if ramp.state = 'completed' then
    ramp := private.complete_ramp(ramp, reason);
  else
    update public.experiments e set traffic = 2 * share where e.id = ramp.experiment_id;
  end if;
  perform private.log_ramp(ramp,
    case ramp.state when 'completed' then 'ramp_completed' else 'ramp_advanced' end,
    case ramp.state when 'completed' then 'Completed a ramp' else format('Advanced a ramp to %s %%', share / 100.0) end,
    jsonb_build_object('guardrails', guardrails, 'forced', forced, 'reason', coalesce(reason, '')));
  return ramp;
end
$$;

comment on function private.step_ramp(public.ramps, jsonb, boolean, text) is 'Takes a locked ramp to its next step.';

create or replace function private.complete_ramp(ramp public.ramps, reason text) returns public.ramps
language plpgsql
set search_path = ''
as $$
declare
  scope constant private.scope := private.ramp_scope(ramp);
  head constant private.deployment_heads := private.own_head(scope);
  moved jsonb;
begin
  -- Whatever moves the scope stops the ramp in its own transaction; this holds even if that were ever forgotten.
  perform private.require_live(head, ramp.replaces_version_id);
  perform private.archive_ramp_experiment(ramp.experiment_id);
  moved := private.move_pointer(scope, ramp.version_id, head, 'publish', coalesce(nullif(reason, ''), ramp.reason));
  update public.ramps r set deployment_id = (moved ->> 'deployment_id')::uuid where r.id = ramp.id returning r.* into ramp;
  return ramp;
end
$$;

comment on function private.complete_ramp(public.ramps, text) is 'The last step: ends the experiment and publishes, in one transaction.';

create or replace function private.archive_ramp_experiment(experiment_id uuid) returns void
language sql
set search_path = ''
begin atomic
  update public.experiments e set state = 'archived', ended_at = private.now()
  where e.id = archive_ramp_experiment.experiment_id and e.state <> 'archived';
end;

comment on function private.archive_ramp_experiment(uuid) is 'Ends the experiment: every subject gets what is live from the next decide on.';

create or replace function private.end_ramp(ramp public.ramps, state text, end_code text, detail jsonb) returns public.ramps
language plpgsql
set search_path = ''
as $$
begin
  update public.ramps r set state = end_ramp.state, end_code = end_ramp.end_code, ended_at = private.now(),
    revision = r.revision + 1
  where r.id = ramp.id and r.state = 'running'
  returning r.* into ramp;
  if found then
    perform private.archive_ramp_experiment(ramp.experiment_id);
    perform private.log_ramp(ramp, 'ramp_' || end_ramp.state,
      format('%s a ramp (%s)', initcap(end_ramp.state), replace(end_code, '_', ' ')),
      detail || jsonb_build_object('end_code', end_code));
  end if;
  return ramp;
end
$$;

comment on function private.end_ramp(public.ramps, text, text, jsonb) is
'Ends a ramp without publishing: its subjects get the live version from the next decide on.';

create or replace function private.advance_ramp(
  ramp_id uuid, expected_revision integer, force boolean, reason text, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  ramp public.ramps := private.ramp_to_move(ramp_id, 'deployments.publish', workspace_id);
  -- Before the locks: results may take a while, and nobody should wait for them.
  guardrails constant jsonb := private.guardrails_of(ramp.id);
begin
  if force then
    perform private.require_person();
  end if;
  ramp := private.lock_ramp(ramp, expected_revision);
  perform private.require_free_to_advance(ramp, guardrails, coalesce(force, false));
  ramp := private.step_ramp(ramp, guardrails, coalesce(force, false), reason);
  return private.ramp_card(ramp) || jsonb_build_object('guardrails', guardrails);
end
$$;

comment on function private.advance_ramp(uuid, integer, boolean, text, uuid) is
E'Takes a ramp to its next step by compare-and-swap.\nDefiner: as start_ramp.';

create or replace function private.abort_ramp(ramp_id uuid, expected_revision integer, reason text, workspace_id uuid)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  ramp public.ramps := private.ramp_to_move(ramp_id, 'deployments.rollback', workspace_id);
begin
  ramp := private.lock_ramp(ramp, expected_revision);
  return private.ramp_card(private.end_ramp(
    ramp, 'aborted', 'aborted_by_hand', jsonb_build_object('reason', coalesce(reason, ''))));
end
$$;

comment on function private.abort_ramp(uuid, integer, text, uuid) is E'Ends a ramp at once by compare-and-swap.\nDefiner: as start_ramp.';
