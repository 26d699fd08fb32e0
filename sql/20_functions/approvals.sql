-- What needs an approval, and whether it has one. The answer is always taken at the moment of the act: the rule that
-- holds then, the content that would happen then, and reviewers who may review then.
create or replace function private.approval_rule(workspace_id uuid, act text, environment_id uuid)
returns public.approval_rules
language plpgsql stable
set search_path = ''
as $$
declare
  rule public.approval_rules;
begin
  select r.* into rule from public.approval_rules r
  where r.workspace_id = approval_rule.workspace_id and r.act = approval_rule.act
    and (r.environment_id is null or r.environment_id = approval_rule.environment_id)
  order by r.environment_id nulls last
  limit 1;
  return rule;
end
$$;

comment on function private.approval_rule(uuid, text, uuid) is
'The rule for an act in an environment: its own, else the one for all environments; null when there is none.';

create or replace function private.publication_hash(scope private.scope, version_id uuid) returns text
language plpgsql stable
set search_path = ''
as $$
begin
  return encode(sha256(convert_to(jsonb_build_object(
    'environment_id', scope.environment_id, 'capability_id', scope.capability_id, 'action_id', scope.action_id,
    'intent_id', scope.intent_id, 'version_id', version_id)::text, 'UTF8')), 'hex');
end
$$;

comment on function private.publication_hash(private.scope, uuid) is
'SHA-256, in hex, of a publication: this version at this scope. Versions are immutable, so their id is their content.';

create or replace function private.counted_approvals(request public.approval_requests, rule public.approval_rules)
returns integer
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select count(*)
    from (
      select distinct on (v.reviewer_id) v.reviewer_id, v.decision
      from public.approval_reviews v
      where v.workspace_id = request.workspace_id and v.request_id = request.id
      order by v.reviewer_id, v.id desc) as verdict
    join public.members m on m.workspace_id = request.workspace_id and m.user_id = verdict.reviewer_id
    join public.role_permissions p on p.workspace_id = m.workspace_id and p.role = m.role
      and p.permission = coalesce(rule.permission, private.review_permission(request.act))
    where verdict.decision = 'approve'
      and (coalesce(rule.allow_self, false) or not verdict.reviewer_id = any (request.authors)));
end
$$;

comment on function private.counted_approvals(public.approval_requests, public.approval_rules) is
'Reviewers who approve now and may review now: who has left, or lost the permission, counts no more.';

create or replace function private.review_permission(act text) returns text
language plpgsql immutable
set search_path = ''
as $$
begin
  return case act when 'experiments.activate' then 'experiments.approve' else 'deployments.approve' end;
end
$$;

comment on function private.review_permission(text) is 'What a reviewer of an act must hold where no rule says otherwise.';

create or replace function private.require_approval(
  workspace_id uuid, act text, environment_id uuid, object_id uuid, content_hash text
) returns void
language plpgsql
set search_path = ''
as $$
declare
  rule constant public.approval_rules := private.approval_rule(workspace_id, act, environment_id);
  request public.approval_requests;
  given integer;
begin
  if coalesce(rule.approvals, 0) = 0 then
    return;
  end if;
  -- Locked: a reviewer who changes their mind at this moment is either before the act or after it.
  select q.* into request from public.approval_requests q
  where q.workspace_id = require_approval.workspace_id and q.act = require_approval.act
    and q.environment_id = require_approval.environment_id
    and q.content_hash = require_approval.content_hash
    and coalesce(q.experiment_id, q.prompt_version_id) = object_id
    and q.state in ('open', 'approved') and q.used_at is null
  for no key update;
  given := case when request.id is null then 0 else private.counted_approvals(request, rule) end;
  if given < rule.approvals then
    perform private.fail('approval_required', jsonb_build_object(
      'act', act, 'given', given, 'needed', rule.approvals, 'permission', rule.permission, 'request_id', request.id));
  elsif act = 'deployments.publish' then
    update public.approval_requests q set used_at = private.now() where q.id = request.id;
  end if;
