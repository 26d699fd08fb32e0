create or replace function private.rule_arms(experiment_id uuid) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    with versions as (
      select a.id, jsonb_object_agg(coalesce(r.action_id::text, '*'), r.prompt_version_id) filter (where r.id is not null) as runs
      from public.variants a left join public.variant_versions r on r.variant_id = a.id
      where a.experiment_id = rule_arms.experiment_id
      group by a.id
    )
    select jsonb_object_agg(a.id, jsonb_build_object(
      'key', a.key, 'is_control', a.is_control, 'rolled_back', a.rolled_back_at is not null,
      -- The units of an arm that was rolled back keep it, so that they are analysed as assigned; what runs is the control.
      'versions', coalesce(case when a.rolled_back_at is null then own.runs else control.runs end, '{}')))
    from public.variants a
    join versions own on own.id = a.id
    left join (public.variants c join versions control on control.id = c.id)
      on c.experiment_id = a.experiment_id and c.is_control
    where a.experiment_id = rule_arms.experiment_id);
end
$$;

comment on function private.rule_arms(uuid) is
'Every arm of an experiment by its id, with the versions that its units get: {key, is_control, rolled_back, versions}.';

create or replace function private.rule_actions(arms jsonb) returns uuid[]
language plpgsql immutable
set search_path = ''
as $$
begin
  return array(
    select named.action::uuid
    from (select distinct v.action from jsonb_each(arms) a, jsonb_object_keys(a.value -> 'versions') as v (action)
      where v.action <> '*') named
    where not exists (
      select from jsonb_each(arms) a
      where not (a.value -> 'versions') ?| array[named.action, '*'])
    order by 1);
end
$$;

comment on function private.rule_actions(jsonb) is 'The actions, named by some arm, for which every arm has a version.';

create or replace function private.compile_rule(experiment_id uuid) returns void
language plpgsql
set search_path = ''
as $$
begin
  delete from private.live_rules r where r.experiment_id = compile_rule.experiment_id;
  insert into private.live_rules
  select made.*, encode(sha256(convert_to(made::text, 'UTF8')), 'hex')
  from (
    select e.id, e.workspace_id, e.environment_id, e.capability_id,
      (2 * (cardinality(actions.ids) = 0)::integer + (cardinality(intents.ids) = 0)::integer)::smallint,
      e.started_at, e.key, e.salt, e.traffic, e.unit = 'conversation',
      case when cardinality(actions.ids) > 0 then actions.ids end,
      case when cardinality(intents.ids) > 0 then intents.ids end,
      not exists (select from jsonb_each(has.arms) a where not (a.value -> 'versions') ? '*'),
      private.rule_actions(has.arms), private.audience_path(e.audience), e.layer_id, e.layer_from, e.layer_to,
      phase.id, phase.arm_ids, phase.arm_starts, has.arms
    from public.experiments e
    cross join lateral (select private.rule_arms(e.id)) as has (arms)
    cross join lateral (select array(
      select s.action_id from public.experiment_actions s where s.experiment_id = e.id order by 1)) as actions (ids)
    cross join lateral (select array(
      select s.intent_id from public.experiment_intents s where s.experiment_id = e.id order by 1)) as intents (ids)
    cross join lateral (
      select p.id, array_agg(b.variant_id order by b.bucket_from) as arm_ids,
        array_agg(b.bucket_from order by b.bucket_from) as arm_starts
      from public.experiment_phases p join public.experiment_phase_arms b on b.phase_id = p.id
      where p.experiment_id = e.id and b.bucket_from < b.bucket_to
      group by p.id, p.number order by p.number desc limit 1) as phase
    where e.id = compile_rule.experiment_id and e.state = 'active' and e.assigned_by = 'upshot'
  ) as made;
end
$$;

comment on function private.compile_rule(uuid) is
'Writes the row that decide reads for an experiment, or takes it away when the experiment is not active
or another system draws its arms.';
