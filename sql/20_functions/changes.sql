-- plpgsql, also where one query would do: a session keeps its plans, and a rollback should not wait for planning.
create or replace function private.log_change(entry public.changes) returns void
language plpgsql
set search_path = ''
as $$
begin
  insert into public.changes (
    workspace_id, kind, environment_id, capability_id, action_id, intent_id, experiment_id, variant_id, deployment_id,
    summary, detail, actor_kind, actor_id)
  values (
    (entry).workspace_id, (entry).kind, (entry).environment_id, (entry).capability_id, (entry).action_id,
    (entry).intent_id, (entry).experiment_id, (entry).variant_id, (entry).deployment_id,
    (entry).summary, coalesce((entry).detail, '{}'), private.actor_kind(), private.actor_id());
end
$$;

comment on function private.log_change(public.changes) is 'Appends a row to the ledger; the actor and the time are the transaction''s.';

create or replace function private.scope_words(
  environment_id uuid, capability_id uuid, action_id uuid, intent_id uuid
) returns text
language plpgsql stable
set search_path = ''
as $$
begin
  return concat_ws(' / ',
    (select t.key from public.environments t where t.id = scope_words.environment_id),
    (select t.key from public.capabilities t where t.id = scope_words.capability_id),
    (select t.key from public.actions t where t.id = scope_words.action_id),
    (select 'intent ' || t.key from public.intents t where t.id = scope_words.intent_id));
end
$$;

comment on function private.scope_words(uuid, uuid, uuid, uuid) is 'A scope for people: production / BookAppointment / UserLookup.';

create or replace function private.version_words(version_id uuid) returns text
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select format('%s v%s', p.key, v.number)
    from public.prompt_versions v join public.prompts p on p.id = v.prompt_id
    where v.id = version_words.version_id);
end
$$;

comment on function private.version_words(uuid) is 'A version for people: booking v3.';
