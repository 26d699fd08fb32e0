-- Unit-days that begin, begin earlier, or are computed anew: what they were is taken out of the cells, and all that they have by
-- now is added.
create or replace function private.begun_days(from_tx bigint, to_tx bigint) returns setof private.unit_days
language plpgsql stable rows 1000
set search_path = ''
set enable_seqscan = off
set work_mem = '64MB'
as $$
begin
  return query
  with calls as (
    select i.workspace_id, i.environment_id, i.capability_id, i.subject, (i.started_at at time zone 'UTC')::date as day, i.started_at,
      i.id, i.action_id, i.intent_id, i.prompt_version_id, i.provider, i.requested_model,
      coalesce(i.resolved_model, i.requested_model) as model
    from public.inferences i
    where i.tx >= from_tx and i.tx < to_tx
  ),
  firsts as materialized (
    select distinct on (c.workspace_id, c.subject collate "C", c.environment_id, c.capability_id, c.day) c.*
    from calls c
    order by c.workspace_id, c.subject collate "C", c.environment_id, c.capability_id, c.day, c.started_at, c.id
  )
  select f.*, '{}'::jsonb from firsts f
  where f.day >= (select w.kept_from from private.daily_watermark w) and not exists (
    select from private.unit_days u
    where u.workspace_id = f.workspace_id and u.subject = f.subject and u.environment_id = f.environment_id
      and u.day = f.day and u.capability_id = f.capability_id
      and (u.first_at, u.inference_id) <= (f.started_at, f.id));
end
$$;

comment on function private.begun_days(bigint, bigint) is
'Unit-days that inferences of these transactions open, or begin earlier, without their values.';

create or replace function private.first_calls(keys private.unit_day_key[], before bigint) returns setof private.unit_days
language plpgsql stable rows 1000
set search_path = ''
set enable_seqscan = off
as $$
begin
  return query
  select k.workspace_id, k.environment_id, k.capability_id, k.subject, k.day, f.started_at, f.id, f.action_id, f.intent_id,
    f.prompt_version_id, f.provider, f.requested_model, coalesce(f.resolved_model, f.requested_model), '{}'::jsonb
  from unnest(keys) k
  cross join lateral (
    select i.* from public.inferences i
    where i.workspace_id = k.workspace_id and i.subject = k.subject
      and i.started_at >= k.day::timestamp at time zone 'UTC' and i.started_at < (k.day + 1)::timestamp at time zone 'UTC'
      and i.environment_id = k.environment_id and i.capability_id = k.capability_id and i.tx + 0 < before
    order by i.started_at, i.id
    limit 1
  ) as f;
end
$$;

comment on function private.first_calls(private.unit_day_key[], bigint) is
'The first inference of each unit-day from the transactions before a watermark, as far as there is one: unit-days without their values yet.';

create or replace function private.take_marked_days() returns private.unit_day_key[]
language plpgsql
set search_path = ''
as $$
declare
  keys private.unit_day_key[];
begin
  with taken as (
    -- What can be seen is committed; the oldest mark may be of a transaction that this tick has not come to.
    delete from private.marked_days m where m.tx < pg_snapshot_xmax(pg_current_snapshot())::text::bigint
    returning m.workspace_id, m.subject, m.at
  ),
  longest as (select p.workspace_id, max(p.attribution_window) as span from private.metric_parts p group by p.workspace_id)
  select array_agg(distinct row(u.workspace_id, u.environment_id, u.capability_id, u.subject, u.day)::private.unit_day_key) into keys
  from taken t
  join private.unit_days u on u.workspace_id = t.workspace_id and u.subject = t.subject
  left join longest l on l.workspace_id = t.workspace_id
  where u.day >= (select w.kept_from from private.daily_watermark w)
    and (t.at is null or u.first_at <= t.at and u.first_at > t.at - l.span);
  return coalesce(keys, '{}'::private.unit_day_key[]);
end
$$;

comment on function private.take_marked_days() is 'Unit-days of subjects that somebody asked to compute anew.';

create or replace function private.unit_days_at(keys private.unit_day_key[]) returns private.unit_days[]
language plpgsql stable
set search_path = ''
set enable_seqscan = off
as $$
begin
  return array(
    select u from unnest(keys) k
    cross join lateral (
      select d from private.unit_days d
      where d.workspace_id = k.workspace_id and d.subject = k.subject and d.environment_id = k.environment_id
        and d.day = k.day and d.capability_id = k.capability_id
      offset 0) as x (u));
end
$$;

comment on function private.unit_days_at(private.unit_day_key[]) is 'The unit-days of these names that are there.';

create or replace function private.keys_of(units private.unit_days[]) returns private.unit_day_key[]
language plpgsql immutable
set search_path = ''
as $$
begin
  return array(
    select row(u.workspace_id, u.environment_id, u.capability_id, u.subject, u.day)::private.unit_day_key from unnest(units) u);
end
$$;

comment on function private.keys_of(private.unit_days[]) is 'The names of unit-days.';

create or replace function private.reset_unit_days(was private.unit_days[], becomes private.unit_days[])
returns setof private.cell_move
language plpgsql
set search_path = ''
as $$
declare
  cells private.daily_cells[];
begin
  delete from private.unit_days u using unnest(was) w
  where u.workspace_id = w.workspace_id and u.subject = w.subject and u.environment_id = w.environment_id
    and u.day = w.day and u.capability_id = w.capability_id;
  insert into private.unit_days select (b).* from unnest(becomes) b;
  cells := array(
    select row(c.id, c.workspace_id, c.environment_id, c.capability_id, c.day, c.metric_id, c.action_id, c.intent_id,
      c.prompt_version_id, c.provider, c.requested_model, c.model, sum(s.sign * c.n), sum(s.sign * c.y), sum(s.sign * c.yy),
      sum(s.sign * c.d), sum(s.sign * c.dd), sum(s.sign * c.yd))::private.daily_cells
    from (select -1 as sign, was as units union all select 1, becomes) s
    cross join lateral private.cells_of(s.units) c
    group by c.id, c.workspace_id, c.environment_id, c.capability_id, c.day, c.metric_id, c.action_id, c.intent_id,
      c.prompt_version_id, c.provider, c.requested_model, c.model
    having (sum(s.sign * c.n), sum(s.sign * c.y), sum(s.sign * c.yy), sum(s.sign * c.d), sum(s.sign * c.dd),
      sum(s.sign * c.yd)) is distinct from (0, 0, 0, 0, 0, 0));
  perform private.add_cells(cells);
  return query select m.* from private.cell_moves(cells) m;
end
$$;

comment on function private.reset_unit_days(private.unit_days[], private.unit_days[]) is
'Puts unit-days without values in the place of others, in the cells too.';

create or replace function private.recount_days(keys private.unit_day_key[], begun private.unit_days[], before bigint)
returns setof private.cell_move
language plpgsql
set search_path = ''
as $$
declare
  named constant private.unit_day_key[] := array(select k from unnest(keys) k except select b from unnest(private.keys_of(begun)) b);
  becomes constant private.unit_days[] := begun || array(select f from private.first_calls(named, before) f);
  all_keys constant private.unit_day_key[] := named || private.keys_of(begun);
begin
  return query select m.* from private.reset_unit_days(private.unit_days_at(all_keys), becomes) m;
  return query select m.* from private.add_day_events(array(
    select e from private.day_events_of(private.keys_of(becomes), before) e)) m;
end
$$;

comment on function private.recount_days(private.unit_day_key[], private.unit_days[], bigint) is
'Makes unit-days what the raw rows of the transactions before a watermark say: those named, and those begun whose first call is known.';
