-- A ramp is an experiment with a plan. Locks are always taken in this order: the capability, the scope, the
-- experiment, the ramp. Moves of a pointer share the capability's lock; a ramp's moves hold it alone.
create or replace function private.ramp_scope(ramp public.ramps) returns private.scope
language sql immutable
set search_path = ''
return row((ramp).workspace_id, (ramp).environment_id, (ramp).capability_id, (ramp).action_id, (ramp).intent_id)::private.scope;

comment on function private.ramp_scope(public.ramps) is 'Where a ramp runs.';

create or replace function private.overrides(head private.deployment_heads, scope private.scope) returns boolean
language sql immutable
set search_path = ''
return (head).environment_id = (scope).environment_id
  and (head).capability_id = (scope).capability_id
  and (head).prompt_version_id is not null
  and coalesce((head).action_id = (scope).action_id, true)
  and coalesce((head).intent_id = (scope).intent_id, true)
  and ((head).action_id is not null, (head).intent_id is not null)
    > ((scope).action_id is not null, (scope).intent_id is not null);

comment on function private.overrides(private.deployment_heads, private.scope) is
'True when a live scope answers some of another scope''s calls instead of it.';

create or replace function private.overriding_scopes(scope private.scope) returns text
language sql stable
set search_path = ''
as $$
  select string_agg(private.scope_words(h.environment_id, h.capability_id, h.action_id, h.intent_id), ', '
    order by h.action_id, h.intent_id)
  from private.live_head(scope) base
  join private.deployment_heads h on h.environment_id = base.environment_id and h.capability_id = base.capability_id
  where h.prompt_version_id is not null
    and coalesce(h.action_id = (scope).action_id, true)
    and coalesce(h.intent_id = (scope).intent_id, true)
    and (h.action_id is not null, h.intent_id is not null) > (base.action_id is not null, base.intent_id is not null)
$$;

comment on function private.overriding_scopes(private.scope) is
'The live scopes that answer some of a scope''s calls instead of what answers the others, in words; null when there are none.';

create or replace function private.would_end(ramp public.ramps, moved private.scope) returns boolean
language plpgsql stable
set search_path = ''
as $$
declare
  base constant private.deployment_heads := private.live_head(private.ramp_scope(ramp));
  rank constant boolean[] := array[moved.action_id is not null, moved.intent_id is not null];
begin
  return ramp.id is not null
    and coalesce(moved.action_id = ramp.action_id, true) and coalesce(moved.intent_id = ramp.intent_id, true)
    and (rank >= array[ramp.action_id is not null, ramp.intent_id is not null]
      or rank >= array[base.action_id is not null, base.intent_id is not null]);
end
$$;

comment on function private.would_end(public.ramps, private.scope) is
'True when a move of a scope''s pointer would stop the ramp: it moves the ramp''s scope, overrides it, or is what it stands on.';

create or replace function private.require_plan(steps numeric[], hold interval, min_subjects integer, unit text)
returns void
language plpgsql immutable
set search_path = ''
as $$
declare
  fault jsonb;
begin
  select jsonb_build_object('argument', argument, 'expected', expected) into fault
  from (values
    ('steps', 'from 2 to 20 rising percentages, all but the last at most 50, the last 100',
      cardinality(steps) between 2 and 20 and steps[cardinality(steps)] = 100 and not exists (
        select from unnest(steps) with ordinality as s (share, n)
        where s.share is null or s.share < 0.01 or s.share <= steps[s.n - 1]
          or s.share > 50 and s.n < cardinality(steps) or s.share * 100 <> trunc(s.share * 100))),
    ('hold', 'an interval of time', hold >= interval '0'),
    ('min_subjects', 'from 2 to 1,000,000', min_subjects between 2 and 1000000),
    ('unit', 'user or conversation', unit in ('user', 'conversation'))
  ) as rule (argument, expected, holds)
  where holds is not true
  limit 1;
  if fault is not null then
    perform private.fail('bad_argument', fault);
  end if;
end
$$;

comment on function private.require_plan(numeric[], interval, integer, text) is
E'Raises bad_argument for a plan that cannot be followed.\nShares between 50 and 100 per cent would leave the control fewer subjects than the new version: arms stay equal until the last step.';

create or replace function private.guardrail_rows(workspace_id uuid, guardrails jsonb)
returns table (metric_id uuid, margin double precision)
language plpgsql stable
set search_path = ''
as $$
declare
  entry jsonb;
  metric public.outcome_metrics;
