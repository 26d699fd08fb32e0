-- What to mend before an experiment starts. Blockers keep it from starting; warnings are for people.
create type private.checklist_item as (code text, severity text, message text, hint text, detail jsonb);

comment on type private.checklist_item is 'One thing that a checklist found.';

create or replace function private.arm_problems(experiment_id uuid) returns setof private.checklist_item
language sql stable
set search_path = ''
as $$
  with arms as (
    select a.* from public.variants a
    where a.experiment_id = arm_problems.experiment_id and a.rolled_back_at is null
  ),
  places as (
    -- The actions in scope, or the capability as a whole and whatever action some arm names.
    select s.action_id from public.experiment_actions s where s.experiment_id = arm_problems.experiment_id
    union
    select r.action_id from arms join public.variant_versions r on r.variant_id = arms.id
    where not exists (select from public.experiment_actions s where s.experiment_id = arm_problems.experiment_id)
    union
    select null where not exists (select from public.experiment_actions s where s.experiment_id = arm_problems.experiment_id)
  ),
  gaps as (
    select arms.key as arm, x.key as action,
      exists (select from arms other where private.version_of(other.id, p.action_id) is not null) as is_uneven
    from arms cross join places p left join public.actions x on x.id = p.action_id
    where private.version_of(arms.id, p.action_id) is null
  )
  select 'too_few_arms', 'blocker', 'it needs at least two arms with a weight', 'Add an arm, or give one a weight.',
    jsonb_build_object('arms', (select count(*) from arms where weight > 0))
  where (select count(*) from arms where weight > 0) < 2
  union all
  select 'no_control', 'blocker', 'it has no control with a weight', 'Make one arm the control and give it a weight.', '{}'
  where not exists (select from arms where is_control and weight > 0)
  union all
  select case when g.is_uneven then 'unequal_scopes' else 'arm_without_version' end, 'blocker',
    format('the arm %s has no version%s', g.arm, coalesce(' for the action ' || g.action, '')),
    'Give every arm a version for every action in scope; * stands for all that are not named.',
    jsonb_build_object('variant', g.arm, 'action', g.action)
  from gaps g
  -- What another system's arms run is that system's affair.
  where exists (select from public.experiments e where e.id = arm_problems.experiment_id and e.assigned_by = 'upshot')
  union all
  select distinct 'wrong_capability', 'blocker',
    format('the arm %s runs a version of another capability or action', arms.key),
    'Choose a version of a prompt that this capability and action run.',
    jsonb_build_object('variant', arms.key, 'prompt', p.key, 'version_id', v.id)
  from arms
  join public.experiments e on e.id = arms.experiment_id
  join public.variant_versions r on r.variant_id = arms.id
  join public.prompt_versions v on v.id = r.prompt_version_id
  join public.prompts p on p.id = v.prompt_id
  where p.capability_id <> e.capability_id or p.action_id <> r.action_id
$$;

comment on function private.arm_problems(uuid) is 'What is wrong with the arms: too few, no control, no version, unequal scopes, another capability.';

create or replace function private.design_problems(experiment_id uuid) returns setof private.checklist_item
language sql stable
set search_path = ''
as $$
  select 'no_primary_metric', 'blocker', 'it has no primary metric',
    'Choose the one outcome that decides: once it runs, it can no longer be chosen.', '{}'::jsonb
  where not exists (select from public.experiment_metrics em
    where em.experiment_id = design_problems.experiment_id and em.role = 'primary')
  union all
  select 'guardrail_without_margin', 'blocker', format('the guardrail %s has no margin', m.key),
    'Say how much worse is still acceptable: without it, too few subjects would pass for no harm.',
    jsonb_build_object('metric', m.key)
  from public.experiment_metrics em join public.outcome_metrics m on m.id = em.metric_id
  where em.experiment_id = design_problems.experiment_id and em.role = 'guardrail' and em.margin is null
  union all
  select 'arm_without_level', 'blocker', format('the arm %s has no level of the factor %s', a.key, f.key),
    'Give every arm a level of every factor, or make the arms with base.', jsonb_build_object('variant', a.key, 'factor', f.key)
  from public.variants a join public.factors f on f.experiment_id = a.experiment_id
  where a.experiment_id = design_problems.experiment_id
    and not exists (select from public.variant_levels c where c.variant_id = a.id and c.factor_id = f.id)
  union all
  select 'layer_slot_taken', 'blocker', format('%s holds some of its slots of the layer', private.slot_holder(e)),
    'Take other slots, or wait until that experiment is archived.', jsonb_build_object('experiment', private.slot_holder(e))
  from public.experiments e
  where e.id = design_problems.experiment_id and e.layer_id is not null and private.slot_holder(e) is not null
