create or replace function private.ruleset_etag(environment public.environments) returns text
language plpgsql stable
set search_path = ''
as $$
begin
  -- Versions never change, so ids stand for them; each compiled rule has its digest. Whatever else is in a ruleset is here.
  return encode(sha256(convert_to(concat_ws('|', environment.id, environment.key,
    (select h.number from public.holdouts h where h.environment_id = environment.id order by h.number desc limit 1),
    (select string_agg(r.digest, ',' order by r.experiment_id) from private.live_rules r
      where r.environment_id = environment.id),
    (select string_agg(h.deployment_id::text, ',' order by h.deployment_id) from private.deployment_heads h
      where h.environment_id = environment.id and h.prompt_version_id is not null),
    (select string_agg(c.id || c.key, ',' order by c.id) from public.capabilities c
      where c.workspace_id = environment.workspace_id),
    (select string_agg(a.id || a.key, ',' order by a.id) from public.actions a
      where a.workspace_id = environment.workspace_id),
    (select string_agg(i.id || i.key, ',' order by i.id) from public.intents i
      where i.workspace_id = environment.workspace_id)), 'UTF8')), 'hex');
end
$$;

comment on function private.ruleset_etag(public.environments) is
'SHA-256 of all that a ruleset is made from: equal rulesets have equal etags, and it costs less than the ruleset.';

create or replace function private.ruleset_experiments(environment_id uuid) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object(
      'id', r.experiment_id, 'key', r.key, 'capability_id', r.capability_id,
      'action_ids', r.action_ids, 'intent_ids', r.intent_ids,
      'runs_action_ids', case when not r.runs_any_action then r.runs_action_ids end,
      'unit', case when r.by_conversation then 'conversation' else 'subject' end,
      'salt', r.salt, 'traffic', r.traffic, 'audience', e.audience,
      'layer', case when r.layer_id is not null then jsonb_build_object(
        'id', r.layer_id, 'from', r.layer_from, 'to', r.layer_to) end,
      'phase_id', r.phase_id, 'arm_ids', r.arm_ids, 'arm_starts', r.arm_starts, 'arms', r.arms)
      order by r.breadth, r.started_at, r.experiment_id), '[]')
    from private.live_rules r join public.experiments e on e.id = r.experiment_id
    where r.environment_id = ruleset_experiments.environment_id);
end
$$;

comment on function private.ruleset_experiments(uuid) is 'The active experiments of an environment, in the order in which decide asks them.';

create or replace function private.ruleset_versions(environment_id uuid) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select coalesce(jsonb_object_agg(v.id, jsonb_build_object(
      'version', private.version_card(v), 'bundle', private.bundle(v))), '{}')
    from public.prompt_versions v
    where v.id in (
      select h.prompt_version_id from private.deployment_heads h
      where h.environment_id = ruleset_versions.environment_id
      union
      select run.version_id::uuid
      from private.live_rules r, jsonb_each(r.arms) arm, jsonb_each_text(arm.value -> 'versions') as run (action, version_id)
      where r.environment_id = ruleset_versions.environment_id));
end
$$;

comment on function private.ruleset_versions(uuid) is 'Every version that an environment may answer with, once, by its id.';

create or replace function private.ruleset_catalog(workspace_id uuid) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return jsonb_build_object(
    'capabilities', (
      select coalesce(jsonb_object_agg(c.key, jsonb_build_object('id', c.id, 'actions', (
        select coalesce(jsonb_object_agg(a.key, a.id), '{}') from public.actions a where a.capability_id = c.id))), '{}')
      from public.capabilities c where c.workspace_id = ruleset_catalog.workspace_id),
    'intents', (
      select coalesce(jsonb_object_agg(i.key, i.id), '{}')
      from public.intents i where i.workspace_id = ruleset_catalog.workspace_id));
end
$$;

comment on function private.ruleset_catalog(uuid) is 'The keys that calls may name, and their ids.';

create or replace function private.ruleset(environment text, if_none_match text, workspace_id uuid) returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
  tenant constant uuid := private.authorise(workspace_id, 'decisions.make');
  place public.environments;
  etag text;
begin
  select e.* into place from public.environments e where e.id = private.environment_id(tenant, environment);
  etag := private.ruleset_etag(place);
  if etag = if_none_match then
    return jsonb_build_object('etag', etag, 'not_modified', true);
  end if;
  return private.ruleset_catalog(tenant) || jsonb_build_object(
    'etag', etag, 'not_modified', false,
    'environment', jsonb_build_object('id', place.id, 'key', place.key),
    'holdout', (select jsonb_build_object('share', h.share, 'salt', h.salt) from public.holdouts h
      where h.environment_id = place.id order by h.number desc limit 1),
    'layers', (select coalesce(jsonb_object_agg(l.id, l.salt), '{}') from public.layers l
      where l.id in (select r.layer_id from private.live_rules r where r.environment_id = place.id)),
    'experiments', private.ruleset_experiments(place.id),
    'deployments', (select coalesce(jsonb_agg(jsonb_build_object(
        'deployment_id', h.deployment_id, 'capability_id', h.capability_id, 'action_id', h.action_id,
        'intent_id', h.intent_id, 'version_id', h.prompt_version_id) order by h.deployment_id), '[]')
      from private.deployment_heads h where h.environment_id = place.id and h.prompt_version_id is not null),
    'versions', private.ruleset_versions(place.id));
end
$$;

comment on function private.ruleset(text, text, uuid) is
E'Everything that a local decide needs for an environment.\nDefiner: reads the compiled rules, which are nobody''s to read.';
