create or replace function private.tg_experiments__guard() returns trigger
language plpgsql
set search_path = ''
as $$
declare
  mark constant text := coalesce(new.id, old.id) || '@' || pg_current_xact_id();
begin
  if tg_op = 'INSERT' then
    perform set_config('upshot.revised', mark, true);
    return new;
  elsif tg_op = 'DELETE' then
    if old.started_at is not null then
      perform private.fail('experiment_started', '{"what": "existence"}');
    elsif old.state = 'in_review' then
      perform private.fail('revision_required', jsonb_build_object('state', old.state));
    end if;
    return old;
  end if;
  if old.started_at is not null and (old.key, old.environment_id, old.capability_id, old.unit, old.salt, old.assigned_by)
    is distinct from (new.key, new.environment_id, new.capability_id, new.unit, new.salt, new.assigned_by)
  then
    perform private.fail('experiment_started', '{"what": "key, environment, capability, unit and who assigns"}');
  end if;
  if old.started_at is not null and old.planned_units is distinct from new.planned_units then
    -- An interval that is narrowest where the data happens to be keeps no promise.
    perform private.fail('experiment_started', '{"what": "planned size"}');
  end if;
  if old.started_at is not null and old.traffic <> new.traffic and (
    -- A ramp's traffic follows its steps: the verbs, which run as the owner, may move it without this permission.
    current_user in ('authenticated', 'service_role')
    or not exists (select from public.ramps r where r.experiment_id = old.id and r.state = 'running'))
  then
    -- Who may not start it may not open it wider either.
    perform private.require_permission(old.workspace_id, 'experiments.activate');
  end if;
  if current_setting('upshot.revised', true) is distinct from mark then
    new.revision := old.revision + 1;
    perform set_config('upshot.revised', mark, true);
  end if;
  new.updated_at := private.now();
  return new;
end
$$;

comment on function private.tg_experiments__guard() is
'Keeps what was measured comparable: a started experiment keeps its scope and unit. Counts the revision up, once a transaction.';

create or replace trigger _100_guard before insert or update or delete on public.experiments
  for each row execute function private.tg_experiments__guard();

create or replace function private.tg_experiments__plan() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.sequence_units := case when new.started_at is not null then
    coalesce(old.sequence_units, new.planned_units, private.planned_size(new)) end;
  return new;
end
$$;

comment on function private.tg_experiments__plan() is
'Fixes the size that the any-time interval is set for when the experiment starts: before there are data, and for good.';

create or replace trigger _150_plan before update on public.experiments
  for each row when (old.started_at is null or old.sequence_units is distinct from new.sequence_units)
  execute function private.tg_experiments__plan();

create or replace function private.tg_experiments__log() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  verb text := (select m.verb from public.experiment_moves m
    where m.from_state = old.state and m.to_state = new.state limit 1);
begin
  perform private.log_change(jsonb_populate_record(null::public.changes, jsonb_build_object(
    'workspace_id', new.workspace_id,
    'kind', 'experiment_' || case verb when 'activate' then 'activated' when 'pause' then 'paused'
      when 'resume' then 'resumed' else 'archived' end,
    'environment_id', new.environment_id, 'capability_id', new.capability_id, 'experiment_id', new.id,
    'summary', format('%s the experiment %s', case verb when 'activate' then 'Activated' when 'pause' then 'Paused'
      when 'resume' then 'Resumed' else 'Archived' end, new.key),
    'detail', jsonb_build_object('revision', new.revision, 'from', old.state, 'to', new.state))));
  return null;
end
$$;

comment on function private.tg_experiments__log() is
E'Writes a move of a started experiment into the ledger.\nDefiner: the ledger is append-only and nobody inserts into it by hand.';

create or replace trigger _200_log after update of state on public.experiments
  for each row when (old.state is distinct from new.state and new.started_at is not null)
  execute function private.tg_experiments__log();

create or replace function private.tg_scope__guard() returns trigger
language plpgsql
set search_path = ''
as $$
declare
  touched uuid := case tg_op when 'DELETE' then old.experiment_id else new.experiment_id end;
begin
  if exists (select from public.experiments e where e.id = touched and e.started_at is not null) then
    perform private.fail('experiment_started', '{"what": "scope and primary metric"}');
  end if;
  return case tg_op when 'DELETE' then old else new end;
end
$$;

comment on function private.tg_scope__guard() is 'Keeps the scope and the primary metric of a started experiment.';

create or replace trigger _100_guard before insert or update or delete on public.experiment_actions
  for each row execute function private.tg_scope__guard();
create or replace trigger _100_guard before insert or update or delete on public.experiment_intents
  for each row execute function private.tg_scope__guard();
create or replace trigger _100_guard_new before insert or update on public.experiment_metrics
  for each row when (new.role = 'primary') execute function private.tg_scope__guard();
create or replace trigger _100_guard_old before update or delete on public.experiment_metrics
  for each row when (old.role = 'primary') execute function private.tg_scope__guard();

create or replace function private.tg_parts__revise() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform private.revise(case tg_op when 'DELETE' then old.experiment_id else new.experiment_id end);
  return null;
end
$$;

comment on function private.tg_parts__revise() is
E'A change of any part of an experiment is a change of the experiment.\nDefiner: the revision is nobody''s to write.';