$$;

comment on function private.design_problems(uuid) is 'What is wrong with metrics, margins, factors and slots.';

create or replace function private.overlap_warnings(experiment public.experiments) returns setof private.checklist_item
language sql stable
set search_path = ''
as $$
  select 'overlapping_experiment', 'warning', format('%s runs in the same scope, and no layer keeps them apart', other.key),
    'Put both into one layer, narrow the scope, or wait: a call that both cover is answered by the narrower one, or the older.',
    jsonb_build_object('experiment_id', other.id, 'experiment', other.key)
  from public.experiments other
  where other.workspace_id = (experiment).workspace_id and other.id <> (experiment).id and other.state = 'active'
    and (experiment).assigned_by = 'upshot' and other.assigned_by = 'upshot'
    and other.environment_id = (experiment).environment_id and other.capability_id = (experiment).capability_id
    and (other.layer_id is null or other.layer_id is distinct from (experiment).layer_id)
    and (
      not exists (select from public.experiment_actions s where s.experiment_id = other.id)
      or not exists (select from public.experiment_actions s where s.experiment_id = (experiment).id)
      or exists (select from public.experiment_actions s join public.experiment_actions mine using (action_id)
        where s.experiment_id = other.id and mine.experiment_id = (experiment).id))
    and (
      not exists (select from public.experiment_intents s where s.experiment_id = other.id)
      or not exists (select from public.experiment_intents s where s.experiment_id = (experiment).id)
      or exists (select from public.experiment_intents s join public.experiment_intents mine using (intent_id)
        where s.experiment_id = other.id and mine.experiment_id = (experiment).id))
$$;

comment on function private.overlap_warnings(public.experiments) is 'The live experiments that want the same calls and share no layer with it.';

create or replace function private.arm_warnings(experiment public.experiments) returns setof private.checklist_item
language sql stable
set search_path = ''
as $$
  select 'version_out_of_scope', 'warning',
    format('the arm %s has a version for the action %s, which is not in scope', a.key, x.key),
    'Add the action to the scope, or take the version away.', jsonb_build_object('variant', a.key, 'action', x.key)
  from public.variants a
  join public.variant_versions r on r.variant_id = a.id
  join public.actions x on x.id = r.action_id
  where a.experiment_id = (experiment).id
    and exists (select from public.experiment_actions s where s.experiment_id = a.experiment_id)
    and not exists (select from public.experiment_actions s where s.experiment_id = a.experiment_id and s.action_id = x.id)
  union all
  select 'same_versions', 'warning', format('the arms %s run the same versions', string_agg(arm.key, ', ' order by arm.key)),
    'Change one of them, unless you mean to test the split itself.', jsonb_build_object('variants', jsonb_agg(arm.key order by arm.key))
  from (
    select a.key, (select jsonb_object_agg(coalesce(r.action_id::text, '*'), r.prompt_version_id)
      from public.variant_versions r where r.variant_id = a.id) as runs
    from public.variants a where a.experiment_id = (experiment).id and a.rolled_back_at is null) as arm
  where arm.runs is not null
  group by arm.runs having count(*) > 1
  union all
  select 'nothing_deployed', 'warning', 'nothing is live for its capability: who is not in the experiment gets an error',
    'Publish a version for everybody else.', '{}'
  where (experiment).assigned_by = 'upshot' and not exists (
    select from public.live_deployments d
    where d.workspace_id = (experiment).workspace_id and d.environment_id = (experiment).environment_id
      and d.capability_id = (experiment).capability_id)
