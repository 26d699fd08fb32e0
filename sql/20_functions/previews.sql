-- What a move of a pointer would touch, before anybody makes it. Nothing here writes or locks.
create or replace function private.preview_diff(live uuid, after uuid) returns jsonb
language sql stable
set search_path = ''
as $$
  with bundles as (
    select private.bundle(a) as was, private.bundle(b) as becomes
    from public.prompt_versions a cross join public.prompt_versions b
    where a.id = preview_diff.live and b.id = preview_diff.after
  ),
  fields as (
    select f.key as field, f.value as was, becomes -> f.key as becomes
    from bundles cross join lateral jsonb_each(was - 'params') f
    union all
    select 'params.' || k.key, was -> 'params' -> k.key, becomes -> 'params' -> k.key
    from bundles cross join lateral jsonb_object_keys((was -> 'params') || (becomes -> 'params')) as k (key)
  )
  select coalesce(jsonb_agg(
    case when field in ('messages', 'variables', 'tools', 'response_format') then jsonb_build_object('field', field)
      else jsonb_build_object('field', field, 'live', was, 'after', becomes) end order by field), '[]')
  from fields
  where was is distinct from becomes
$$;

comment on function private.preview_diff(uuid, uuid) is
'The fields in which two versions differ, with both values where they are short: diff_versions shows the rest.';

create or replace function private.preview_traffic(scope private.scope, head private.deployment_heads) returns jsonb
language sql stable
set search_path = ''
as $$
  with calls as materialized (
    select i.action_id, i.intent_id, i.subject, i.conversation, i.started_at, i.experiment_id, i.prompt_version_id
    from public.inferences i
    where i.workspace_id = (scope).workspace_id and i.environment_id = (scope).environment_id
      and i.capability_id = (scope).capability_id
      and ((scope).action_id is null or i.action_id = (scope).action_id)
      and ((scope).intent_id is null or i.intent_id = (scope).intent_id)
      and i.received_at > least(private.now(), pg_catalog.now()) - interval '24 hours'
      and i.started_at > private.now() - interval '24 hours' and i.started_at <= private.now()
  ),
  kinds as materialized (
    select k.action_id, k.intent_id, (private.live_head(row(
      (scope).workspace_id, (scope).environment_id, (scope).capability_id, k.action_id, k.intent_id))).deployment_id
    from (select distinct c.action_id, c.intent_id from calls c) k
  ),
  sorted as (
    select c.*, k.deployment_id is not distinct from (head).deployment_id as is_ours,
      c.started_at > private.now() - interval '1 hour' as is_recent,
      k.deployment_id is not distinct from (head).deployment_id and c.experiment_id is null
        and c.prompt_version_id = (head).prompt_version_id as got_it
    from calls c join kinds k
      on k.action_id is not distinct from c.action_id and k.intent_id is not distinct from c.intent_id
  )
  select case when count(*) = 0 then jsonb_build_object('reason_code', 'no_inferences') else jsonb_build_object(
    'reason_code', null,
    'calls_last_hour', count(*) filter (where got_it and is_recent),
    'conversations_last_hour', count(distinct conversation) filter (where got_it and is_recent),
    'calls_last_24_hours', count(*) filter (where got_it),
    'conversations_last_24_hours', count(distinct conversation) filter (where got_it),
    'subjects_last_24_hours', count(distinct subject) filter (where got_it),
    'in_experiments_last_24_hours', count(*) filter (where is_ours and experiment_id is not null),
    'answered_by_narrower_last_24_hours', count(*) filter (where not is_ours)) end
  from sorted
$$;

comment on function private.preview_traffic(private.scope, private.deployment_heads) is
E'Calls and conversations that really got what is live here, from the inferences of the last hour and day.\nreason_code no_inferences, and no numbers, when none was recorded at all: that is not zero.';

create or replace function private.preview_narrower(scope private.scope) returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'action', (select a.key from public.actions a where a.id = h.action_id),
    'intent', (select i.key from public.intents i where i.id = h.intent_id),
    'version_id', h.prompt_version_id, 'version', private.version_words(h.prompt_version_id))
    order by h.action_id, h.intent_id), '[]')
  from private.deployment_heads h
  where private.overrides(h, scope)
$$;

comment on function private.preview_narrower(private.scope) is 'The live scopes that answer some of these calls themselves: a move here does not touch them.';

