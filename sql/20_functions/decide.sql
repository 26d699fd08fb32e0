-- The hottest road of the product. Its functions are plpgsql, also where one query would do: a session keeps their
-- plans, while it plans SQL functions anew at every call. What an experiment is stands compiled in private.live_rules.
create type private.call as (
  scope private.scope, subject text, conversation text, context jsonb, is_held_out boolean,
  subject_in uuid[], conversation_in uuid[]
);

comment on type private.call is
'One call of decide: where, who, what is known of them, and the experiments in which subject and conversation have an arm.';

create or replace function private.is_held_out(environment_id uuid, subject text) returns boolean
language plpgsql stable
set search_path = ''
as $$
declare
  present public.holdouts;
begin
  select h.* into present from public.holdouts h
  where h.environment_id = is_held_out.environment_id order by h.number desc limit 1;
  return coalesce(present.share, 0) > 0 and private.bucket(present.salt, 'holdout', subject) < present.share;
end
$$;

comment on function private.is_held_out(uuid, text) is 'Whether the environment keeps the subject out of every experiment.';

create or replace function private.open_call(
  scope private.scope, subject text, conversation text, action text, intent text, attributes jsonb
) returns private.call
language plpgsql stable
set search_path = ''
as $$
declare
  asked private.call;
begin
  perform private.require_text('subject', subject, 512);
  perform private.require_text('conversation', coalesce(conversation, '-'), 512);
  if jsonb_typeof(attributes) is distinct from 'object' then
    perform private.fail('bad_argument', '{"argument": "attributes", "expected": "an object"}');
  end if;
  asked.scope := scope;
  asked.subject := subject;
  asked.conversation := conversation;
  asked.context := private.audience_context(attributes, subject, conversation, action, intent);
  asked.is_held_out := private.is_held_out(scope.environment_id, subject);
  select coalesce(array_agg(a.experiment_id) filter (where a.unit_id = asked.subject), '{}'),
    coalesce(array_agg(a.experiment_id) filter (where a.unit_id = asked.conversation), '{}')
  into asked.subject_in, asked.conversation_in
  from public.assignments a
  where a.workspace_id = scope.workspace_id and a.unit_id in (asked.subject, asked.conversation);
  return asked;
end
$$;

comment on function private.open_call(private.scope, text, text, text, text, jsonb) is
'Checks what a caller says of a subject and adds what is known of it.';

create or replace function private.choose_rule(asked private.call) returns private.live_rules
language plpgsql stable
set search_path = ''
as $$
declare
  chosen private.live_rules;
begin
  -- In the order of the index, so that the search ends at the first experiment that takes the call.
  select r.* into chosen
  from private.live_rules r
  where r.environment_id = (asked.scope).environment_id
    and r.capability_id = (asked.scope).capability_id
    and (r.action_ids is null or (asked.scope).action_id = any (r.action_ids))
    and (r.intent_ids is null or (asked.scope).intent_id = any (r.intent_ids))
    and (r.runs_any_action or (asked.scope).action_id = any (r.runs_action_ids))
    and (not r.by_conversation or asked.conversation is not null)
    and (r.audience is null or asked.context @@ r.audience)
    and (
      r.experiment_id = any (case when r.by_conversation then asked.conversation_in else asked.subject_in end)
      or not asked.is_held_out
        and (r.layer_id is null
          or ((select private.layer_buckets((asked.scope).workspace_id, asked.subject)) ->> r.layer_id::text)::integer
              between r.layer_from and r.layer_to - 1
            and not private.is_elsewhere_in_layer(r, asked))
        and (r.traffic = 10000 or private.bucket(
          r.salt, 'traffic', case when r.by_conversation then asked.conversation else asked.subject end) < r.traffic))
  order by r.breadth, r.started_at, r.experiment_id
  limit 1;
  return chosen;
end
$$;

comment on function private.choose_rule(private.call) is
'The experiment that answers a call: the first, the narrowest and then the oldest, that covers it and takes its unit.';

create or replace function private.layer_buckets(workspace_id uuid, subject text) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select jsonb_object_agg(l.id, private.bucket(l.salt, 'layer', subject))
    from public.layers l where l.workspace_id = layer_buckets.workspace_id);
end
$$;

comment on function private.layer_buckets(uuid, text) is 'The subject''s slot in each layer of the workspace.';