end
$$;

comment on function private.require_approval(uuid, text, uuid, uuid, text) is
'Raises approval_required unless no rule asks for one, or enough reviewers approve of exactly this content now. A publication uses its approval up.';

create or replace function private.step_experiment(experiment_id uuid, verb text) returns public.experiments
language plpgsql
set search_path = ''
as $$
declare
  moved public.experiments;
begin
  update public.experiments e set state = m.to_state
  from public.experiment_moves m
  where e.id = step_experiment.experiment_id and m.verb = step_experiment.verb and m.from_state = e.state
  returning e.* into moved;
  return moved;
end
$$;

comment on function private.step_experiment(uuid, text) is
'Makes a move that a review brings with it, if the experiment''s state allows it; null when it does not.';

create or replace function private.standing_request(
  workspace_id uuid, act text, content_hash text
) returns public.approval_requests
language plpgsql stable
set search_path = ''
as $$
declare
  request public.approval_requests;
begin
  select q.* into request from public.approval_requests q
  where q.workspace_id = standing_request.workspace_id and q.act = standing_request.act
    and q.content_hash = standing_request.content_hash
    and q.state in ('open', 'approved') and q.used_at is null;
  return request;
end
$$;

comment on function private.standing_request(uuid, text, text) is
'The request for this content that is neither closed nor used; null when there is none.';

create or replace function private.open_request(request public.approval_requests) returns public.approval_requests
language plpgsql
set search_path = ''
as $$
declare
  made public.approval_requests;
  actor constant uuid := private.actor_id();
begin
  insert into public.approval_requests (
    workspace_id, act, environment_id, experiment_id, capability_id, action_id, intent_id, prompt_version_id,
    content_hash, revision, message, requested_kind, requested_by, authors)
  select request.workspace_id, request.act, request.environment_id, request.experiment_id, request.capability_id,
    request.action_id, request.intent_id, request.prompt_version_id, request.content_hash, request.revision,
    coalesce(request.message, ''), private.actor_kind(), actor,
    array(select distinct a from unnest(request.authors || actor || array(
      select k.created_by from public.api_keys k
      where k.workspace_id = request.workspace_id and k.id = any (request.authors || actor))) a
      where a is not null order by a)
  on conflict do nothing
  returning * into made;
  if made.id is null then
    made := private.standing_request(request.workspace_id, request.act, request.content_hash);
  end if;
  return made;
end
$$;

comment on function private.open_request(public.approval_requests) is
'Opens a request, or returns the one that stands for the same content.';

create or replace function private.experiment_authors(experiment public.experiments) returns uuid[]
language plpgsql stable
set search_path = ''
as $$
begin
  return experiment.created_by || array(
    select distinct r.actor_id
    from (
      select v.actor_id, v.content_hash is distinct from lag(v.content_hash) over (order by v.revision) as is_edit
      from public.experiment_revisions v
      where v.experiment_id = experiment.id) as r
    where r.is_edit and r.actor_id is not null);
end
$$;

comment on function private.experiment_authors(public.experiments) is
'Who made the experiment and who changed what defines it: people, and API keys by their own ids.';

create or replace function private.version_authors(workspace_id uuid, version_id uuid) returns uuid[]
language plpgsql stable
set search_path = ''
as $$
begin
  -- The version names people alone; which key committed it, the audit log knows.
  return array(
    select v.created_by from public.prompt_versions v where v.id = version_id and v.created_by is not null
    union
    select e.actor_id from public.audit_events e
    where e.workspace_id = version_authors.workspace_id and e.row_id = version_id
      and e.table_name = 'prompt_versions' and e.operation = 'insert' and e.actor_id is not null);
end
$$;

comment on function private.version_authors(uuid, uuid) is 'Who committed a version: a person, or an API key by its id.';