begin
  if jsonb_typeof(guardrails) is distinct from 'array' then
    perform private.fail('bad_argument', '{"argument": "guardrails", "expected": "an array of {metric, margin}"}');
  end if;
  for entry in select g from jsonb_array_elements(guardrails) g loop
    select m.* into metric from public.outcome_metrics m
    where m.workspace_id = guardrail_rows.workspace_id and m.key = entry ->> 'metric';
    if metric.id is null then
      perform private.fail('unknown_metric', jsonb_build_object('metric', entry ->> 'metric'));
    elsif metric.kind not in ('proportion', 'mean', 'count', 'duration') then
      perform private.fail('bad_argument', '{"argument": "guardrails", "expected": "metrics of the kinds proportion, mean, count, duration"}');
    elsif jsonb_typeof(coalesce(entry -> 'margin', '0')) <> 'number' or (entry ->> 'margin')::double precision < 0 then
      perform private.fail('bad_argument', '{"argument": "guardrails", "expected": "an array of {metric, margin} with margins from 0"}');
    end if;
    metric_id := metric.id;
    margin := nullif((entry ->> 'margin')::double precision, 0);
    return next;
  end loop;
end
$$;

comment on function private.guardrail_rows(uuid, jsonb) is 'The guardrails of a ramp as metrics and margins; a margin of null is none at all.';

create or replace function private.ramp_experiment(
  scope private.scope, from_version_id uuid, version_id uuid, share integer, unit text, guardrails jsonb, planned integer
) returns uuid
language plpgsql
set search_path = ''
as $$
declare
  made public.experiments;
begin
  insert into public.experiments (
    workspace_id, key, name, hypothesis, environment_id, capability_id, unit, traffic, planned_units)
  select scope.workspace_id, format('ramp.%s.v%s.%s', left(p.key, 60), v.number, right(private.uuidv7()::text, 8)),
    format('Ramp of %s', private.version_words(v.id)), 'Does no harm.',
    scope.environment_id, scope.capability_id, unit, 2 * share, planned
  from public.prompt_versions v join public.prompts p on p.id = v.prompt_id
  where v.id = ramp_experiment.version_id
  returning * into made;
  insert into public.experiment_actions (workspace_id, experiment_id, capability_id, action_id)
  select made.workspace_id, made.id, made.capability_id, scope.action_id where scope.action_id is not null;
  insert into public.experiment_intents (workspace_id, experiment_id, intent_id)
  select made.workspace_id, made.id, scope.intent_id where scope.intent_id is not null;
  insert into public.experiment_metrics (workspace_id, experiment_id, metric_id, role, margin)
  select made.workspace_id, made.id, g.metric_id, 'guardrail', g.margin
  from private.guardrail_rows(scope.workspace_id, guardrails) g;
  with arms as (
    insert into public.variants (workspace_id, experiment_id, key, name, is_control)
    values (made.workspace_id, made.id, 'live', 'Live', true), (made.workspace_id, made.id, 'new', 'New', false)
    returning id, is_control
  )
  insert into public.variant_versions (workspace_id, variant_id, prompt_version_id)
  select made.workspace_id, arms.id, case when arms.is_control then from_version_id else version_id end from arms;
  perform private.open_phase(made);
  update public.experiments e set state = 'active', started_at = private.now() where e.id = made.id;
  return made.id;
end
$$;

comment on function private.ramp_experiment(private.scope, uuid, uuid, integer, text, jsonb, integer) is
'Starts the experiment that a ramp runs as: two equal arms over twice the first step''s share.';

create or replace function private.require_rampable(
  scope private.scope, head private.deployment_heads, version_id uuid, expected_version uuid
) returns uuid
language plpgsql stable
set search_path = ''
as $$
declare
  live constant private.deployment_heads := private.live_head(scope);
  overriding constant text := private.overriding_scopes(scope);
begin
  perform private.require_runnable(version_id, scope);
  perform private.require_live(head, expected_version);
  if live.prompt_version_id is null then
    perform private.fail('nothing_to_ramp_from');
  elsif live.prompt_version_id = version_id then
    perform private.fail('already_live', jsonb_build_object('version_id', version_id));
  elsif overriding is not null then
    perform private.fail('overridden', jsonb_build_object('scopes', overriding));
  elsif exists (
    select from public.ramps r
    where r.state = 'running' and private.ramp_scope(r) is not distinct from scope
  ) then
    perform private.fail('ramp_running');
  end if;
  return live.prompt_version_id;
end
$$;

comment on function private.require_rampable(private.scope, private.deployment_heads, uuid, uuid) is
'The version that answers the scope now; raises unless another can be ramped up against it.';

