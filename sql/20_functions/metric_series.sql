-- A metric over time, with what would have been ordinary: the same weekday or hour of the week before.
create type private.series_point as (
  at timestamptz, value double precision, n bigint, is_mature boolean, expected double precision, lower double precision,
  upper double precision, z double precision, is_anomaly boolean, method text
);

comment on type private.series_point is 'One point of a series.';

create or replace function private.call_measures() returns text[]
language sql immutable parallel safe
set search_path = ''
return array['calls.count', 'calls.error_rate', 'calls.latency_ms', 'calls.cost_usd', 'calls.input_tokens', 'calls.output_tokens'];

comment on function private.call_measures() is 'The measures of operations.';

create type private.slice_cut as (dimension text, segment text);

comment on type private.slice_cut is 'By what a slice is cut, where totals are kept of it.';

create or replace function private.cut_of(slice private.slice) returns private.slice_cut
language plpgsql immutable
set search_path = ''
as $$
begin
  return case
    when num_nonnulls(slice.action_id, slice.intent_id, slice.model) > 1 then null
    when slice.action_id is not null then row('action', slice.action_id::text)::private.slice_cut
    when slice.intent_id is not null then row('intent', slice.intent_id::text)::private.slice_cut
    when slice.model is not null then row('model', slice.model)::private.slice_cut
    else row('all', '')::private.slice_cut end;
end
$$;

comment on function private.cut_of(private.slice) is
'Which totals a slice is the sum of; null where it is cut by two things at once: then cells are added up.';

create or replace function private.hours_in(slice private.slice, cut private.slice_cut, since timestamptz, until timestamptz)
returns setof private.hour_totals
language plpgsql stable rows 1000
set search_path = ''
set plan_cache_mode = force_custom_plan
as $$
begin
  if cut.dimension is not null then
    return query
    select t.* from private.hour_totals t
    where t.workspace_id = slice.workspace_id and t.environment_id = any (slice.environment_ids)
      and t.dimension = cut.dimension and t.segment = cut.segment and t.hour >= since and t.hour < until
      and (slice.capability_id is null or t.capability_id = slice.capability_id);
    return;
  end if;
  return query
  select c.workspace_id, c.environment_id, null::text, null::text, c.hour, c.capability_id, c.calls, c.errors, c.latency_ms,
    c.priced_calls, c.cost_usd, c.metered_calls, c.input_tokens, c.output_tokens
  from private.hourly_calls c
  where c.workspace_id = slice.workspace_id and c.environment_id = any (slice.environment_ids)
    and c.hour >= since and c.hour < until
    and (slice.capability_id is null or c.capability_id = slice.capability_id)
    and (slice.action_id is null or c.action_id = slice.action_id)
    and (slice.intent_id is null or c.intent_id = slice.intent_id)
    and (slice.model is null or c.model = slice.model);
end
$$;

comment on function private.hours_in(private.slice, private.slice_cut, timestamptz, timestamptz) is
'What a slice''s calls add up to by hour: from totals where it is cut by one thing, else from cells.';

create or replace function private.call_points(slice private.slice, measure text, grain text, since timestamptz, until timestamptz)
returns table (at timestamptz, value double precision, n bigint)
language plpgsql stable rows 1000
set search_path = ''
as $$
begin
  return query
  select s.at, case when measure in ('calls.error_rate', 'calls.latency_ms') then m.told / nullif(s.calls, 0) else m.told end::double precision,
    case measure when 'calls.cost_usd' then s.priced_calls when 'calls.input_tokens' then s.metered_calls
      when 'calls.output_tokens' then s.metered_calls else s.calls end
  from (
    select date_trunc(grain, c.hour, 'UTC') as at, sum(c.calls)::bigint as calls, sum(c.errors) as errors,
      sum(c.latency_ms) as latency_ms, sum(c.priced_calls)::bigint as priced_calls, sum(c.cost_usd) as cost_usd,
      sum(c.metered_calls)::bigint as metered_calls, sum(c.input_tokens) as input_tokens, sum(c.output_tokens) as output_tokens
    from private.hours_in(slice, private.cut_of(slice), since, until) c
    group by 1
  ) s
  cross join lateral (select case measure when 'calls.count' then s.calls when 'calls.error_rate' then s.errors
    when 'calls.latency_ms' then s.latency_ms when 'calls.cost_usd' then s.cost_usd
    when 'calls.input_tokens' then s.input_tokens else s.output_tokens end as told) m;
end
$$;

