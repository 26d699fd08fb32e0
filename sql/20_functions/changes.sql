create or replace function private.log_change(entry public.changes) returns void
language sql
set search_path = ''
begin atomic
  insert into public.changes (
    workspace_id, kind, environment_id, capability_id, action_id, intent_id, experiment_id, variant_id, deployment_id,
    summary, detail, actor_kind, actor_id)
  values (
    (entry).workspace_id, (entry).kind, (entry).environment_id, (entry).capability_id, (entry).action_id,
    (entry).intent_id, (entry).experiment_id, (entry).variant_id, (entry).deployment_id,
    (entry).summary, coalesce((entry).detail, '{}'), private.actor_kind(), private.actor_id());
end;

comment on function private.log_change(public.changes) is 'Appends a row to the ledger; the actor and the time are the transaction''s.';

create or replace function private.scope_words(
  environment_id uuid, capability_id uuid, action_id uuid, intent_id uuid
) returns text
language sql stable
set search_path = ''
as $$
  select concat_ws(' / ',
    (select t.key from public.environments t where t.id = scope_words.environment_id),
    (select t.key from public.capabilities t where t.id = scope_words.capability_id),
    (select t.key from public.actions t where t.id = scope_words.action_id),
    (select 'intent ' || t.key from public.intents t where t.id = scope_words.intent_id))
$$;

comment on function private.scope_words(uuid, uuid, uuid, uuid) is 'A scope for people: production / BookAppointment / UserLookup.';

create or replace function private.version_words(version_id uuid) returns text
language sql stable
set search_path = ''
as $$
  select format('%s v%s', p.key, v.number)
  from public.prompt_versions v join public.prompts p on p.id = v.prompt_id
  where v.id = version_words.version_id
$$;

comment on function private.version_words(uuid) is 'A version for people: booking v3.';
