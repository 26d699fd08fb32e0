create or replace function private.explain_scope(
  rule private.live_rules, scope private.scope, unit_id text, context jsonb
) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  miss constant text := private.audience_miss(
    (select e.audience from public.experiments e where e.id = rule.experiment_id), context);
begin
  return jsonb_build_array(
    jsonb_build_object('check', 'action', 'passed', rule.action_ids is null or coalesce(scope.action_id = any (rule.action_ids), false),
      'covers', (select jsonb_agg(a.key order by a.position) from public.actions a where a.id = any (rule.action_ids))),
    jsonb_build_object('check', 'intent', 'passed', rule.intent_ids is null or coalesce(scope.intent_id = any (rule.intent_ids), false),
      'covers', (select jsonb_agg(i.key order by i.key) from public.intents i where i.id = any (rule.intent_ids))),
    jsonb_build_object('check', 'version', 'passed',
      rule.runs_any_action or coalesce(scope.action_id = any (rule.runs_action_ids), false)),
    jsonb_build_object('check', 'unit', 'passed', unit_id is not null,
      'unit', case when rule.by_conversation then 'conversation' else 'subject' end, 'unit_id', unit_id),
    jsonb_build_object('check', 'audience', 'passed', miss is null, 'node', miss));
end
$$;

comment on function private.explain_scope(private.live_rules, private.scope, text, jsonb) is
'Whether an active experiment covers a call, check by check.';

create or replace function private.explain_draw(
  rule private.live_rules, scope private.scope, subject text, conversation text, unit_id text
) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  holdout public.holdouts;
  layer public.layers;
  slot integer;
  share_bucket integer;
  traffic_bucket constant integer := private.bucket(rule.salt, 'traffic', unit_id);
  elsewhere boolean;
begin
  select h.* into holdout from public.holdouts h
  where h.environment_id = scope.environment_id order by h.number desc limit 1;
  share_bucket := private.bucket(holdout.salt, 'holdout', subject);
  select l.* into layer from public.layers l where l.id = rule.layer_id;
  slot := private.bucket(layer.salt, 'layer', subject);
  elsewhere := layer.id is not null and private.is_elsewhere_in_layer(rule, array(
    select a.experiment_id from public.assignments a
    where a.workspace_id = scope.workspace_id
      and a.unit_id in (explain_draw.subject, explain_draw.conversation)));
  return jsonb_build_array(
    jsonb_build_object('check', 'holdout', 'passed', not private.is_held_out(scope.environment_id, subject),
      'bucket', share_bucket, 'share', coalesce(holdout.share, 0)),
    jsonb_build_object('check', 'layer', 'passed', layer.id is null
        or slot between rule.layer_from and rule.layer_to - 1 and not elsewhere,
      'layer', layer.key, 'bucket', slot, 'from', rule.layer_from, 'to', rule.layer_to,
      'has_arm_elsewhere', elsewhere),
    jsonb_build_object('check', 'traffic', 'passed', coalesce(traffic_bucket < rule.traffic, false),
      'bucket', traffic_bucket, 'traffic', rule.traffic));
end
$$;

comment on function private.explain_draw(private.live_rules, private.scope, text, text, text) is
'Whether an active experiment would draw a unit that has no arm in it yet, check by check.';

create or replace function private.explain_arm(rule private.live_rules, unit_id text) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  has public.assignments;
  bucket constant integer := private.bucket(rule.salt, 'variant', unit_id);
  place constant integer := width_bucket(bucket, rule.arm_starts);
  variant uuid;
begin
  select a.* into has from public.assignments a
  where a.workspace_id = rule.workspace_id and a.unit_id = explain_arm.unit_id and a.experiment_id = rule.experiment_id;
  variant := coalesce(has.variant_id, rule.arm_ids[place]);
  return jsonb_build_object('check', 'arm', 'passed', true, 'bucket', bucket,
    'variant', rule.arms -> variant::text -> 'key', 'rolled_back', rule.arms -> variant::text -> 'rolled_back',
    'assignment_id', has.id, 'since', has.assigned_at)
  || case when has.id is null then jsonb_build_object(
      'from', rule.arm_starts[place], 'to', coalesce(rule.arm_starts[place + 1], 10000)) else '{}' end;
end
$$;

comment on function private.explain_arm(private.live_rules, text) is
'The arm that a unit has, since when; or the one that its bucket would draw now, and the buckets of that arm.';

create or replace function private.explain_rule(
  rule private.live_rules, scope private.scope, subject text, conversation text, context jsonb
) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  unit constant text := case when rule.by_conversation then conversation else subject end;
  arm constant jsonb := private.explain_arm(rule, unit);
  steps jsonb := private.explain_scope(rule, scope, unit, context);
  failed integer;