create or replace function private.preview_experiments(scope private.scope, live uuid, after uuid) returns jsonb
language sql stable
set search_path = ''
as $$
  with arms as (
    select v.experiment_id, jsonb_agg(jsonb_build_object(
        'variant', v.key, 'is_control', v.is_control, 'version_id', x.id,
        'runs', case x.id when preview_experiments.live then 'live' when preview_experiments.after then 'after' else 'other' end)
        order by v.key) as list,
      bool_or(x.id = preview_experiments.live and v.rolled_back_at is null) as keeps_live
    from public.variants v
    cross join lateral (select private.version_of(v.id, (scope).action_id) as id) x
    where v.workspace_id = (scope).workspace_id
    group by v.experiment_id
  )
  select coalesce(jsonb_agg(jsonb_build_object(
    'experiment_id', e.id, 'experiment', e.key, 'state', e.state, 'ramp_id', r.id, 'arms', arms.list,
    'effect', case
      when private.would_end(r, scope) then 'ramp_stops'
      when arms.keeps_live then 'keeps_running_live'
      else 'unaffected' end) order by e.started_at, e.id), '[]')
  from public.experiments e
  join arms on arms.experiment_id = e.id
  left join public.ramps r on r.experiment_id = e.id and r.state = 'running'
  where e.workspace_id = (scope).workspace_id and e.environment_id = (scope).environment_id
    and e.capability_id = (scope).capability_id and e.state in ('active', 'paused')
    and ((scope).action_id is null or not exists (select from public.experiment_actions s where s.experiment_id = e.id)
      or (scope).action_id in (select s.action_id from public.experiment_actions s where s.experiment_id = e.id))
    and ((scope).intent_id is null or not exists (select from public.experiment_intents s where s.experiment_id = e.id)
      or (scope).intent_id in (select s.intent_id from public.experiment_intents s where s.experiment_id = e.id))
$$;

comment on function private.preview_experiments(private.scope, uuid, uuid) is
E'The experiments that run in a scope. Their subjects keep their arms whatever is live.\neffect: ramp_stops, keeps_running_live (an arm runs the version that is to be replaced: its subjects go on getting it), or unaffected.';

create or replace function private.preview_scope(scope private.scope) returns jsonb
language sql stable
set search_path = ''
as $$
  select jsonb_build_object(
    'environment', (select t.key from public.environments t where t.id = (scope).environment_id),
    'capability', (select t.key from public.capabilities t where t.id = (scope).capability_id),
    'action', (select t.key from public.actions t where t.id = (scope).action_id),
    'intent', (select t.key from public.intents t where t.id = (scope).intent_id))
$$;

comment on function private.preview_scope(private.scope) is 'A scope by its keys.';

create or replace function private.version_of_preview(version_id uuid) returns jsonb
language sql stable
set search_path = ''
as $$
  select private.version_card(v) || jsonb_build_object(
    'name', private.version_words(v.id), 'provider', v.provider, 'model', v.model, 'message', v.message)
  from public.prompt_versions v
  where v.id = version_of_preview.version_id
$$;

comment on function private.version_of_preview(uuid) is 'What a person needs to recognise a version.';

create or replace function private.preview_move(scope private.scope, head private.deployment_heads, target uuid) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  answering constant private.deployment_heads := private.live_head(scope);
  after constant uuid := coalesce(target, (private.wider_head(scope)).prompt_version_id);
begin
  return private.preview_scope(scope) || jsonb_build_object(
    'expected_version', head.prompt_version_id,
    'live', private.version_of_preview(answering.prompt_version_id),
    'live_since', (select d.created_at from public.deployments d where d.id = answering.deployment_id),
    'live_at_wider_scope', answering.deployment_id is distinct from head.deployment_id,
    'after', private.version_of_preview(after),
    'gives_scope_back', target is null,
    'summary', format('%s instead of %s at %s',
      private.version_words(after), coalesce(private.version_words(answering.prompt_version_id), 'nothing'),
      private.scope_words(scope.environment_id, scope.capability_id, scope.action_id, scope.intent_id)),
    'diff', private.preview_diff(answering.prompt_version_id, after),
    'traffic', private.preview_traffic(scope, answering),
    'experiments', private.preview_experiments(scope, answering.prompt_version_id, after),
    'narrower', private.preview_narrower(scope),
    'effects', private.preview_effects(scope, answering.prompt_version_id, after));
end
$$;

comment on function private.preview_move(private.scope, private.deployment_heads, uuid) is
'What moving a scope''s pointer to a version, or giving the scope back (null), would touch.';

create or replace function private.preview_rollback(
  environment text, capability text, action text, intent text, to_version uuid, to_time timestamptz, workspace_id uuid
) returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
  tenant uuid := private.authorise(workspace_id, 'workspace.read');
  scope private.scope := private.resolve_scope(tenant, environment, capability, action, intent);
  head private.deployment_heads := private.own_head(scope);
begin
  return private.preview_move(scope, head, private.restored_version(
    scope, head, private.rollback_number(scope, head, to_version, to_time)));
end
$$;

comment on function private.preview_rollback(text, text, text, text, uuid, timestamptz, uuid) is
E'What a rollback would touch.\nDefiner: the heads of scopes are nobody''s to read; the caller''s right to read the workspace is checked.';

create or replace function private.preview_publish(
  environment text, capability text, version_id uuid, action text, intent text, workspace_id uuid
) returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
  tenant uuid := private.authorise(workspace_id, 'workspace.read');
  scope private.scope := private.resolve_scope(tenant, environment, capability, action, intent);
  head private.deployment_heads := private.own_head(scope);
begin
  perform private.require_runnable(version_id, scope);
  if head.prompt_version_id = version_id then
    perform private.fail('already_live', jsonb_build_object('version_id', version_id));
  end if;
  return private.preview_move(scope, head, version_id);
end
$$;

comment on function private.preview_publish(text, text, uuid, text, text, uuid) is
E'What a publish would touch.\nDefiner: as preview_rollback.';