create or replace function private.log_ramp(ramp public.ramps, kind text, summary text, detail jsonb) returns void
language plpgsql
set search_path = ''
as $$
begin
  perform private.log_change(jsonb_populate_record(null::public.changes, jsonb_build_object(
    'workspace_id', ramp.workspace_id, 'kind', kind,
    'environment_id', ramp.environment_id, 'capability_id', ramp.capability_id, 'action_id', ramp.action_id,
    'intent_id', ramp.intent_id, 'experiment_id', ramp.experiment_id, 'deployment_id', ramp.deployment_id,
    'summary', format('%s: %s at %s', summary, private.version_words(ramp.version_id),
      private.scope_words(ramp.environment_id, ramp.capability_id, ramp.action_id, ramp.intent_id)),
    'detail', detail || jsonb_build_object(
      'ramp_id', ramp.id, 'revision', ramp.revision, 'step', ramp.step, 'version_id', ramp.version_id))));
end
$$;

comment on function private.log_ramp(public.ramps, text, text, jsonb) is 'The ledger''s row for a move of a ramp.';

create or replace function private.ramp_card(ramp public.ramps) returns jsonb
language sql stable
set search_path = ''
as $$
  select to_jsonb(ramp) || jsonb_build_object(
    'ramp_id', (ramp).id,
    'share', (select s.share / 100.0 from public.ramp_steps s where s.ramp_id = (ramp).id and s.number = (ramp).step),
    'holds_until', (select s.started_at + s.hold from public.ramp_steps s
      where s.ramp_id = (ramp).id and s.number = (ramp).step and (ramp).state = 'running'),
    'next_share', (select s.share / 100.0 from public.ramp_steps s
      where s.ramp_id = (ramp).id and s.number = (ramp).step + 1 and (ramp).state = 'running'))
$$;

comment on function private.ramp_card(public.ramps) is 'A ramp as its verbs answer it: the row, with the present and the next share in per cent.';

create or replace function private.open_ramp(
  scope private.scope, head private.deployment_heads, version_id uuid, expected_version uuid,
  steps numeric[], guardrails jsonb, hold interval, min_subjects integer, unit text, reason text
) returns public.ramps
language plpgsql
set search_path = ''
as $$
#variable_conflict use_variable
declare
  base constant uuid := private.require_rampable(scope, head, version_id, expected_version);
  made public.ramps;
begin
  insert into public.ramps (
    workspace_id, environment_id, capability_id, action_id, intent_id, version_id, from_version_id,
    replaces_version_id, min_subjects, reason, created_by, experiment_id)
  values (
    scope.workspace_id, scope.environment_id, scope.capability_id, scope.action_id, scope.intent_id, version_id, base,
    head.prompt_version_id, min_subjects, coalesce(reason, ''), auth.uid(),
    private.ramp_experiment(scope, base, version_id, (steps[1] * 100)::integer, unit, guardrails,
      -- Harm is looked for from the first step on: sharpest where that may end.
      greatest(2 * min_subjects, 40)))
  returning * into made;
  insert into public.ramp_steps (workspace_id, ramp_id, number, share, hold, started_at)
  select made.workspace_id, made.id, s.n, s.share * 100, case when s.share = 100 then interval '0' else hold end,
    case s.n when 1 then private.now() end
  from unnest(steps) with ordinality as s (share, n);
  insert into private.ramp_clock (ramp_id, workspace_id) values (made.id, made.workspace_id);
  return made;
end
$$;

comment on function private.open_ramp(
  private.scope, private.deployment_heads, uuid, uuid, numeric[], jsonb, interval, integer, text, text
) is 'The rows of a new ramp at a locked scope: itself, its experiment, its steps.';

create or replace function private.start_ramp(
  environment text, capability text, version_id uuid, expected_version uuid, action text, intent text,
  steps numeric[], guardrails jsonb, hold interval, min_subjects integer, unit text, reason text, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  tenant uuid := private.authorise(workspace_id, 'deployments.publish');
  scope private.scope := private.resolve_scope(tenant, environment, capability, action, intent);
  made public.ramps;
begin
  perform private.require_plan(steps, hold, min_subjects, unit);
  perform pg_advisory_xact_lock(private.capability_key(scope));
  made := private.open_ramp(
    scope, private.scope_head(scope), version_id, expected_version, steps, guardrails, hold, min_subjects, unit, reason);
  perform private.require_approval(tenant, 'deployments.publish', scope.environment_id, version_id,
    private.publication_hash(scope, version_id));
  perform private.log_ramp(made, 'ramp_started', format('Started a ramp at %s %%', steps[1]),
    jsonb_build_object('steps', steps, 'guardrails', guardrails, 'reason', made.reason));
  return private.ramp_card(made);
end
$$;

comment on function private.start_ramp(
  text, text, uuid, uuid, text, text, numeric[], jsonb, interval, integer, text, text, uuid
) is E'Begins to roll a version out in steps, by compare-and-swap on what is live.\nDefiner: as publish; ramps, their steps and the state of their experiment are nobody''s to write by hand.';
