-- A metric over time, with what would have been ordinary: the same weekday or hour of the week before.
create type private.series_point as (
  at timestamptz, value double precision, n bigint, is_mature boolean, expected double precision, lower double precision,
  upper double precision, z double precision, is_anomaly boolean, method text
);

comment on type private.series_point is 'One point of a series.';

create or replace function private.call_measures(measure text, calls private.hourly_calls) returns numeric[]
language sql immutable parallel safe
set search_path = ''
return case measure
  when 'calls.count' then array[(calls).calls, null, (calls).calls]
  when 'calls.error_rate' then array[(calls).errors, (calls).calls, (calls).calls]
  when 'calls.latency_ms' then array[(calls).latency_ms, (calls).calls, (calls).calls]
  when 'calls.cost_usd' then array[(calls).cost_usd, null, (calls).priced_calls]
  when 'calls.input_tokens' then array[(calls).input_tokens, null, (calls).metered_calls]
  when 'calls.output_tokens' then array[(calls).output_tokens, null, (calls).metered_calls]
end;

comment on function private.call_measures(text, private.hourly_calls) is
'What a measure of operations adds up: numerator, denominator (null for a plain sum), calls; null when there is no such measure.';

create or replace function private.call_points(slice private.slice, measure text, grain text, since timestamptz, until timestamptz)
returns table (at timestamptz, value double precision, n bigint)
language sql stable
set search_path = ''
as $$
  -- Sums first: a function per cell would cost more than the rest.
  select s.at, case when m.parts[2] is null then m.parts[1] else m.parts[1] / nullif(m.parts[2], 0) end::double precision,
    m.parts[3]::bigint
  from (
    select date_trunc(grain, c.hour, 'UTC') as at, sum(c.calls)::bigint as calls, sum(c.errors)::bigint as errors,
      sum(c.latency_ms) as latency_ms, sum(c.priced_calls)::bigint as priced_calls, sum(c.cost_usd) as cost_usd,
      sum(c.metered_calls)::bigint as metered_calls, sum(c.input_tokens) as input_tokens, sum(c.output_tokens) as output_tokens
    from private.hourly_calls c
    where c.workspace_id = (slice).workspace_id and c.environment_id = any ((slice).environment_ids)
      and c.hour >= since and c.hour < until
      and ((slice).capability_id is null or c.capability_id = (slice).capability_id)
      and ((slice).action_id is null or c.action_id = (slice).action_id)
      and ((slice).intent_id is null or c.intent_id = (slice).intent_id)
      and ((slice).model is null or c.model = (slice).model)
    group by date_trunc(grain, c.hour, 'UTC')
  ) s
  cross join lateral (
    select private.call_measures(measure, row(null, null, null, null, s.at, null, null, null, null, null, null, s.calls, s.errors,
      s.latency_ms, null, s.priced_calls, s.cost_usd, s.metered_calls, s.input_tokens, s.output_tokens)::private.hourly_calls) as parts
    offset 0) as m
$$;

comment on function private.call_points(private.slice, text, text, timestamptz, timestamptz) is 'A measure of operations by hour or day.';

create or replace function private.day_points(slice private.slice, since timestamptz, until timestamptz)
returns table (at timestamptz, value double precision, n bigint)
language sql stable
set search_path = ''
as $$
  select s.day::timestamp at time zone 'UTC', (sum(s.y) / nullif(sum(s.d), 0))::double precision, least(sum(s.d), 9e18)::bigint
  from private.slice_days(slice, private.utc_day(since), private.utc_day(until - interval '1 microsecond') + 1) s
  group by s.day
$$;

comment on function private.day_points(private.slice, timestamptz, timestamptz) is 'An outcome metric by day.';

create or replace function private.series_of(slice private.slice, measure text, grain text, since timestamptz, until timestamptz)
returns table (at timestamptz, value double precision, n bigint, is_mature boolean)
language sql stable
set search_path = ''
as $$
  with step as (select case grain when 'day' then interval '24 hours' else interval '1 hour' end as size),
  found as (
    select p.* from private.day_points(slice, since, until) p where ((slice).metric).id is not null
    union all
    select p.* from private.call_points(slice, measure, grain, since, until) p where ((slice).metric).id is null
  ),
  begun as (select greatest(since, min(f.at)) as first_at from found f)
  -- A day without customers is a gap, not a zero.
  select t.at, f.value, coalesce(f.n, 0),
    t.at + step.size + coalesce(private.seconds_of(((slice).metric).attribution_window), '0') <= private.now()
  from begun b cross join step
  cross join lateral generate_series(b.first_at, until - interval '1 microsecond', step.size) as t (at)
  left join found f on f.at = t.at
$$;

comment on function private.series_of(private.slice, text, text, timestamptz, timestamptz) is
'Every day or hour from the first that has anything, those without being gaps.';

create or replace function private.forecasts(series double precision[], season integer, ahead integer) returns table (
  method text, place integer, forecast double precision, low double precision, high double precision, error double precision
)
language sql stable rows 200
set search_path = ''
as $$
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
  from told t
$$;

comment on function private.forecasts(double precision[], integer, integer) is
'A series'' known points and those ahead by two methods: the value of a season before, and Holt''s line (smoothing 0.3 and 0.1); error is what each missed by, one step ahead, after the first season.';

create or replace function private.chosen_forecast(series double precision[], season integer, ahead integer, wished text) returns table (
  method text, place integer, forecast double precision, low double precision, high double precision
)
language sql stable rows 100
set search_path = ''
as $$
  with told as materialized (select f.* from private.forecasts(series, season, ahead) f),
  best as (
    select t.method from told t where wished in ('auto', t.method)
    group by t.method, t.error order by t.error nulls last, t.method = 'holt' limit 1
  )
  select t.method, t.place, t.forecast, t.low, t.high from told t join best b on b.method = t.method
$$;

comment on function private.chosen_forecast(double precision[], integer, integer, text) is
'The forecast by the wished method, or by the one that missed the series'' own past by less.';

create or replace function private.judged_series(slice private.slice, measure text, grain text, since timestamptz, until timestamptz, wished text)
returns setof private.series_point
language sql stable
set search_path = ''
as $$
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
  order by p.at
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
  is_calls constant boolean := private.call_measures(metric, null) is not null;
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