create or replace function private.is_elsewhere_in_layer(rule private.live_rules, asked private.call) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
  -- Slots that moved while experiments ran would let a unit into two of them: the arm that it has wins.
  return exists (
    select from public.experiments e
    where e.workspace_id = rule.workspace_id
      and e.id = any (asked.subject_in || asked.conversation_in)
      and e.id = any (case when e.unit = 'conversation' then asked.conversation_in else asked.subject_in end)
      and e.layer_id = rule.layer_id
      and e.environment_id = rule.environment_id
      and e.id <> rule.experiment_id
      and e.state in ('active', 'paused'));
end
$$;

comment on function private.is_elsewhere_in_layer(private.live_rules, private.call) is
'Whether the call''s unit has an arm in another live experiment of the rule''s layer.';

create or replace function private.assign(rule private.live_rules, asked private.call, attributes jsonb)
returns public.assignments
language plpgsql
set search_path = ''
as $$
declare
  unit constant text := case when rule.by_conversation then asked.conversation else asked.subject end;
  drawn constant integer := private.bucket(rule.salt, 'variant', unit);
  made public.assignments;
begin
  if rule.experiment_id <> all (case when rule.by_conversation then asked.conversation_in else asked.subject_in end) then
    insert into public.assignments (
      workspace_id, experiment_id, phase_id, variant_id, unit_id, subject, conversation, intent_id, bucket, attributes)
    values (rule.workspace_id, rule.experiment_id, rule.phase_id,
      rule.arm_ids[width_bucket(drawn, rule.arm_starts)], unit, asked.subject, asked.conversation,
      (asked.scope).intent_id, drawn, attributes)
    on conflict on constraint assignments_sticky do nothing
    returning * into made;
  end if;
  if made.id is null then
    -- It has an arm; or a rival that came first has committed by now: read what stands, whoever wrote it.
    select a.* into made from public.assignments a
    where a.workspace_id = rule.workspace_id and a.unit_id = unit and a.experiment_id = rule.experiment_id;
  end if;
  return made;
end
$$;

comment on function private.assign(private.live_rules, private.call, jsonb) is
'The unit''s arm: the one it has, or the one that its bucket draws, logged now.';

create or replace function private.decision(
  version_id uuid, reason text, deployment_id uuid, assignment_id uuid default null, experiment jsonb default null,
  variant jsonb default null
) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select jsonb_build_object(
      'assignment_id', decision.assignment_id, 'experiment', experiment, 'variant', variant,
      'version', private.version_card(v), 'bundle', private.bundle(v),
      'deployment_id', decision.deployment_id, 'reason', decision.reason)
    from public.prompt_versions v
    where v.id = decision.version_id);
end
$$;

comment on function private.decision(uuid, text, uuid, uuid, jsonb, jsonb) is
'The answer of decide for a version and how it was chosen.';

create or replace function private.experiment_decision(
  rule private.live_rules, assignment public.assignments, action_id uuid
) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  arm constant jsonb := rule.arms -> assignment.variant_id::text;
begin
  return private.decision(
    coalesce(arm -> 'versions' ->> action_id::text, arm -> 'versions' ->> '*')::uuid,
    case when (arm ->> 'rolled_back')::boolean then 'variant_rolled_back' else 'assigned' end,
    null, assignment.id,
    jsonb_build_object('id', rule.experiment_id, 'key', rule.key),
    jsonb_build_object('id', assignment.variant_id, 'key', arm -> 'key', 'is_control', arm -> 'is_control'));
end
$$;

comment on function private.experiment_decision(private.live_rules, public.assignments, uuid) is
'The answer for an assigned unit: its arm''s version, or the control''s when the arm was rolled back.';

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
  asked private.call := private.open_call(scope, subject, conversation, action, intent, attributes);
  rule private.live_rules := private.choose_rule(asked);
begin
  if rule.experiment_id is null then
    return private.deployment_decision(scope, environment, asked.is_held_out);
  end if;
  return private.experiment_decision(rule, private.assign(rule, asked, attributes), scope.action_id);
end
$$;

comment on function private.decide(text, text, text, text, text, text, jsonb, uuid) is
E'What to run for a subject; logs the exposure in the same transaction.\nDefiner: assignments are append-only and drawn by hash, so nobody may insert them by hand.';

create or replace function private.deployment_decision(scope private.scope, environment text, is_held_out boolean)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  head private.deployment_heads := private.live_head(scope);
begin
  if head.deployment_id is null then
    perform private.fail('nothing_deployed', jsonb_build_object('environment', environment));
  end if;
  return private.decision(
    head.prompt_version_id, case when is_held_out then 'holdout' else 'live_deployment' end, head.deployment_id);
end
$$;

comment on function private.deployment_decision(private.scope, text, boolean) is
'The answer outside of experiments: what is live at the most specific scope.';
