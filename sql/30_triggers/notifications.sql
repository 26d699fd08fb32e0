-- Who is told of what. Each trigger names the people; private.notify leaves out the one who acted and who wants none.
create or replace function private.tg_comments__notify() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  called constant uuid[] := case tg_op when 'INSERT' then new.mentions
    else array(select unnest(new.mentions) except select unnest(old.mentions)) end;
begin
  perform private.notify(new.workspace_id, called, 'mention', new.object_kind, new.object_id,
    'You were mentioned: ' || left(new.body, 120), jsonb_build_object('comment_id', new.id));
  if tg_op = 'INSERT' and new.thread_id is not null then
    perform private.notify(
      new.workspace_id,
      -- Everybody who has spoken in the thread and was not called by name already.
      array(
        select distinct c.author_id from public.comments c
        where c.workspace_id = new.workspace_id and coalesce(c.thread_id, c.id) = new.thread_id
          and c.author_kind = 'user' and c.deleted_at is null and not c.author_id = any (called)),
      'reply', new.object_kind, new.object_id, 'Reply: ' || left(new.body, 120),
      jsonb_build_object('comment_id', new.id, 'thread_id', new.thread_id));
  end if;
  return null;
end
$$;

comment on function private.tg_comments__notify() is
E'Tells those whom a comment calls, and those whose thread got a reply.\nDefiner: nobody writes to another''s inbox by hand.';

create or replace trigger _600_notify after insert or update of mentions on public.comments
  for each row execute function private.tg_comments__notify();

create or replace function private.request_words(request public.approval_requests) returns text
language plpgsql stable
set search_path = ''
as $$
begin
  if request.experiment_id is not null then
    return (select 'the experiment ' || e.key from public.experiments e where e.id = request.experiment_id);
  end if;
  return format('%s at %s', private.version_words(request.prompt_version_id), private.scope_words(
    request.environment_id, request.capability_id, request.action_id, request.intent_id));
end
$$;

comment on function private.request_words(public.approval_requests) is 'What a request is about, for people.';

create or replace function private.tg_approval_requests__notify() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  rule constant public.approval_rules := private.approval_rule(new.workspace_id, new.act, new.environment_id);
  about constant jsonb := jsonb_build_object('request_id', new.id, 'act', new.act, 'content_hash', new.content_hash);
begin
  if tg_op = 'INSERT' then
    perform private.notify(
      new.workspace_id,
      array(
        select h from unnest(private.holders(new.workspace_id, coalesce(rule.permission, private.review_permission(new.act)))) h
        where coalesce(rule.allow_self, false) or not h = any (new.authors)),
      'approval_requested', 'approval_request', new.id, 'Your review is asked for: ' || private.request_words(new), about);
  else
    perform private.notify(
      new.workspace_id, array[new.requested_by], 'approval_decided', 'approval_request', new.id,
      format('%s: %s', initcap(new.state), private.request_words(new)), about || jsonb_build_object('state', new.state));
  end if;
  return null;
end
$$;

comment on function private.tg_approval_requests__notify() is
E'Tells the reviewers of a request, and the requester of what became of it.\nDefiner: as tg_comments__notify.';

create or replace trigger _600_notify_asked after insert on public.approval_requests
  for each row execute function private.tg_approval_requests__notify();
create or replace trigger _610_notify_decided after update of state on public.approval_requests
  for each row when (old.state is distinct from new.state) execute function private.tg_approval_requests__notify();

create or replace function private.tg_changes__notify() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  if new.experiment_id is not null then
    perform private.notify(
      new.workspace_id, array[e.created_by],
      case when new.kind = 'variant_rolled_back' then new.kind when new.kind like 'ramp\_%' then 'ramp'
        else 'experiment_moved' end,
      'experiment', e.id, new.summary, jsonb_build_object('change_id', new.id, 'kind', new.kind))
    from public.experiments e
    where e.id = new.experiment_id and e.workspace_id = new.workspace_id;
  end if;
  -- Whose deployment was taken back: the move before, at the same scope.
  perform private.notify(
    new.workspace_id, array[before.created_by], 'deployment_rolled_back', 'deployment', before.id, new.summary,
    jsonb_build_object('change_id', new.id, 'kind', new.kind))
  from public.deployments made
  join public.deployments before on before.environment_id = made.environment_id
    and before.capability_id = made.capability_id
    and before.action_id is not distinct from made.action_id
    and before.intent_id is not distinct from made.intent_id
    and before.number = made.number - 1
  where made.id = new.deployment_id and new.kind in ('deployment_rolled_back', 'deployment_withdrawn');
  return null;
end
$$;

comment on function private.tg_changes__notify() is
E'Tells who drafted an experiment, began a ramp or published a version what somebody else did to it.\nDefiner: as tg_comments__notify.';

create or replace trigger _600_notify after insert on public.changes
  for each row when (new.kind in (
    'experiment_activated', 'experiment_paused', 'experiment_resumed', 'experiment_archived', 'variant_rolled_back',
    'ramp_advanced', 'ramp_completed', 'ramp_aborted', 'ramp_stopped',
    'deployment_rolled_back', 'deployment_withdrawn'))
  execute function private.tg_changes__notify();

create or replace function private.tg_members__notify() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  subject constant public.members := coalesce(new, old);
begin
  perform private.notify(
    subject.workspace_id, private.holders(subject.workspace_id, 'members.write'), 'members', 'member', subject.user_id,
    case tg_op
      when 'INSERT' then format('%s joined as %s', private.actor_label('user', subject.user_id), new.role)
      when 'DELETE' then format('%s left or was removed', coalesce(private.actor_label('user', subject.user_id), 'A deleted account'))
      else format('%s is now %s', private.actor_label('user', subject.user_id), new.role) end,
    jsonb_build_object('user_id', subject.user_id, 'role', new.role, 'previous_role', old.role));
  return null;
end
$$;

comment on function private.tg_members__notify() is
E'Tells those who hold members.write who came, went, or changed their role.\nDefiner: as tg_comments__notify.';

create or replace trigger _600_notify after insert or delete or update of role on public.members
  for each row execute function private.tg_members__notify();

create or replace function private.tg_keys__notify() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  subject constant jsonb := to_jsonb(coalesce(new, old));
begin
  perform private.notify(
    (subject ->> 'workspace_id')::uuid, private.holders((subject ->> 'workspace_id')::uuid, tg_argv[0]), 'keys',
    tg_argv[1], (subject ->> 'id')::uuid,
    format('%s %s: %s', tg_argv[2], subject ->> 'name', case
      when tg_op = 'INSERT' then 'made'
      when tg_op = 'DELETE' then 'deleted'
      when subject ->> 'revoked_at' is not null then 'revoked'
      else 'changed' end),
    jsonb_build_object('name', subject ->> 'name'));
  return null;
end
$$;

comment on function private.tg_keys__notify() is
E'Tells those who hold a permission that a key was made, changed or revoked. Arguments: permission, kind, words.\nDefiner: as tg_comments__notify.';

create or replace trigger _600_notify after insert or update or delete on public.api_keys
  for each row execute function private.tg_keys__notify('api_keys.write', 'api_key', 'API key');
create or replace trigger _600_notify after insert or update or delete on public.provider_keys
  for each row execute function private.tg_keys__notify('provider_keys.write', 'provider_key', 'Provider key');
