create or replace function public.start_ramp(
  environment text, capability text, version_id uuid, expected_version uuid default null,
  action text default null, intent text default null, steps numeric[] default '{5,25,100}',
  guardrails jsonb default '[]', hold interval default '1 day', min_subjects integer default 100,
  unit text default 'user', reason text default '', workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.start_ramp(
  environment, capability, version_id, expected_version, action, intent, steps, guardrails, hold, min_subjects, unit,
  reason, workspace_id);

comment on function public.start_ramp(
  text, text, uuid, uuid, text, text, numeric[], jsonb, interval, integer, text, text, uuid
) is E'Begins to make a version live in steps (percentages of subjects, 5, 25, 100 by default), if expected_version is what is live at this scope now (null: nothing is, a wider scope answers).\nEach step but the last runs as an experiment: as many subjects again keep the live version as its control. guardrails is [{metric, margin}]: how much worse, in the metric''s unit, is still acceptable (margin left out or 0: no harm at all). hold is the least time of a step (1 day when left out), min_subjects what each arm needs before a guardrail is believed (100), unit user (when left out) or conversation. A worker advances the ramp when hold is over and all guardrails stand, and aborts it when one is breached. Returns the ramp: {ramp_id, experiment_id, state, step, share, next_share, holds_until, revision, …}, its shares in percent. Refused: 409 stale_version, already_live, ramp_running, overridden (a narrower scope is live), nothing_to_ramp_from; 422 wrong_prompt; 400 bad_argument.';

create or replace function public.advance_ramp(
  ramp_id uuid, expected_revision integer, force boolean default false, reason text default '',
  workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.advance_ramp(ramp_id, expected_revision, force, reason, workspace_id);

comment on function public.advance_ramp(uuid, integer, boolean, text, uuid) is E'Takes a ramp to its next step; the last one publishes the version and archives the experiment, in one transaction.\nReturns the ramp with guardrails: the numbers that decided. Refused: 409 stale_ramp, ramp_over, ramp_paused, ramp_holds (before the step''s time), guardrail_waits (too few subjects) and guardrail_breached. A signed-in person may pass force over the time and over missing data, never over a breach; the ledger says so.';

create or replace function public.abort_ramp(
  ramp_id uuid, expected_revision integer, reason text default '', workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.abort_ramp(ramp_id, expected_revision, reason, workspace_id);

comment on function public.abort_ramp(uuid, integer, text, uuid) is E'Ends a ramp at once: every subject gets the live version from the next decide on; what was measured stays.\nTo stop it for a while, pause its experiment, and resume it later. Returns the ramp. Refused: 409 stale_ramp, 409 ramp_over.';

create or replace function public.tick_ramps_v1(pause_seconds integer default 10) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
begin
  if pause_seconds is null or pause_seconds not between 0 and 86400 then
    perform private.fail('bad_argument', '{"argument": "pause_seconds", "expected": "from 0 to 86400"}');
  end if;
  return private.tick_ramps(pause_seconds);
end
$$;

comment on function public.tick_ramps_v1(integer) is E'Worker only: looks at the running ramps that nobody has looked at for so many seconds, and moves at most one.\nReturns the ramp that moved, with the guardrails that decided; null when there was nothing to do. Call again until then; any number of workers may.';
