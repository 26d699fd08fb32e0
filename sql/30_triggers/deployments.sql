create or replace function private.tg_deployments__move_head() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  insert into private.deployment_heads (
    deployment_id, workspace_id, environment_id, capability_id, action_id, intent_id, prompt_version_id, number)
  values (
    new.id, new.workspace_id, new.environment_id, new.capability_id, new.action_id, new.intent_id,
    new.prompt_version_id, new.number)
  on conflict on constraint deployment_heads_scope do update set
    deployment_id = excluded.deployment_id, prompt_version_id = excluded.prompt_version_id, number = excluded.number;
  return null;
end
$$;

comment on function private.tg_deployments__move_head() is 'Makes the new deployment the head of its scope.';

create or replace trigger _100_move_head after insert on public.deployments
  for each row execute function private.tg_deployments__move_head();

create or replace function private.deployment_words(made public.deployments) returns text
language plpgsql stable
set search_path = ''
as $$
begin
  return format(
    case
      when made.kind = 'publish' then 'Published %1$s at %3$s'
      when made.kind = 'withdraw' then 'Withdrew %2$s at %3$s: the wider scope applies'
      when made.prompt_version_id is null then 'Rolled back %2$s at %3$s: the wider scope applies again'
      else 'Rolled back to %1$s at %3$s'
    end,
    private.version_words(made.prompt_version_id), private.version_words(made.previous_version_id),
    private.scope_words(made.environment_id, made.capability_id, made.action_id, made.intent_id));
end
$$;

comment on function private.deployment_words(public.deployments) is 'A move of a pointer as a sentence.';

create or replace function private.tg_deployments__log() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  perform private.log_change(jsonb_populate_record(null::public.changes, jsonb_build_object(
    'workspace_id', new.workspace_id,
    'kind', 'deployment_' || case new.kind when 'publish' then 'published' when 'rollback' then 'rolled_back'
      else 'withdrawn' end,
    'environment_id', new.environment_id, 'capability_id', new.capability_id, 'action_id', new.action_id,
    'intent_id', new.intent_id, 'deployment_id', new.id,
    'summary', private.deployment_words(new),
    'detail', jsonb_build_object(
      'version_id', new.prompt_version_id, 'previous_version_id', new.previous_version_id, 'reason', new.reason))));
  return null;
end
$$;

comment on function private.tg_deployments__log() is 'Writes the deployment into the ledger.';

create or replace trigger _200_log after insert on public.deployments
  for each row execute function private.tg_deployments__log();
