create or replace trigger _000_append_only before update or delete or truncate on public.approval_reviews
  for each statement execute function private.tg_refuse_change();

create or replace function private.tg_experiments__void_approvals() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  present text;
begin
  if not exists (
    select from public.approval_requests q
    where q.workspace_id = new.workspace_id and q.experiment_id = new.id and q.state in ('open', 'approved')
  ) then
    return null;
  end if;
  present := private.experiment_hash(new.id);
  update public.approval_requests q set
    state = case when q.content_hash <> present then 'void' else 'withdrawn' end, decided_at = private.now()
  where q.workspace_id = new.workspace_id and q.experiment_id = new.id and q.state in ('open', 'approved')
    -- What has ended asks for nothing any more.
    and (q.content_hash <> present or new.state = 'archived');
  if found then
    perform private.step_experiment(new.id, 'edit');
  end if;
  return null;
end
$$;

comment on function private.tg_experiments__void_approvals() is
E'An edit voids the requests that spoke of what was there before, and takes the experiment out of review.\nDefiner: the requests'' state is nobody''s to write by hand.';

-- At the end of the transaction: what counts is what it leaves behind, not the steps on the way. Every change of a
-- part touches the experiment's row, so this one trigger sees them all.
create constraint trigger _800_void_approvals after update on public.experiments
  deferrable initially deferred
  for each row execute function private.tg_experiments__void_approvals();

create or replace function private.tg_experiments__widen() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  if exists (select from public.ramps r where r.experiment_id = new.id and r.state = 'running') then
    -- The ramp's plan was approved as a publication, all of its steps at once.
    return null;
  end if;
  perform private.require_approval(
    new.workspace_id, 'experiments.activate', new.environment_id, new.id, private.experiment_hash(new.id));
  return null;
end
$$;

comment on function private.tg_experiments__widen() is
E'A running experiment is not opened to more people past the reviewers.\nDefiner: as tg_experiments__void_approvals.';

create or replace trigger _700_widen after update of traffic, layer_from, layer_to on public.experiments
  for each row when (old.state = 'active' and new.state = 'active' and (
    new.traffic > old.traffic or new.layer_from < old.layer_from or new.layer_to > old.layer_to))
  execute function private.tg_experiments__widen();