$$;

comment on function private.arm_warnings(public.experiments) is 'What is odd about what the arms run, and about what everybody else gets.';

create or replace function private.power_warnings(experiment public.experiments, power jsonb) returns setof private.checklist_item
language sql stable
set search_path = ''
as $$
  select 'audience_matches_nobody', 'warning', 'nobody of the last 28 days is in its audience',
    'Look at the attributes that decide gets, and at the rule.', '{}'::jsonb
  where (experiment).audience is not null and private.audience_share(experiment, private.now() - interval '28 days') = 0
  union all
  select r.code, 'warning', r.message, r.hint, power
  from (values
    ('no_recent_traffic', 'nobody was seen in its scope in the last 28 days: how long it takes cannot be said',
      'Send record_inferences, or start it and look again after a week.'),
    ('nobody_takes_part', 'nobody would take part: its traffic, its slots or its audience leave no one',
      'Raise the traffic, or widen the audience.'),
    ('no_metric_history', 'the primary metric has no outcomes in its scope yet: how long it takes cannot be said',
      'Send record_outcomes before it starts, and look again.'),
    ('zero_variance', 'the primary metric was the same for everybody: how long it takes cannot be said', 'Check what is reported.'),
    ('no_minimum_effect', format('it does not say which effect would matter; in 28 days it can see a difference of %s',
      round((power ->> 'detectable_in_28_days')::numeric, 6)), 'Set minimum_effect, in the metric''s unit.')
  ) as r (code, message, hint)
  where r.code = power ->> 'reason_code'
  union all
  select 'too_few_subjects', 'warning',
    format('it needs %s units until the any-time interval sees its minimum effect: at %s a day that takes %s days', power ->> 'units_needed',
      round((power ->> 'units_per_day')::numeric, 1), power ->> 'days_needed'),
    'Look for a larger effect, raise the traffic, drop an arm, or choose a metric that moves sooner.', power
  where (power ->> 'days_needed')::double precision > 90
$$;

comment on function private.power_warnings(public.experiments, jsonb) is 'Whether it will ever decide, and what is not known about that.';

create or replace function private.experiment_blockers(experiment public.experiments) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select jsonb_build_object(
      'problems', string_agg(i.message, '; ' order by i.message), 'items', jsonb_agg(to_jsonb(i) order by i.code, i.message))
    from (
      select * from private.arm_problems(experiment.id)
      union all
      -- What can no longer be mended must not keep a paused experiment from going on.
      select p.* from private.design_problems(experiment.id) p where experiment.started_at is null) i
    having count(*) > 0);
end
$$;

comment on function private.experiment_blockers(public.experiments) is
'Why the experiment cannot start: {problems, items}; null when it can.';

create or replace function private.experiment_checklist(experiment_id uuid, workspace_id uuid) returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
  experiment constant public.experiments := private.permitted_experiment(experiment_id, 'workspace.read', workspace_id);
  power constant jsonb := private.experiment_power(experiment);
  items jsonb;
begin
  select coalesce(jsonb_agg(to_jsonb(i) order by i.severity, i.code, i.message), '[]') into items
  from (
    select * from private.arm_problems(experiment.id) union all select * from private.design_problems(experiment.id)
    union all select * from private.overlap_warnings(experiment) union all select * from private.arm_warnings(experiment)
    union all select * from private.power_warnings(experiment, power)) i;
  return jsonb_build_object('experiment_id', experiment.id, 'revision', experiment.revision, 'state', experiment.state,
    'ready', not jsonb_path_exists(items, '$[*] ? (@.severity == "blocker")'), 'items', items, 'power', power);
end
$$;

comment on function private.experiment_checklist(uuid, uuid) is
E'What to mend before an experiment starts.\nDefiner: reads subjects and outcomes for a caller whom it has asked for workspace.read once.';
