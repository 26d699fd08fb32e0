-- The hottest road of the product. Its functions are plpgsql, also where one query would do: a session keeps their
-- plans, while it plans SQL functions anew at every call. Few and large, because each costs in every transaction.
-- What an experiment is stands compiled in private.live_rules.
create or replace function private.call_context(
  subject text, conversation text, action text, intent text, attributes jsonb
) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  if length(subject) between 1 and 512 and length(coalesce(conversation, '-')) between 1 and 512
    and jsonb_typeof(attributes) = 'object'
  then
    return attributes || jsonb_build_object('call', jsonb_build_object(
      'subject', subject, 'conversation', conversation, 'action', action, 'intent', intent));
  end if;
  perform private.require_text('subject', subject, 512);
  perform private.require_text('conversation', coalesce(conversation, '-'), 512);
  perform private.fail('bad_argument', '{"argument": "attributes", "expected": "an object"}');
  return null;
end
$$;

comment on function private.call_context(text, text, text, text, jsonb) is
E'What an audience is asked about: the attributes, and the call itself under the reserved name call.\nRaises bad_argument for a call that makes no sense.';

create type private.choice as (
  rule private.live_rules, unit_id text, variant_id uuid, bucket integer, assignment_id uuid
);

comment on type private.choice is
'The experiment that answers a call, its unit, the arm; the bucket that drew it, or the assignment that it stands in.';

create or replace function private.choose(
  scope private.scope, subject text, conversation text, context jsonb
) returns private.choice
language plpgsql stable
set search_path = ''
-- One plan for all calls, along the index that has the rules in the order in which they are asked.
set plan_cache_mode = 'force_generic_plan'
set enable_sort = 'off'
as $$
declare
  in_slot constant uuid[] := private.slot_holders(scope, subject);
  chosen private.choice;
begin
  with mine as materialized (
    select a.id, a.experiment_id, a.variant_id, a.unit_id from public.assignments a
    where a.workspace_id = scope.workspace_id and a.unit_id in (choose.subject, choose.conversation)
  )
  select first_of.r, first_of.unit_id, first_of.variant_id, first_of.bucket, first_of.assignment_id
  into chosen.rule, chosen.unit_id, chosen.variant_id, chosen.bucket, chosen.assignment_id
  from (select unnest(scope.capability_id || in_slot) union all select o.experiment_id from mine o) as streams (id)
  cross join lateral (
    select r, unit.id as unit_id, coalesce(m.variant_id, r.arm_ids[width_bucket(drawn.bucket, r.arm_starts)]) as variant_id,
      drawn.bucket, m.id as assignment_id
    from private.live_rules r
    cross join lateral (select case when r.by_conversation then choose.conversation else choose.subject end) as unit (id)
    left join mine m on m.experiment_id = r.experiment_id and m.unit_id = unit.id
    cross join lateral (select case when m.id is null then private.bucket(r.salt, 'variant', unit.id) end) as drawn (bucket)
    where r.environment_id = scope.environment_id and r.capability_id = scope.capability_id and r.stream = streams.id
      and (r.action_ids is null or scope.action_id = any (r.action_ids))
      and (r.intent_ids is null or scope.intent_id = any (r.intent_ids))
      and (r.runs_any_action or scope.action_id = any (r.runs_action_ids))
      and unit.id is not null and (r.audience is null or context @@ r.audience)
      and (m.id is not null
        or not (select private.is_held_out(scope.environment_id, choose.subject))
        and (r.layer_id is null or r.experiment_id = any (in_slot)
          and not private.is_elsewhere_in_layer(r, (select array_agg(o.experiment_id) from mine o)))
        and (r.traffic = 10000 or private.bucket(r.salt, 'traffic', unit.id) < r.traffic))
    order by r.breadth, r.started_at, r.experiment_id
    limit 1) as first_of
  order by (first_of.r).breadth, (first_of.r).started_at, (first_of.r).experiment_id
  limit 1;
  return chosen;
end
$$;

comment on function private.choose(private.scope, text, text, jsonb) is
'The experiment that answers a call: the first, the narrowest and then the oldest, that covers it and takes its unit.';

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

create or replace function private.slot_holders(scope private.scope, subject text) returns uuid[]
language plpgsql stable
set search_path = ''
as $$
declare
  holders uuid[] := '{}'::uuid[];
  layer uuid := '00000000-0000-0000-0000-000000000000'::uuid;
  slot integer;
