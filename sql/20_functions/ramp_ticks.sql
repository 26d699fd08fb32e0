-- What workers do for ramps. A transaction looks at several and moves at most one, so that it never holds the locks of
-- two capabilities; a worker calls again until there is nothing left to move.
create or replace function private.hold_is_over(ramp public.ramps) returns boolean
language sql stable
set search_path = ''
as $$
  select s.started_at + s.hold <= private.now() from public.ramp_steps s
  where s.ramp_id = (ramp).id and s.number = (ramp).step
$$;

comment on function private.hold_is_over(public.ramps) is 'True when the present step has lasted as long as planned.';

create or replace function private.tick_ramp(ramp public.ramps) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  guardrails constant jsonb := private.guardrails_of(ramp.id);
begin
  if private.guardrail_words(guardrails, 'breached') is not null then
    ramp := private.end_ramp(private.lock_ramp(ramp, ramp.revision), 'aborted', 'guardrail_breached',
      jsonb_build_object('guardrails', guardrails));
  elsif private.guardrail_words(guardrails, 'waiting') is null and private.hold_is_over(ramp) then
    ramp := private.lock_ramp(ramp, ramp.revision);
    perform private.require_free_to_advance(ramp, guardrails, false);
    ramp := private.step_ramp(ramp, guardrails, false, '');
  else
    return null;
  end if;
  return private.ramp_card(ramp) || jsonb_build_object('guardrails', guardrails);
end
$$;

comment on function private.tick_ramp(public.ramps) is
'Aborts a ramp whose guardrail is breached, or takes it on when its hold is over and all stand; null when there is nothing to do.';

create or replace function private.due_ramp(ramp_id uuid) returns public.ramps
language plpgsql
set search_path = ''
as $$
declare
  ramp public.ramps;
begin
  select r.* into ramp from public.ramps r
  join public.experiments e on e.id = r.experiment_id
  where r.id = due_ramp.ramp_id and r.state = 'running' and e.state = 'active';
  if not exists (select from public.ramps r where r.id = due_ramp.ramp_id and r.state = 'running') then
    delete from private.ramp_clock c where c.ramp_id = due_ramp.ramp_id;
  else
    update private.ramp_clock c set checked_at = private.now() where c.ramp_id = due_ramp.ramp_id;
  end if;
  return ramp;
end
$$;

comment on function private.due_ramp(uuid) is 'A claimed ramp, if it runs and is not paused; what is over leaves the clock.';

create or replace function private.trouble_of(raised text, said text, detail text, hint text) returns jsonb
language sql immutable
set search_path = ''
return case when detail is json object then detail::jsonb else '{}' end
  || jsonb_build_object('code', coalesce(case when detail is json object then detail::jsonb ->> 'code' end, raised),
    'message', said, 'hint', nullif(hint, ''));

comment on function private.trouble_of(text, text, text, text) is 'An error as people see it: its code (or SQLSTATE), message, hint, and what its detail says.';

create or replace function private.note_trouble(looked jsonb) returns void
language sql
set search_path = ''
begin atomic
  update public.ramps r set trouble = told.trouble || jsonb_build_object('since', private.now())
  from (
    -- Who holds a ramp is moving it, and it is better not to wait: this worker may hold another capability's locks.
    select held.id, nullif(l.value, 'null') as trouble
    from jsonb_each(looked) l
    join public.ramps held on held.id = l.key::uuid
    where held.state = 'running' and held.trouble - 'since' is distinct from nullif(l.value, 'null')
    order by held.id
    for update of held skip locked
  ) as told
  where r.id = told.id;
end;

comment on function private.note_trouble(jsonb) is
'Puts what kept workers from moving ramps onto the ramps, once for each trouble, and takes away what is over: {ramp id: trouble or null}.';

create or replace function private.tick_ramps(pause_seconds integer) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  claim uuid;
  ramp public.ramps;
  moved jsonb;
  looked jsonb := '{}'::jsonb;
  trouble jsonb;
  raised text;
  said text;
  detail text;
  advice text;
begin
  for claim in
    select c.ramp_id from private.ramp_clock c
    where c.checked_at <= private.now() - make_interval(secs => pause_seconds)
    order by c.checked_at
    limit 20
    for update skip locked
  loop
    ramp := private.due_ramp(claim);
    trouble := null;
    begin
      moved := case when ramp.id is not null then private.tick_ramp(ramp) end;
    exception when others then
      -- One ramp's trouble must not keep the others waiting.
      get stacked diagnostics raised = returned_sqlstate, said = message_text, detail = pg_exception_detail, advice = pg_exception_hint;
      moved := null;
      trouble := private.trouble_of(raised, said, detail, advice);
    end;
    -- A rival who was first is no trouble.
    looked := looked || jsonb_build_object(claim, case when trouble ->> 'code' not in ('stale_ramp', 'ramp_over') then trouble end);
    exit when moved is not null;
  end loop;
  perform private.note_trouble(looked);
  return moved;
end
$$;

comment on function private.tick_ramps(integer) is
E'Looks at running ramps that nobody has looked at for so long, and moves at most one; an error is put on its ramp.\nDefiner: as start_ramp; the worker alone may call it.';
