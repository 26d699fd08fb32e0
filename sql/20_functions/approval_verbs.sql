create or replace function private.request_card(request public.approval_requests) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  rule constant public.approval_rules := private.approval_rule(request.workspace_id, request.act, request.environment_id);
begin
  return to_jsonb(request) || jsonb_build_object(
    'request_id', request.id,
    'approvals_given', private.counted_approvals(request, rule),
    'approvals_needed', coalesce(rule.approvals, 0),
    'permission', coalesce(rule.permission, private.review_permission(request.act)),
    'experiment', (select jsonb_build_object('experiment_id', e.id, 'state', e.state, 'revision', e.revision)
      from public.experiments e where e.id = request.experiment_id));
end
$$;

comment on function private.request_card(public.approval_requests) is
'A request as the verbs return it: its row, how many approvals it has and needs, and where its experiment stands.';

create or replace function private.submit_for_approval(
  experiment_id uuid, expected_revision integer, message text, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  experiment public.experiments := private.lock_experiment(
    experiment_id, expected_revision, 'experiments.write', workspace_id);
  blockers constant jsonb := private.experiment_blockers(experiment);
  wanted public.approval_requests;
begin
  perform private.require_text('message', coalesce(nullif(message, ''), '-'), 10000);
  if experiment.state not in ('draft', 'in_review', 'paused') then
    perform private.fail('move_not_allowed', jsonb_build_object('state', experiment.state, 'verb', 'submit'));
  elsif blockers is not null then
    perform private.fail('experiment_incomplete', blockers);
  elsif experiment.state = 'draft' then
    experiment := private.step_experiment(experiment.id, 'submit');
  end if;
  wanted.workspace_id := experiment.workspace_id;
  wanted.act := 'experiments.activate';
  wanted.environment_id := experiment.environment_id;
  wanted.experiment_id := experiment.id;
  wanted.content_hash := private.experiment_hash(experiment.id);
  wanted.revision := experiment.revision;
  wanted.message := message;
  wanted.authors := private.experiment_authors(experiment);
  wanted := private.open_request(wanted);
  return private.request_card(wanted);
end
$$;

comment on function private.submit_for_approval(uuid, integer, text, uuid) is
E'Asks for a review of an experiment; a draft becomes in_review.\nDefiner: requests and the state are nobody''s to write by hand.';

create or replace function private.request_publication(
  environment text, capability text, version_id uuid, action text, intent text, message text, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  tenant constant uuid := private.authorise(workspace_id, 'prompts.write');
  scope constant private.scope := private.resolve_scope(tenant, environment, capability, action, intent);
  wanted public.approval_requests;
begin
  perform private.require_text('message', coalesce(nullif(message, ''), '-'), 10000);
  perform private.require_runnable(version_id, scope);
  wanted.workspace_id := tenant;
  wanted.act := 'deployments.publish';
  wanted.environment_id := scope.environment_id;
  wanted.capability_id := scope.capability_id;
  wanted.action_id := scope.action_id;
  wanted.intent_id := scope.intent_id;
  wanted.prompt_version_id := version_id;
  wanted.content_hash := private.publication_hash(scope, version_id);
  wanted.message := message;
  wanted.authors := private.version_authors(tenant, version_id);
  wanted := private.open_request(wanted);
  return private.request_card(wanted);
end
$$;

comment on function private.request_publication(text, text, uuid, text, text, text, uuid) is
E'Asks for a review of a publication: this version at this scope.\nDefiner: requests are nobody''s to write by hand.';

create or replace function private.lock_request(request_id uuid) returns public.approval_requests
language plpgsql
set search_path = ''
as $$
declare
  request public.approval_requests;
begin
  select q.* into request from public.approval_requests q where q.id = request_id;
  perform private.authorise_row(request.workspace_id, null, 'workspace.read', 'unknown_request',
    jsonb_build_object('request_id', request_id));
  perform private.require_environment(request.environment_id);
  -- The experiment before the request, as activate locks them: two who meet here never wait for each other in a ring.
  perform from public.experiments e where e.id = request.experiment_id for no key update;
  select q.* into request from public.approval_requests q where q.id = request_id for no key update;
  return request;
end
$$;

comment on function private.lock_request(uuid) is 'A request and its experiment, locked; raises unknown_request for a stranger.';

create or replace function private.check_review(
  request public.approval_requests, rule public.approval_rules, decision text, expected_hash text
) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  perform private.require_permission(
    request.workspace_id, coalesce(rule.permission, private.review_permission(request.act)));
  if request.state not in ('open', 'approved') or request.used_at is not null then
    perform private.fail('request_closed', jsonb_build_object(
      'state', case when request.used_at is null then request.state else 'used' end));
  elsif expected_hash is distinct from request.content_hash
    or (request.experiment_id is not null and private.experiment_hash(request.experiment_id) <> request.content_hash)
  then
    perform private.fail('stale_approval', jsonb_build_object('content_hash', request.content_hash));
  elsif decision = 'approve' and auth.uid() = any (request.authors) and not coalesce(rule.allow_self, false) then
    perform private.fail('own_work');
  end if;
end
$$;

comment on function private.check_review(public.approval_requests, public.approval_rules, text, text) is
'Raises unless the caller may review, the request is not closed, it is what they read, and not their own work.';

create or replace function private.review(request_id uuid, decision text, expected_hash text, comment text)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  reviewer constant uuid := private.require_person();
  request public.approval_requests := private.lock_request(request_id);
  rule constant public.approval_rules := private.approval_rule(request.workspace_id, request.act, request.environment_id);
  last_decision text;
begin
  perform private.check_review(request, rule, decision, expected_hash);
  perform private.require_text('comment', coalesce(nullif(comment, ''), '-'), 10000);
  select v.decision into last_decision from public.approval_reviews v
  where v.workspace_id = request.workspace_id and v.request_id = request.id and v.reviewer_id = reviewer
  order by v.id desc limit 1;
  if last_decision is distinct from decision then
    insert into public.approval_reviews (workspace_id, request_id, reviewer_id, decision, comment)
    values (request.workspace_id, request.id, reviewer, decision, coalesce(comment, ''));
  end if;
  -- Two statements: a stable function sees what was there when its statement began.
  request := private.settle(request, rule, decision);
  return private.request_card(request);
end
$$;

comment on function private.review(uuid, text, text, text) is
E'A person''s decision on a request; the same decision again changes nothing.\nDefiner: reviews are append-only and the request''s state is nobody''s to write by hand.';

create or replace function private.settle(
  request public.approval_requests, rule public.approval_rules, decision text
) returns public.approval_requests
language plpgsql
set search_path = ''
as $$
declare
  outcome constant text := case
    when decision = 'reject' then 'rejected'
    when private.counted_approvals(request, rule) >= greatest(rule.approvals, 1) then 'approved'
    else 'open' end;
begin
  if outcome <> request.state then
    update public.approval_requests q set
      state = outcome, decided_at = case when outcome <> 'open' then private.now() end
    where q.id = request.id returning q.* into request;
  end if;
  if outcome = 'rejected' then
    perform private.step_experiment(request.experiment_id, 'reject');
  end if;
  return request;
end
$$;

comment on function private.settle(public.approval_requests, public.approval_rules, text) is
'Where a request stands after a review; a rejected experiment goes back to draft.';

create or replace function private.withdraw_request(request_id uuid) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  request public.approval_requests := private.lock_request(request_id);
begin
  -- Nobody else takes a request back but who may change the rules.
  if request.requested_by is distinct from private.actor_id() or request.requested_by is null then
    perform private.require_permission(request.workspace_id, 'approvals.write');
  end if;
  if request.state = 'withdrawn' then
    return private.request_card(request);
  elsif request.state not in ('open', 'approved') or request.used_at is not null then
    perform private.fail('request_closed', jsonb_build_object(
      'state', case when request.used_at is null then request.state else 'used' end));
  end if;
  update public.approval_requests q set state = 'withdrawn', decided_at = private.now()
  where q.id = request.id returning q.* into request;
  perform private.step_experiment(request.experiment_id, 'withdraw');
  return private.request_card(request);
end
$$;

comment on function private.withdraw_request(uuid) is
E'Takes a request back; an experiment in review is a draft again.\nDefiner: as review.';
