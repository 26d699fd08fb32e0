-- The hottest road of the product. Its functions are plpgsql, also where one query would do: a session keeps their
-- plans, while it plans SQL functions anew at every call.
create or replace function private.candidate_experiments(scope private.scope) returns setof public.experiments
language plpgsql stable rows 2
set search_path = ''
as $$
begin
  return query
  select e.*
  from public.experiments e
  cross join lateral (select count(*) as named, count(*) filter (where s.action_id = scope.action_id) as hit
    from public.experiment_actions s where s.experiment_id = e.id) as actions
  cross join lateral (select count(*) as named, count(*) filter (where s.intent_id = scope.intent_id) as hit
    from public.experiment_intents s where s.experiment_id = e.id) as intents
  where e.state = 'active'
    and e.environment_id = scope.environment_id
    and e.capability_id = scope.capability_id
    and (actions.named = 0 or actions.hit > 0)
    and (intents.named = 0 or intents.hit > 0)
  order by (actions.named > 0) desc, (intents.named > 0) desc, e.started_at, e.id;
end
$$;

comment on function private.candidate_experiments(private.scope) is
'The active experiments that cover a call, the most specific first, then the oldest.';

create or replace function private.draw_arm(experiment_id uuid, bucket integer) returns public.experiment_phase_arms
language plpgsql stable
set search_path = ''
as $$
declare
  drawn public.experiment_phase_arms;
begin
  select arm.* into drawn
  from public.experiment_phase_arms arm
  where arm.phase_id = (
      select p.id from public.experiment_phases p
      where p.experiment_id = draw_arm.experiment_id order by p.number desc limit 1)
    and draw_arm.bucket >= arm.bucket_from
    and draw_arm.bucket < arm.bucket_to;
  return drawn;
end
$$;

comment on function private.draw_arm(uuid, integer) is 'The arm that owns a bucket in the experiment''s present phase.';

create or replace function private.assign(
  experiment public.experiments, unit_id text, subject text, conversation text, intent_id uuid, attributes jsonb
) returns public.assignments
language plpgsql
set search_path = ''
as $$
#variable_conflict use_variable
declare
  found_one public.assignments;
  drawn integer := private.bucket(experiment.salt, 'variant', unit_id);
begin
  select a.* into found_one from public.assignments a where a.experiment_id = experiment.id and a.unit_id = unit_id;
  if found_one.id is not null or private.bucket(experiment.salt, 'traffic', unit_id) >= experiment.traffic then
    return found_one;
  end if;
  insert into public.assignments (
    workspace_id, experiment_id, phase_id, variant_id, unit_id, subject, conversation, intent_id, bucket, attributes)
  select arm.workspace_id, arm.experiment_id, arm.phase_id, arm.variant_id,
    unit_id, subject, conversation, intent_id, drawn, attributes
  from private.draw_arm(experiment.id, drawn) arm
  where arm.variant_id is not null
  on conflict on constraint assignments_sticky do nothing;
  -- A rival that came first has committed by now: read what stands, whoever wrote it.
  select a.* into found_one from public.assignments a where a.experiment_id = experiment.id and a.unit_id = unit_id;
  return found_one;
end
$$;

comment on function private.assign(public.experiments, text, text, text, uuid, jsonb) is
'The unit''s arm: the one it has, or one drawn and logged now; null when its bucket is outside the traffic share.';

create or replace function private.version_of(variant_id uuid, action_id uuid) returns uuid
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select r.prompt_version_id
    from public.variant_versions r
    where r.variant_id = version_of.variant_id
      and (r.action_id is null or r.action_id = version_of.action_id)
    order by (r.action_id is not null) desc
    limit 1);
end
$$;

comment on function private.version_of(uuid, uuid) is 'The version that a variant runs for an action: its own row, else the one for every action.';

create or replace function private.decision(
  version_id uuid, reason text, deployment_id uuid, assignment public.assignments default null
) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select jsonb_build_object(
      'assignment_id', assignment.id,
      'experiment', (select jsonb_build_object('id', e.id, 'key', e.key)
        from public.experiments e where e.id = assignment.experiment_id),
      'variant', (select jsonb_build_object('id', a.id, 'key', a.key, 'is_control', a.is_control)
        from public.variants a where a.id = assignment.variant_id),
      'version', private.version_card(v),
      'bundle', private.bundle(v),
      'deployment_id', decision.deployment_id,
      'reason', decision.reason)
    from public.prompt_versions v
    where v.id = decision.version_id);
end
$$;

comment on function private.decision(uuid, text, uuid, public.assignments) is 'The answer of decide for a version and how it was chosen.';

create or replace function private.experiment_decision(assignment public.assignments, action_id uuid) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  arm public.variants;
begin
  select a.* into arm from public.variants a where a.id = assignment.variant_id;
  if arm.rolled_back_at is null then
    return private.decision(private.version_of(arm.id, action_id), 'assigned', null, assignment);
  end if;
  -- The unit keeps its arm, so that it is analysed as assigned; what runs is the control.
  return private.decision(
    private.version_of((
      select c.id from public.variants c where c.experiment_id = arm.experiment_id and c.is_control), action_id),
    'variant_rolled_back', null, assignment);
end
$$;

comment on function private.experiment_decision(public.assignments, uuid) is
'The answer for an assigned unit; null when the experiment has no version for the action.';

create or replace function private.decide(
  environment text, capability text, subject text, action text, conversation text, intent text,
  attributes jsonb, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  tenant uuid := private.authorise(workspace_id, 'decisions.make');
  scope private.scope := private.resolve_scope(tenant, environment, capability, action, intent);
  candidate public.experiments;
  answer jsonb;
begin
  perform private.require_text('subject', subject, 512);
  perform private.require_text('conversation', coalesce(conversation, '-'), 512);
  if jsonb_typeof(attributes) is distinct from 'object' then
    perform private.fail('bad_argument', '{"argument": "attributes", "expected": "an object"}');
  end if;
  for candidate in select * from private.candidate_experiments(scope) loop
    answer := private.experiment_decision(
      private.assign(
        candidate, case candidate.unit when 'conversation' then conversation else subject end,
        subject, conversation, scope.intent_id, attributes),
      scope.action_id);
    if answer is not null then
      return answer;
    end if;
  end loop;
  return private.deployment_decision(scope, environment);
end
$$;

comment on function private.decide(text, text, text, text, text, text, jsonb, uuid) is
E'What to run for a subject; logs the exposure in the same transaction.\nDefiner: assignments are append-only and drawn by hash, so nobody may insert them by hand.';

create or replace function private.deployment_decision(scope private.scope, environment text) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  head private.deployment_heads := private.live_head(scope);
begin
  if head.deployment_id is null then
    perform private.fail('nothing_deployed', jsonb_build_object('environment', environment));
  end if;
  return private.decision(head.prompt_version_id, 'live_deployment', head.deployment_id);
end
$$;

comment on function private.deployment_decision(private.scope, text) is
'The answer outside of experiments: what is live at the most specific scope.';