begin
  -- From layer to layer along the index, and in each straight to the slot: it does not matter how many share one.
  loop
    select r.layer_id, private.bucket(l.salt, 'layer', subject) into layer, slot
    from private.live_rules r join public.layers l on l.id = r.layer_id
    where r.environment_id = scope.environment_id and r.capability_id = scope.capability_id and r.layer_id > layer
    order by r.layer_id limit 1;
    exit when not found;
    holders := holders || array(
      select r.experiment_id from private.live_rules r
      where r.environment_id = scope.environment_id and r.capability_id = scope.capability_id
        and r.layer_id = layer and r.layer_from <= slot and r.layer_to > slot);
  end loop;
  return holders;
end
$$;

comment on function private.slot_holders(private.scope, text) is
'The capability''s experiments that hold the subject''s slot in their layer.';

create or replace function private.is_elsewhere_in_layer(rule private.live_rules, has_arms_in uuid[]) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
  -- Slots that moved while experiments ran would let a unit into two of them: the arm that it has wins.
  return has_arms_in is not null and exists (
    select from public.experiments e
    where e.id = any (has_arms_in)
      and e.layer_id = rule.layer_id
      and e.environment_id = rule.environment_id
      and e.id <> rule.experiment_id
      and e.state in ('active', 'paused'));
end
$$;

comment on function private.is_elsewhere_in_layer(private.live_rules, uuid[]) is
'Whether one of the experiments, in which the call''s subject or conversation has an arm, is live in the rule''s layer.';

create or replace function private.log_exposure(
  choice private.choice, scope private.scope, subject text, conversation text, attributes jsonb
) returns uuid
language plpgsql
set search_path = ''
as $$
declare
  made uuid;
begin
  -- Whoever erases the subject meanwhile waits until this arm can be seen.
  perform private.join_ingest(scope.workspace_id);
  insert into public.assignments (
    workspace_id, experiment_id, phase_id, variant_id, unit_id, subject, conversation, intent_id, bucket, attributes)
  values (scope.workspace_id, (choice.rule).experiment_id, (choice.rule).phase_id, choice.variant_id, choice.unit_id,
    subject, conversation, scope.intent_id, choice.bucket, attributes)
  on conflict on constraint assignments_sticky do nothing
  returning id into made;
  return made;
end
$$;

comment on function private.log_exposure(private.choice, private.scope, text, text, jsonb) is
'Logs that the unit was drawn into its arm; null when a rival call has just done so.';

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
  rule private.live_rules, variant_id uuid, assignment_id uuid, action_id uuid
) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  arm constant jsonb := rule.arms -> variant_id::text;
begin
  return private.decision(
    coalesce(arm -> 'versions' ->> action_id::text, arm -> 'versions' ->> '*')::uuid,
    case when (arm ->> 'rolled_back')::boolean then 'variant_rolled_back' else 'assigned' end,
    null, assignment_id,
    jsonb_build_object('id', rule.experiment_id, 'key', rule.key),
    jsonb_build_object('id', variant_id, 'key', arm -> 'key', 'is_control', arm -> 'is_control'));
end
$$;

comment on function private.experiment_decision(private.live_rules, uuid, uuid, uuid) is
'The answer for an assigned unit: its arm''s version, or the control''s when the arm was rolled back.';

create or replace function private.decide(
  environment text, capability text, subject text, action text, conversation text, intent text,
  attributes jsonb, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  tenant constant uuid := private.authorise(workspace_id, 'decisions.make');
  scope constant private.scope := private.resolve_scope(tenant, environment, capability, action, intent);
  context constant jsonb := private.call_context(subject, conversation, action, intent, attributes);
  choice private.choice;
begin
  loop
    choice := private.choose(scope, subject, conversation, context);
    if (choice.rule).experiment_id is null then
      return private.deployment_decision(scope, environment, private.is_held_out(scope.environment_id, subject));
    end if;
    choice.assignment_id := coalesce(
      choice.assignment_id, private.log_exposure(choice, scope, subject, conversation, attributes));
    -- Else a rival came first and has committed by now: what it drew stands.
    exit when choice.assignment_id is not null;
  end loop;
  return private.experiment_decision(choice.rule, choice.variant_id, choice.assignment_id, scope.action_id);
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
