create or replace function private.require_correctable(change_id uuid, workspace_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if change_id is null then
    return;
  elsif not exists (
    select from public.changes c
    where c.workspace_id = require_correctable.workspace_id and c.id = change_id and c.kind in ('annotation', 'incident')
  ) then
    perform private.fail('unknown_change', jsonb_build_object('change_id', change_id));
  elsif exists (
    select from public.changes c
    where c.workspace_id = require_correctable.workspace_id and c.supersedes_id = change_id
  ) then
    perform private.fail('superseded', jsonb_build_object('change_id', change_id));
  end if;
end
$$;

comment on function private.require_correctable(uuid, uuid) is
'Raises unless the entry is an annotation or an incident of the workspace that nothing has corrected yet.';

create or replace function private.annotate(
  summary text, kind text, occurred_at timestamptz, environment text, capability text, action text, intent text,
  experiment_id uuid, supersedes uuid, detail jsonb, workspace_id uuid
) returns public.changes
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  tenant constant uuid := private.authorise(workspace_id, 'comments.write');
  scope constant private.scope := private.place(tenant, environment, capability, action, intent);
  made public.changes;
begin
  perform private.require_text('summary', summary, 1000);
  if kind is null or kind not in ('annotation', 'incident') then
    perform private.fail('bad_argument', '{"argument": "kind", "expected": "annotation or incident"}');
  elsif occurred_at > private.now() + interval '1 minute' then
    perform private.fail('bad_argument', '{"argument": "occurred_at", "expected": "a time that is past"}');
  elsif jsonb_typeof(detail) is distinct from 'object' then
    perform private.fail('bad_argument', '{"argument": "detail", "expected": "an object"}');
  elsif experiment_id is not null and not exists (
    select from public.experiments e where e.id = experiment_id and e.workspace_id = tenant
  ) then
    perform private.fail('unknown_experiment', jsonb_build_object('experiment_id', experiment_id));
  end if;
  perform private.require_environment(e.environment_id) from public.experiments e where e.id = experiment_id;
  -- Two who correct the same entry at once: the second meets the first one's row.
  perform pg_advisory_xact_lock(hashtextextended('change:' || tenant || supersedes, 0)) where supersedes is not null;
  perform private.require_correctable(supersedes, tenant);
  insert into public.changes (
    workspace_id, kind, environment_id, capability_id, action_id, intent_id, experiment_id, summary, detail,
    actor_kind, actor_id, occurred_at, supersedes_id)
  values (tenant, kind, scope.environment_id, scope.capability_id, scope.action_id, scope.intent_id, experiment_id,
    summary, detail, private.actor_kind(), private.actor_id(), coalesce(occurred_at, private.now()), supersedes)
  returning * into made;
  return made;
end
$$;

comment on function private.annotate(
  text, text, timestamptz, text, text, text, text, uuid, uuid, jsonb, uuid
) is E'Marks the timeline, or corrects an earlier mark by a new row.\nDefiner: the ledger is append-only and nobody inserts into it by hand.';
