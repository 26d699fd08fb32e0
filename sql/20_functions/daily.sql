-- The daily tier's words: unit-days, the events that they count, and the cells that they are added up in.
create type private.unit_day_key as (workspace_id uuid, environment_id uuid, capability_id uuid, subject text, day date);

comment on type private.unit_day_key is 'Names a unit-day.';

create type private.cell_move as (workspace_id uuid, environment_id uuid, day date, metric_id uuid);

comment on type private.cell_move is 'Where numbers of the daily tier have moved.';

create or replace function private.utc_day(at timestamptz) returns date
language sql immutable parallel safe
set search_path = ''
return (at at time zone 'UTC')::date;

comment on function private.utc_day(timestamptz) is 'The day of a moment in UTC.';

create or replace function private.seconds_of(span interval) returns interval
language sql immutable parallel safe
set search_path = ''
return make_interval(secs => extract(epoch from span)::double precision);

comment on function private.seconds_of(interval) is 'The same length in seconds: a window is as long in the night when clocks change.';

create or replace view private.metric_parts with (security_invoker = true) as
select m.workspace_id, m.id as metric_id, m.kind = 'ratio' as is_ratio, part.slot, part.event_metric_id, part.source,
  case when m.kind = 'ratio' then 'sum' else private.fold_of(m) end as fold,
  private.seconds_of(m.attribution_window) as attribution_window
from public.outcome_metrics m
cross join lateral (
  select 'y' as slot, m.id as event_metric_id, m.source where m.kind not in ('ratio', 'quantile')
  union all
  select half.slot, h.id, h.source
  from (values ('y', m.numerator_metric_id), ('d', m.denominator_metric_id)) as half (slot, id)
  join public.outcome_metrics h on h.id = half.id
) as part;

comment on view private.metric_parts is 'One row per metric × slot: which events make its y, and the d of a ratio, how they fold and in which window. Quantiles have none: they cannot be added up.';

create or replace function private.call_figure(source text, call public.inferences) returns double precision
language sql immutable parallel safe
set search_path = ''
return case source
  when 'latency_ms' then (call).latency_ms when 'cost_usd' then (call).cost_usd
  when 'input_tokens' then (call).input_tokens when 'output_tokens' then (call).output_tokens
  when 'calls' then 1 when 'errors' then ((call).status = 'error')::integer end;

comment on function private.call_figure(text, public.inferences) is 'What a call is worth to a metric that counts calls; null when it does not say.';

create or replace view private.day_calls with (security_invoker = true) as
select i.workspace_id, i.environment_id, i.capability_id, i.subject, i.started_at as at, i.tx, p.metric_id, p.is_ratio, p.slot, p.fold,
  p.attribution_window, private.call_figure(p.source, i) as figure
from private.metric_parts p
join public.inferences i on i.workspace_id = p.workspace_id
where p.source <> 'outcomes';

comment on view private.day_calls is 'One row per call × metric slot that counts calls: those of the same capability.';

create or replace function private.cell_id(parts jsonb) returns uuid
language sql immutable parallel safe
set search_path = ''
return encode(substring(sha256(convert_to(parts::text, 'UTF8')) for 16), 'hex')::uuid;

comment on function private.cell_id(jsonb) is 'The key of a cell whose parts may be null: one small index instead of one over all of them.';

create or replace function private.cells_of(units private.unit_days[]) returns setof private.daily_cells
language sql immutable
set search_path = ''
as $$
  select private.cell_id(jsonb_build_array(u.environment_id, u.capability_id, u.day, f.metric_id, u.action_id, u.intent_id,
      u.prompt_version_id, u.provider, u.requested_model, u.model)),
    u.workspace_id, u.environment_id, u.capability_id, u.day, f.metric_id, u.action_id, u.intent_id,
    u.prompt_version_id, u.provider, u.requested_model, u.model,
    count(*), sum(f.y), sum(f.y * f.y), sum(f.d), sum(f.d * f.d), sum(f.y * f.d)
  from unnest(units) u
  cross join lateral (
    select null::uuid as metric_id, 0::numeric as y, 0::numeric as d
    union all
    select e.key::uuid, (e.value ->> 'y')::numeric, (e.value ->> 'd')::numeric from jsonb_each(u.folded) e
  ) as f
  group by u.workspace_id, u.environment_id, u.capability_id, u.day, f.metric_id, u.action_id, u.intent_id,
    u.prompt_version_id, u.provider, u.requested_model, u.model
$$;

comment on function private.cells_of(private.unit_days[]) is 'Unit-days as the sums of their cells.';

create or replace function private.add_cells(cells private.daily_cells[]) returns void
language plpgsql
set search_path = ''
as $$
declare
  emptied uuid[];
begin
  with moved as (
    insert into private.daily_cells as stored select (c).* from unnest(cells) c
    on conflict on constraint daily_cells_pkey do update set
      n = stored.n + excluded.n, y = stored.y + excluded.y, yy = stored.yy + excluded.yy,
      d = stored.d + excluded.d, dd = stored.dd + excluded.dd, yd = stored.yd + excluded.yd
    returning stored.id, stored.n
  )
  select array_agg(m.id) into emptied from moved m where m.n = 0;
  delete from private.daily_cells c where c.id = any (emptied);
end
$$;

comment on function private.add_cells(private.daily_cells[]) is 'Adds differences to cells, each named once; a cell that is empty again goes.';

create or replace function private.cell_moves(cells private.daily_cells[]) returns setof private.cell_move
language sql immutable
set search_path = ''
as $$
  select distinct c.workspace_id, c.environment_id, c.day, c.metric_id from unnest(cells) c
$$;

comment on function private.cell_moves(private.daily_cells[]) is 'Where cells moved, each place once.';