comment on function private.call_points(private.slice, text, text, timestamptz, timestamptz) is 'A measure of operations by hour or day.';

create or replace function private.total_days(slice private.slice, cut private.slice_cut, from_day date, to_day date)
returns table (day date, y numeric, d numeric)
language plpgsql stable rows 400
set search_path = ''
set plan_cache_mode = force_custom_plan
as $$
declare
  nobody constant uuid := '00000000-0000-0000-0000-000000000000'::uuid;
  by_units constant boolean := (slice.metric).when_absent = 'zero' and (slice.metric).kind <> 'ratio';
begin
  return query
  select t.day, coalesce(sum(t.y) filter (where t.metric_id <> nobody), 0), sum(case when not by_units then t.d when t.metric_id = nobody then t.n else 0 end)
  from private.day_totals t
  where t.workspace_id = slice.workspace_id and t.environment_id = any (slice.environment_ids)
    and t.metric_id = any (case when by_units then array[(slice.metric).id, nobody] else array[(slice.metric).id] end)
    and t.dimension = cut.dimension and t.segment = cut.segment and t.day >= from_day and t.day < to_day
    and (slice.capability_id is null or t.capability_id = slice.capability_id)
  group by t.day;
end
$$;

comment on function private.total_days(private.slice, private.slice_cut, date, date) is
'A slice''s metric day by day from totals, the last day excluded: the sum of values, and what they are divided by, as private.slice_days.';

create or replace function private.day_points(slice private.slice, since timestamptz, until timestamptz)
returns table (at timestamptz, value double precision, n bigint)
language plpgsql stable rows 400
set search_path = ''
as $$
declare
  cut constant private.slice_cut := private.cut_of(slice);
  from_day constant date := private.utc_day(since);
  to_day constant date := private.utc_day(until - interval '1 microsecond') + 1;
begin
  return query
  select s.day::timestamp at time zone 'UTC', (sum(s.y) / nullif(sum(s.d), 0))::double precision, least(sum(s.d), 9e18)::bigint
  from (
    select t.day, t.y, t.d from private.total_days(slice, cut, from_day, to_day) t
    union all
    select c.day, c.y, c.d from private.slice_days(slice, from_day, to_day) c where cut.dimension is null) s
  group by s.day;
end
$$;

comment on function private.day_points(private.slice, timestamptz, timestamptz) is 'An outcome metric by day.';

create or replace function private.series_of(slice private.slice, measure text, grain text, since timestamptz, until timestamptz)
returns table (at timestamptz, value double precision, n bigint, is_mature boolean)
language plpgsql stable
set search_path = ''
as $$
begin
  return query
  -- Materialized: else each point would ask for the window again.
  with step as materialized (
    select s.size, s.size + coalesce(private.seconds_of(((slice).metric).attribution_window), '0') as closes_after
    from (select case grain when 'day' then interval '24 hours' else interval '1 hour' end as size) s
  ),
  found as (
    select p.* from private.day_points(slice, since, until) p where ((slice).metric).id is not null
    union all
    select p.* from private.call_points(slice, measure, grain, since, until) p where ((slice).metric).id is null
  ),
  begun as (select greatest(since, min(f.at)) as first_at from found f)
  -- A day without customers is a gap, not a zero.
  select t.at, f.value, coalesce(f.n, 0), t.at + step.closes_after <= n.now
  from begun b cross join step cross join (select private.now() as now offset 0) n
  cross join lateral generate_series(b.first_at, until - interval '1 microsecond', step.size) as t (at)
  left join found f on f.at = t.at;
end
$$;

comment on function private.series_of(private.slice, text, text, timestamptz, timestamptz) is
'Every day or hour from the first that has anything, those without being gaps.';

create or replace function private.forecasts(series double precision[], season integer, ahead integer) returns table (
  method text, place integer, forecast double precision, low double precision, high double precision, error double precision
)
language plpgsql stable rows 200
set search_path = ''
as $$
begin
  return query
  with told as (
    select 'seasonal_naive' as method, n.place, n.value, n.forecast, n.low, n.high from stats.seasonal_naive(series, season, ahead) n
    union all
    select 'holt', h.place, h.value, case when h.place > 2 then h.forecast end, case when h.place > 2 then h.low end,
      case when h.place > 2 then h.high end
    from stats.exponential_smoothing(series, 0.3, 0.1, ahead) h
  )
  -- Both are tried on the points that both could forecast one step ahead.
  select t.method, t.place, t.forecast, t.low, t.high,
    sqrt(avg((t.value - t.forecast) ^ 2) filter (where t.place > season) over (partition by t.method))
  from told t;
