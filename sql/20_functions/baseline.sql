create type private.baseline_row as (
  metric_id uuid, metric_key text, metric_name text, metric_unit text, metric_direction text,
  from_day date, to_day date, value_now double precision, value_before double precision, difference double precision,
  std_error double precision, ci_low double precision, ci_high double precision, p_value double precision,
  n_now bigint, n_before bigint, days_now integer, days_before integer, flag text, reason_code text
);

comment on type private.baseline_row is 'A metric now against the same weekdays before.';

create or replace function private.baseline_days(slice private.slice, from_day date, to_day date, weeks integer)
returns stats.day_total[]
language sql stable
set search_path = ''
as $$
  select array_agg((true, d.day >= from_day, '', d.day, d.y, d.d)::stats.day_total)
  from (
    select s.day, sum(s.y) as y, sum(s.d) as d
    from private.slice_days(slice, from_day - 7 * weeks, to_day) s
    group by s.day) d
$$;

comment on function private.baseline_days(private.slice, date, date, integer) is 'The days of a period and of the weeks before it.';

create or replace function private.baseline_of(slice private.slice, days integer, weeks integer, until date)
returns private.baseline_row
language plpgsql stable
set search_path = ''
as $$
declare
  to_day constant date := least(until, private.closed_until(slice));
  found_one constant stats.day_contrast := stats.before_after(private.baseline_days(slice, to_day - days, to_day, weeks));
  half constant double precision := stats.t_critical(0.05, found_one.df) * found_one.std_error;
  reason constant text := case
    when coalesce(found_one.d_after, 0) = 0 then 'no_matching_days'
    when found_one.std_error is null then 'too_few_days' when found_one.std_error = 0 then 'zero_variance' end;
  m constant public.outcome_metrics := slice.metric;
begin
  return row(m.id, m.key, m.name, m.unit, m.direction, to_day - days, to_day, found_one.mean_after, found_one.mean_before,
    found_one.difference, found_one.std_error, found_one.difference - half, found_one.difference + half,
    stats.t_two_sided_p(found_one.difference / nullif(found_one.std_error, 0), found_one.df),
    coalesce(least(found_one.d_after, 9e18), 0), coalesce(least(found_one.d_before, 9e18), 0),
    coalesce(found_one.days_after, 0), coalesce(found_one.days_before, 0),
    case when reason is not null then null when abs(found_one.difference) <= half then 'ordinary'
      when (found_one.difference > 0) = (m.direction = 'increase') then 'better' else 'worse' end, reason)::private.baseline_row;
end
$$;

comment on function private.baseline_of(private.slice, integer, integer, date) is
'The last days whose windows are closed, against the same weekdays of the weeks before them; days are the unit of error.';

create or replace function private.baseline_comparison(
  metric text, environment text, capability text, action text, intent text, model text, days integer, weeks integer,
  until date, workspace_id uuid
) returns setof private.baseline_row
language plpgsql stable security definer
set search_path = ''
as $$
declare
  slice private.slice := private.open_slice(environment, capability, action, intent, model, workspace_id);
  one public.outcome_metrics;
begin
  if days is null or weeks is null or days not between 1 and 28 or weeks not between 2 and 12 then
    perform private.fail('bad_argument', '{"argument": "days, weeks", "expected": "1 to 28 days, 2 to 12 weeks"}');
  elsif metric is not null then
    perform private.metric_of(slice.workspace_id, metric);
  end if;
  for one in
    select m.* from public.outcome_metrics m
    where m.workspace_id = slice.workspace_id and m.key = coalesce(metric, m.key) and (metric is not null or m.archived_at is null)
    order by m.key
  loop
    slice.metric := one;
    return next private.baseline_of(slice, days, weeks, coalesce(until, private.utc_day(private.now())));
  end loop;
end
$$;

comment on function private.baseline_comparison(text, text, text, text, text, text, integer, integer, date, uuid) is
E'Metrics now against the same weekdays before.\nDefiner: the daily tier is read through verbs alone.';
