-- Touch models share a conversion out among the touches before it. Credit, not cause: who was there, not who did it.
create or replace function stats.touch_credits(
  conversion_ids text[], conversion_subjects text[], converted_at timestamptz[],
  touch_ids text[], touch_subjects text[], touched_at timestamptz[],
  lookback interval default '7 days', half_life interval default '1 day'
) returns table (
  conversion_id text, touch_id text, first_touch numeric, last_touch numeric, linear numeric, time_decay numeric, position_based numeric
)
language sql immutable parallel safe rows 1000
set search_path = ''
as $$
  with paths as (
    select c.id as conversion, t.id as touch,
      -- Ages from the newest touch on: a long path with a short half-life would weigh nothing at all otherwise.
      extract(epoch from max(t.at) over (partition by c.i) - t.at)::double precision as age,
      row_number() over (partition by c.i order by t.at, t.id, t.i) as place, count(*) over (partition by c.i) as touches, c.i
    from unnest(conversion_ids, conversion_subjects, converted_at) with ordinality c (id, subject, at, i)
    cross join (select make_interval(secs => least(greatest(extract(epoch from lookback), 0), 1e11)::double precision) as span) l
    join unnest(touch_ids, touch_subjects, touched_at) with ordinality t (id, subject, at, i)
      on t.subject = c.subject and t.at <= c.at and isfinite(t.at) and isfinite(c.at)
      -- Seconds, not days: a lookback is as long in the night when clocks change.
      and t.at > c.at - l.span
  ),
  weights as (
    select p.*, case when place in (1, touches) then 1 / least(touches, 2.5) else 0.2 / (touches - 2) end as edges,
      stats.exp_or_zero(-ln(2.0) * age / nullif(greatest(extract(epoch from half_life), 0), 0)::double precision) as decay
    from paths p
  ),
  rounded as (
    select w.*, round(1.0 / touches, 18) as even, round((decay / sum(decay) over (partition by i))::numeric, 18) as faded,
      round(edges, 18) as ends
    from weights w
  )
  -- The last touch takes what rounding left over: a conversion is shared out to the last digit.
  select conversion, touch, (place = 1)::integer::numeric, (place = touches)::integer::numeric,
    case when place < touches then even else 1 - (touches - 1) * even end,
    case when place < touches then faded else 1 - coalesce(sum(faded) filter (where place < touches) over whole, 0) end,
    case when place < touches then ends else 1 - coalesce(sum(ends) filter (where place < touches) over whole, 0) end
  from rounded
  window whole as (partition by i)
$$;

comment on function stats.touch_credits(
  text[], text[], timestamptz[], text[], text[], timestamptz[], interval, interval
) is E'One row per conversion × touch of the same subject in (conversion - lookback, conversion], ties by touch id: its credit by five models. Each model''s credits of a conversion add up to exactly 1.\nposition_based: 40 % first, 40 % last, 20 % between; halves for two touches. time_decay: 2^(-age / half-life). A conversion without a touch has no row: it is unattributed. Credit, not cause.';