begin
  -- Who has an arm keeps it: holdout, layer and traffic are asked about newcomers only.
  if arm ->> 'assignment_id' is null then
    steps := steps || private.explain_draw(rule, scope, subject, conversation, unit);
  end if;
  steps := steps || jsonb_build_array(arm);
  failed := (select min(s.n) from jsonb_array_elements(steps) with ordinality as s (step, n)
    where not (s.step -> 'passed')::boolean);
  return jsonb_build_object(
    'experiment', jsonb_build_object('id', rule.experiment_id, 'key', rule.key), 'state', 'active',
    'applies', failed is null, 'because', steps -> failed - 1 ->> 'check',
    'steps', (select jsonb_agg(s.step order by s.n) from jsonb_array_elements(steps) with ordinality as s (step, n)
      where s.n <= coalesce(failed, s.n)));
end
$$;

comment on function private.explain_rule(private.live_rules, private.scope, text, text, jsonb) is
'Whether an active experiment takes a call, with the checks up to the first that fails.';

create or replace function private.explain_experiments(
  scope private.scope, subject text, conversation text, context jsonb
) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select coalesce(jsonb_agg(told.entry order by told.active desc, told.breadth, told.started_at, told.id), '[]')
    from (
      select e.id, r.experiment_id is not null as active, r.breadth, e.started_at,
        case when r.experiment_id is not null
          then private.explain_rule(r, scope, explain_experiments.subject, explain_experiments.conversation, context)
          else jsonb_build_object('experiment', jsonb_build_object('id', e.id, 'key', e.key), 'state', e.state,
            'applies', false, 'because', 'state', 'steps',
            jsonb_build_array(jsonb_build_object('check', 'state', 'passed', false, 'state', e.state))) end as entry
      from public.experiments e
      left join private.live_rules r on r.experiment_id = e.id
      where e.workspace_id = scope.workspace_id and e.environment_id = scope.environment_id
        and e.capability_id = scope.capability_id and e.state <> 'archived' and e.assigned_by = 'upshot') as told);
end
$$;

comment on function private.explain_experiments(private.scope, text, text, jsonb) is
'Every experiment of the capability whose arms we draw and that is not archived, the active ones first, in the order in which decide asks.';

create or replace function private.explain_deployments(scope private.scope) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object(
      'deployment_id', h.deployment_id, 'action', a.key, 'intent', i.key, 'version', private.version_card(v),
      'wins', h.deployment_id = (private.live_head(scope)).deployment_id)
      order by (h.action_id is not null) desc, (h.intent_id is not null) desc), '[]')
    from private.deployment_heads h
    join public.prompt_versions v on v.id = h.prompt_version_id
    left join public.actions a on a.id = h.action_id
    left join public.intents i on i.id = h.intent_id
    where h.environment_id = scope.environment_id
      and h.capability_id = scope.capability_id
      and (h.action_id is null or h.action_id = scope.action_id)
      and (h.intent_id is null or h.intent_id = scope.intent_id));
end
$$;

comment on function private.explain_deployments(private.scope) is
'What is live at the scopes that cover a call, the most specific first: that one wins.';

create or replace function private.explain_decision(
  environment text, capability text, subject text, action text, conversation text, intent text,
  attributes jsonb, workspace_id uuid
) returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
  tenant constant uuid := private.authorise(workspace_id, 'decisions.make');
  scope constant private.scope := private.resolve_scope(tenant, environment, capability, action, intent);
  context constant jsonb := private.call_context(subject, conversation, action, intent, attributes);
  choice constant private.choice := private.choose(scope, subject, conversation, context);
  decision jsonb := '{"reason": "nothing_deployed"}'::jsonb;
begin
  perform private.require_permission(tenant, 'workspace.read');
  if (choice.rule).experiment_id is not null then
    decision := private.experiment_decision(choice.rule, choice.variant_id, choice.assignment_id, scope.action_id);
  elsif (private.live_head(scope)).deployment_id is not null then
    decision := private.deployment_decision(
      scope, environment, private.is_held_out(scope.environment_id, subject));
  end if;
  return jsonb_build_object(
    'decision', decision - 'bundle',
    'experiments', private.explain_experiments(scope, subject, conversation, context),
    'deployments', private.explain_deployments(scope));
end
$$;

comment on function private.explain_decision(text, text, text, text, text, text, jsonb, uuid) is
E'What decide would answer and why, without writing anything.\nDefiner: reads the compiled rules, which are nobody''s to read.';
