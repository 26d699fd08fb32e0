create or replace function private.ramp_end_code(ramp public.ramps, made public.deployments) returns text
language plpgsql stable
set search_path = ''
as $$
declare
  base constant private.deployment_heads := private.live_head(private.ramp_scope(ramp));
begin
  return case
    when not coalesce(made.action_id = ramp.action_id, true) or not coalesce(made.intent_id = ramp.intent_id, true)
      then null
    when (made.action_id, made.intent_id) is not distinct from (ramp.action_id, ramp.intent_id) then 'scope_moved'
    when base.prompt_version_id is distinct from ramp.from_version_id then 'live_version_changed'
    when (made.action_id is not null, made.intent_id is not null)
      > (base.action_id is not null, base.intent_id is not null) then 'narrower_scope_moved'
  end;
end
$$;

comment on function private.ramp_end_code(public.ramps, public.deployments) is
'Why a move of a pointer ends a ramp: its scope moved, a scope that overrides it, or the version it compares with; null when none did.';

create or replace function private.tg_deployments__stop_ramps() returns trigger
language plpgsql
set search_path = ''
as $$
declare
  ramp public.ramps;
begin
  for ramp in
    select r.* from public.ramps r
    where r.environment_id = new.environment_id and r.capability_id = new.capability_id and r.state = 'running'
      and private.ramp_end_code(r, new) is not null
    order by r.id
  loop
    perform from public.experiments e where e.id = ramp.experiment_id for no key update;
    perform private.end_ramp(ramp, 'stopped', private.ramp_end_code(ramp, new),
      jsonb_build_object('by_deployment_id', new.id));
  end loop;
  return null;
end
$$;

comment on function private.tg_deployments__stop_ramps() is
'Who moves the scope of a ramp wins: the ramp stops in the same transaction and overwrites nothing.';

create or replace trigger _300_stop_ramps after insert on public.deployments
  for each row execute function private.tg_deployments__stop_ramps();

create or replace function private.tg_experiments__stop_ramp() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  ramp public.ramps;
begin
  select r.* into ramp from public.ramps r where r.experiment_id = new.id and r.state = 'running';
  if ramp.id is not null then
    perform private.end_ramp(ramp, 'stopped', 'experiment_archived', '{}');
  end if;
  return null;
end
$$;

comment on function private.tg_experiments__stop_ramp() is
E'A ramp ends with its experiment.\nDefiner: ramps are nobody''s to write by hand.';

create or replace trigger _300_stop_ramp after update of state on public.experiments
  for each row when (new.state = 'archived' and old.state <> 'archived')
  execute function private.tg_experiments__stop_ramp();

create or replace function private.tg_experiments__keep_ramp() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  if exists (
    select from public.ramps r join public.ramp_steps s on s.ramp_id = r.id and s.number = r.step
    where r.experiment_id = new.id and r.state = 'running' and new.traffic <> 2 * s.share
  ) then
    perform private.fail('ramp_keeps_traffic');
  end if;
  return new;
end
$$;

comment on function private.tg_experiments__keep_ramp() is
E'The traffic of a ramp''s experiment is what its step says.\nDefiner: as tg_experiments__stop_ramp.';

create or replace trigger _150_keep_ramp before update of traffic on public.experiments
  for each row when (old.traffic <> new.traffic) execute function private.tg_experiments__keep_ramp();