create or replace trigger _200_revise after insert or update or delete on public.experiment_actions
  for each row execute function private.tg_parts__revise();
create or replace trigger _200_revise after insert or update or delete on public.experiment_intents
  for each row execute function private.tg_parts__revise();
create or replace trigger _200_revise after insert or update or delete on public.experiment_metrics
  for each row execute function private.tg_parts__revise();
create or replace trigger _200_revise after insert or update or delete on public.variants
  for each row execute function private.tg_parts__revise();

create or replace function private.hold_draft(experiment_id uuid) returns void
language plpgsql security definer
set search_path = ''
as $$
declare
  parent public.experiments;
begin
  select e.* into parent from public.experiments e where e.id = hold_draft.experiment_id;
  -- A stranger neither waits nor learns anything: the policy refuses them in a moment.
  if parent.id is null or not (private.caller_is_server() or parent.workspace_id in (
    select private.my_workspaces_with('experiments.write'))) then
    return;
  end if;
  -- Under the lock that every verb takes: a draft that is being activated is no draft any more.
  select e.* into parent from public.experiments e where e.id = parent.id for no key update;
  if parent.state <> 'draft' then
    perform private.fail('revision_required', jsonb_build_object('state', parent.state));
  end if;
end
$$;

comment on function private.hold_draft(uuid) is
E'Holds an experiment whose rows are written one by one; raises unless it is a draft.\nDefiner: who may insert arms may not lock experiments. It asks for experiments.write itself.';

create or replace function private.tg_parts__hold() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  -- The verbs write as the owner, and have named a revision.
  if current_user in ('authenticated', 'service_role') then
    perform private.hold_draft(case tg_op when 'DELETE' then old.experiment_id else new.experiment_id end);
  end if;
  return case tg_op when 'DELETE' then old else new end;
end
$$;

comment on function private.tg_parts__hold() is 'Lets rows of an experiment be written one by one only while it is a draft.';

create or replace trigger _050_hold before insert or delete on public.experiment_actions
  for each row execute function private.tg_parts__hold();
create or replace trigger _050_hold before insert or delete on public.experiment_intents
  for each row execute function private.tg_parts__hold();
create or replace trigger _050_hold before insert or delete on public.experiment_metrics
  for each row execute function private.tg_parts__hold();
create or replace trigger _050_hold before insert or delete on public.variants
  for each row execute function private.tg_parts__hold();

create or replace function private.log_shares(experiment_id uuid) returns void
language plpgsql
set search_path = ''
as $$
declare
  experiment public.experiments;
  moved text;
begin
  select e.* into experiment from public.experiments e where e.id = log_shares.experiment_id;
  select case when was.traffic <> becomes.traffic then format('traffic of the experiment %s from %s %% to %s %%', experiment.key,
      trim_scale(was.traffic / 100), trim_scale(becomes.traffic / 100)) else 'weights of the experiment ' || experiment.key end
  into moved
  from public.experiment_revisions a
  join public.experiment_revisions b on b.experiment_id = a.experiment_id and b.revision = a.revision - 1 and b.state = a.state
  cross join lateral (select (a.document ->> 'traffic')::numeric as traffic, jsonb_path_query_array(a.document, '$.variants[*].weight') as weights) becomes
  cross join lateral (select (b.document ->> 'traffic')::numeric as traffic, jsonb_path_query_array(b.document, '$.variants[*].weight') as weights) was
  where a.experiment_id = experiment.id and a.revision = experiment.revision and a.state = 'active'
    and (was.traffic, was.weights) is distinct from (becomes.traffic, becomes.weights)
    -- A ramp tells its own steps.
    and not exists (select from public.ramps r where r.experiment_id = experiment.id);
  if moved is not null then
    perform private.log_change(jsonb_populate_record(null::public.changes, jsonb_build_object(
      'workspace_id', experiment.workspace_id, 'kind', 'experiment_shares_changed', 'environment_id', experiment.environment_id,
      'capability_id', experiment.capability_id, 'experiment_id', experiment.id, 'summary', 'Changed the ' || moved,
      'detail', jsonb_build_object('revision', experiment.revision))));
  end if;
end
$$;

comment on function private.log_shares(uuid) is
'The ledger''s row for a running experiment whose traffic or weights were changed: other shares of the customers meet its arms from then on.';

create or replace function private.tg_experiments__remember() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  -- As the transaction ends: what it was on the way is nobody's business.
  insert into public.experiment_revisions (
    workspace_id, experiment_id, revision, state, document, content_hash, actor_kind, actor_id)
  select e.workspace_id, e.id, e.revision, e.state, private.experiment_document(e.id), private.experiment_hash(e.id),
    private.actor_kind(), private.actor_id()
  from public.experiments e where e.id = new.id
  on conflict on constraint experiment_revisions_pkey do nothing;
  if found then
    perform private.log_shares(new.id);
  end if;
  return null;
end
$$;

comment on function private.tg_experiments__remember() is
E'Keeps what an experiment was at each revision.\nDefiner: nobody writes history by hand.';

create constraint trigger _950_remember after insert or update on public.experiments
  deferrable initially deferred for each row execute function private.tg_experiments__remember();
