-- The daily tier's tick.
create or replace function private.sight_models(from_tx bigint, to_tx bigint) returns void
language plpgsql
set search_path = ''
set enable_seqscan = off
as $$
begin
  -- Names are the callers' words: too long for an index, or a new one each call, they must not stop the tick for all.
  insert into private.model_sightings as stored
  select s.workspace_id, s.environment_id, s.provider, s.requested_model, s.resolved_model, s.first_at, null
  from (
    select n.*, k.first_at is not null as is_known, row_number() over (
      partition by n.workspace_id, n.environment_id, k.first_at is null
      order by n.first_at, n.provider, n.requested_model, n.resolved_model) as place
    from (
      select i.workspace_id, i.environment_id, i.provider, i.requested_model, i.resolved_model, min(i.started_at) as first_at
      from public.inferences i
      where i.tx >= from_tx and i.tx < to_tx and i.resolved_model is not null
        and octet_length(i.provider) + octet_length(i.requested_model) + octet_length(i.resolved_model) <= 2000
      group by i.workspace_id, i.environment_id, i.provider, i.requested_model, i.resolved_model
      offset 0
    ) n
    left join private.model_sightings k on k.workspace_id = n.workspace_id and k.environment_id = n.environment_id
      and k.provider = n.provider and k.requested_model = n.requested_model and k.resolved_model = n.resolved_model
  ) s
  where s.is_known or s.place + (
    select count(*) from private.model_sightings k
    where k.workspace_id = s.workspace_id and k.environment_id = s.environment_id) <= 500
  on conflict on constraint model_sightings_pkey do update set first_at = excluded.first_at
  where excluded.first_at < stored.first_at;
end
$$;

comment on function private.sight_models(bigint, bigint) is
'Notes since when providers answer with which model: the first 500 of an environment, of names that fit.';

create or replace function private.tell_model_changes() returns void
language plpgsql
set search_path = ''
as $$
declare
  seen record;
begin
  for seen in
    select s.*, private.uuidv7() as made from (
      select m.*, lag(m.resolved_model) over earlier as previous
      from private.model_sightings m
      window earlier as (
        partition by m.workspace_id, m.environment_id, m.provider, m.requested_model
        order by m.first_at, m.resolved_model)
    ) s
    where s.previous is not null and s.change_id is null
    order by s.first_at, s.resolved_model
  loop
    insert into public.changes (id, workspace_id, kind, environment_id, summary, detail, actor_kind, occurred_at)
    values (seen.made, seen.workspace_id, 'provider_model_changed', seen.environment_id,
      format('%s answers %s with %s (before: %s)', seen.provider, seen.requested_model, seen.resolved_model, seen.previous),
      jsonb_build_object('provider', seen.provider, 'requested_model', seen.requested_model,
        'resolved_model', seen.resolved_model, 'previous_model', seen.previous),
      'system', seen.first_at);
    update private.model_sightings m set change_id = seen.made
    where m.workspace_id = seen.workspace_id and m.environment_id = seen.environment_id and m.provider = seen.provider
      and m.requested_model = seen.requested_model and m.resolved_model = seen.resolved_model;
  end loop;
end
$$;

comment on function private.tell_model_changes() is
E'Writes a model that a provider began to use into the ledger, once, at the time of its first call as far as it is known by now.\nWhichever model proves to be the earliest is none. A row stays as it was written when an earlier call of the same model comes later.';

create or replace function private.count_days(from_tx bigint, to_tx bigint) returns void
language plpgsql
set search_path = ''
as $$
declare
  moved private.cell_move[];
begin
  perform private.follow_definitions(from_tx);
  perform private.add_hours(array(select h from private.hours_of(from_tx, to_tx) h), 1);
  perform private.sight_models(from_tx, to_tx);
  perform private.tell_model_changes();
  -- First what is only added to; then what begins, or is told to be computed anew, whatever was added to it.
  moved := array(select m from private.add_day_events(array(select e from private.new_day_events(from_tx, to_tx) e)) m);
  moved := moved || array(select m from private.recount_days(
    private.take_marked_days(), array(select b from private.begun_days(from_tx, to_tx) b), to_tx) m);
  perform private.refresh_changes(moved);
end
$$;

comment on function private.count_days(bigint, bigint) is 'Counts a range of transactions in the daily tier, the end excluded.';

create or replace function private.daily_lock() returns bigint
language sql immutable parallel safe
set search_path = ''
return 7235419001844374;

comment on function private.daily_lock() is 'The advisory lock that whoever writes the daily tier holds.';

create or replace function private.has_days_news(from_tx bigint, to_tx bigint) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
  return from_tx < to_tx
    or exists (select from private.marked_days m where m.tx < pg_snapshot_xmax(pg_current_snapshot())::text::bigint)
    or exists (select from private.redefined_metrics() r)
    -- The ledger has work of its own: a new entry, or a day that is over.
    or exists (select from private.change_marks c where c.refresh_at <= private.now())
    or exists (select from private.unmarked_changes u);
end
$$;

comment on function private.has_days_news(bigint, bigint) is 'Whether there is anything for the daily tier to do.';

create or replace function private.move_daily_watermark(until bigint, counted private.watermark, began timestamptz)
returns private.daily_watermark
language plpgsql
set search_path = ''
as $$
declare
  took constant interval := clock_timestamp() - began;
  mark private.daily_watermark;
begin
  update private.daily_watermark w set
    lo = until,
    step = case
      when took > interval '400 milliseconds' then greatest(least(w.step, until - w.lo) / 2, 10)
      when took < interval '200 milliseconds' and until < counted.lo then least(w.step * 2, 1000000000)
      else w.step end,
    covers_until = case when until = counted.lo then counted.covers_until else w.covers_until end,
    compacted_at = clock_timestamp()
  where w.one returning w.* into mark;
  return mark;
end
$$;

comment on function private.move_daily_watermark(bigint, private.watermark, timestamptz) is
'Writes how far the daily tier has come. A tick that took long makes the next one smaller.';

create or replace function private.compact_days() returns jsonb
language plpgsql security definer
set search_path = ''
set synchronous_commit = off
-- As compact.
set jit = off
as $$
declare
  began constant timestamptz := clock_timestamp();
  mark private.daily_watermark;
  counted private.watermark;
  until bigint;
  state text := 'idle';
begin
  if not pg_try_advisory_xact_lock(private.daily_lock()) then
    return '{"state": "busy"}'::jsonb;
  end if;
  -- Results do not wait for this transaction.
  perform pg_advisory_xact_lock_shared(private.bystander_lock());
  select w.* into mark from private.daily_watermark w;
  -- Outcomes have their places as far as the compactor has come.
  select w.* into counted from private.watermark w;
  until := least(counted.lo, mark.lo + mark.step);
  if private.has_days_news(mark.lo, until) then
    perform private.count_days(mark.lo, until);
    mark := private.move_daily_watermark(until, counted, began);
    state := 'moved';
  end if;
  -- Steps of workflows follow the compactor at the same pace.
  if private.count_steps() then
    state := 'moved';
  end if;
  perform private.keep_looks();
  return jsonb_build_object('state', state, 'behind', counted.lo - mark.lo,
    'lag_seconds', case when mark.covers_until > '-infinity'
      then extract(epoch from clock_timestamp() - mark.covers_until)::double precision end);
end
$$;

comment on function private.compact_days() is
E'One tick of the daily tier: counts what the compactor has come to, by as much as takes a fraction of a second.\nDefiner: nobody writes the tier by hand; the worker alone may call it.';