end
$$;

comment on function private.forecasts(double precision[], integer, integer) is
'A series'' known points and those ahead by two methods: the value of a season before, and Holt''s line (smoothing 0.3 and 0.1); error is what each missed by, one step ahead, after the first season.';

create or replace function private.chosen_forecast(series double precision[], season integer, ahead integer, wished text) returns table (
  method text, place integer, forecast double precision, low double precision, high double precision
)
language plpgsql stable rows 100
set search_path = ''
as $$
begin
  return query
  with told as materialized (select f.* from private.forecasts(series, season, ahead) f),
  best as (
    select t.method from told t where wished in ('auto', t.method)
    group by t.method, t.error order by t.error nulls last, t.method = 'holt' limit 1
  )
  select t.method, t.place, t.forecast, t.low, t.high from told t join best b on b.method = t.method;
end
$$;

comment on function private.chosen_forecast(double precision[], integer, integer, text) is
'The forecast by the wished method, or by the one that missed the series'' own past by less.';

create or replace function private.judged_series(slice private.slice, measure text, grain text, since timestamptz, until timestamptz, wished text)
returns setof private.series_point
language plpgsql stable
set search_path = ''
as $$
begin
  return query
  with points as (
    select s.*, row_number() over (order by s.at)::integer as place,
      (extract(isodow from s.at at time zone 'UTC') * 24
        + case grain when 'hour' then extract(hour from s.at at time zone 'UTC') else 0 end)::integer as season
    from private.series_of(slice, measure, grain, since - interval '35 days', until) s
  ),
  lists as (
    select array_agg(case when p.is_mature then p.value end order by p.at) as known,
      array_agg(p.season order by p.at) as seasons, array_agg(p.is_mature order by p.at) as mature,
      coalesce(max(p.place) filter (where p.is_mature and p.value is not null), 0) as last_known, max(p.place) as places
    from points p
  ),
  scores as (
    select s.place, s.z from lists l
    cross join lateral stats.robust_scores(l.known, l.mature, l.seasons, measure = 'calls.count') s
  ),
  bands as (
    select b.* from lists l
    cross join lateral private.chosen_forecast(l.known[:l.last_known], case grain when 'hour' then 168 else 7 end,
      l.places - l.last_known, wished) b
  )
  select p.at, p.value, p.n, p.is_mature, b.forecast, b.low, b.high, s.z,
    case when p.is_mature then coalesce(abs(s.z) >= 3 and p.n >= 20, false) end, b.method
  from points p
  left join scores s on s.place = p.place
  left join bands b on b.place = p.place
  where p.at >= since
  order by p.at;
end
$$;

comment on function private.judged_series(private.slice, text, text, timestamptz, timestamptz, text) is
'A series with its forecast''s band and its robust z: five weeks before it are read as well, so that the first point has a past.';

create or replace function private.metric_series(
  metric text, since timestamptz, until timestamptz, grain text, environment text, capability text, action text,
  intent text, model text, method text, workspace_id uuid
) returns setof private.series_point
language plpgsql stable security definer
set search_path = ''
as $$
declare
  slice private.slice := private.open_slice(environment, capability, action, intent, model, workspace_id);
  is_calls constant boolean := coalesce(metric = any (private.call_measures()), false);
  last_at constant timestamptz := coalesce(until, date_trunc('day', private.now(), 'UTC') + interval '1 day');
begin
  if grain is null or grain not in ('day', 'hour') or (grain = 'hour' and not is_calls) then
    perform private.fail('bad_argument', '{"argument": "grain", "expected": "day, or hour for a measure of calls"}');
  elsif method is null or method not in ('auto', 'seasonal_naive', 'holt') then
    perform private.fail('bad_argument', '{"argument": "method", "expected": "auto, seasonal_naive or holt"}');
  elsif since >= last_at or last_at - since > interval '800 days' then
    perform private.fail('bad_argument', '{"argument": "since", "expected": "a time before until, at most 800 days"}');
  elsif not is_calls then
    slice.metric := private.metric_of(slice.workspace_id, metric);
  end if;
  return query select p.* from private.judged_series(slice, metric, grain,
    date_trunc(grain, coalesce(since, last_at - interval '28 days'), 'UTC'), last_at, method) p;
end
$$;

comment on function private.metric_series(text, timestamptz, timestamptz, text, text, text, text, text, text, text, uuid) is
E'A metric over time.\nDefiner: the daily tier is read through verbs alone.';
