create type private.day_window as (before_from date, before_to date, after_from date, after_to date);

comment on type private.day_window is 'The days that a change is judged by: up to four weeks on either side.';

create or replace function private.window_of(span private.change_span, attribution interval) returns private.day_window
language sql stable
set search_path = ''
as $$
  select (
    greatest(b.before_to - 27, private.utc_day((span).previous_at) + 1), b.before_to,
    b.after_from,
    least(b.after_from + 27, private.utc_day((span).next_at) - 1, private.utc_day(private.now() - attribution) - 1)
  )::private.day_window
  from (select
    -- Windows that had not closed when it came would count some of its own doing as before.
    private.utc_day((span).first_at - attribution) - 1 as before_to,
    private.utc_day((span).last_at - interval '1 microsecond') + 1 as after_from) b
$$;

comment on function private.window_of(private.change_span, interval) is
E'Whole days on either side whose attribution windows are closed: before the change, and by now.\nThe day of the change counts for neither side, nor what lies beyond the neighbouring changes.';

create or replace function private.counts_absent(metric public.outcome_metrics) returns boolean
language sql immutable parallel safe
set search_path = ''
return (metric).when_absent = 'zero' and (metric).kind <> 'ratio';

comment on function private.counts_absent(public.outcome_metrics) is 'True when customers without an outcome count as zero.';

create or replace function private.days_of(
  workspace_id uuid, environment_id uuid, metric public.outcome_metrics, from_day date, to_day date
) returns table (
  day date, capability_id uuid, intent_id uuid, provider text, requested_model text, y numeric, d numeric
)
language sql stable
set search_path = ''
as $$
  with cells as (
    select c.day, c.capability_id, c.intent_id, c.provider, c.requested_model, c.y,
      case when (metric).when_absent = 'zero' and (metric).kind <> 'ratio' then 0 else c.d end as d
    from private.daily_cells c
    where c.workspace_id = days_of.workspace_id and c.environment_id = days_of.environment_id
      and c.metric_id = (metric).id and c.day between from_day and to_day
    union all
    select c.day, c.capability_id, c.intent_id, c.provider, c.requested_model, 0, c.n
    from private.daily_cells c
    where c.workspace_id = days_of.workspace_id and c.environment_id = days_of.environment_id
      and c.metric_id is null and c.day between from_day and to_day
      and (metric).when_absent = 'zero' and (metric).kind <> 'ratio'
  )
  select c.day, c.capability_id, c.intent_id, c.provider, c.requested_model, sum(c.y), sum(c.d)
  from cells c
  group by c.day, c.capability_id, c.intent_id, c.provider, c.requested_model
$$;

comment on function private.days_of(uuid, uuid, public.outcome_metrics, date, date) is
'A metric day by day, by capability, intent and model: the sum of values, and what they are divided by.';

create or replace function private.reaches(mark private.change_marks, capability_id uuid, intent_id uuid, provider text, requested_model text)
returns boolean
language sql immutable parallel safe
set search_path = ''
return coalesce((mark).capability_id = capability_id, true)
  and ((mark).intent_id is null or (mark).intent_id is not distinct from intent_id)
  and coalesce((mark).provider = provider and (mark).requested_model = requested_model, true);

comment on function private.reaches(private.change_marks, uuid, uuid, text, text) is 'True for customers whom a change reaches.';

create or replace function private.day_totals(mark private.change_marks, metric public.outcome_metrics, days private.day_window)
returns table (compared_with text, totals stats.day_total[])
language sql stable
set search_path = ''
-- No functions per row here: one with a search_path of its own is not inlined.
as $$
  with rows as materialized (
    select d.*, concat(d.capability_id, d.intent_id) as stratum, d.day >= (days).after_from as is_after,
      coalesce(d.capability_id = (mark).capability_id, true)
        and ((mark).intent_id is null or d.intent_id is not distinct from (mark).intent_id)
        and coalesce(d.provider = (mark).provider and d.requested_model = (mark).requested_model, true) as is_treated,
      case when (mark).provider is not null then 'models'
        when (mark).capability_id = d.capability_id then 'intents' else 'capabilities' end as kind
    from private.days_of((mark).workspace_id, (mark).environment_id, metric, (days).before_from, (days).after_to) d
    where d.day <= (days).before_to or d.day >= (days).after_from
  ),
  busy as materialized (
    select r.capability_id, r.intent_id from private.change_marks r
    where r.workspace_id = (mark).workspace_id and coalesce(r.environment_id = (mark).environment_id, true)
      and r.story <> (mark).story and (mark).provider is null
      and r.occurred_at >= (days).before_from::timestamp at time zone 'UTC'
      and r.occurred_at < ((days).after_to + 1)::timestamp at time zone 'UTC'
  ),
  quiet as materialized (
    select r.kind, r.capability_id, r.intent_id
    from rows r
    where not r.is_treated and not exists (
      select from busy b
      where coalesce(b.capability_id = r.capability_id, true) and coalesce(b.intent_id = r.intent_id, true))
    group by r.kind, r.capability_id, r.intent_id
    having sum(r.y) filter (where not r.is_after) <> 0
  ),
  chosen as (select q.kind from quiet q order by q.kind = 'capabilities' limit 1)
  select null, array_agg((true, r.is_after, r.stratum, r.day, r.y, r.d)::stats.day_total)
  from rows r where r.is_treated
  union all
  select c.kind, array_agg((r.is_treated, r.is_after, r.stratum, r.day, r.y, r.d)::stats.day_total)
  from chosen c
  join rows r on r.is_treated or r.kind = c.kind and exists (
    select from quiet q where q.kind = r.kind and q.capability_id = r.capability_id
      and q.intent_id is not distinct from r.intent_id)
  group by c.kind
$$;

comment on function private.day_totals(private.change_marks, public.outcome_metrics, private.day_window) is
E'The days of those whom a change reached, alone and, where there are any, beside others whom it did not: the same capability''s other intents, else other capabilities, or other models.\nWho stands for the others must have been quiet: nothing of their own happened to them in these days.';

create or replace function private.contrast_of(mark private.change_marks, metric public.outcome_metrics, days private.day_window)
returns table (method text, compared_with text, found stats.day_contrast)
language sql stable
set search_path = ''
as $$
  select case when t.compared_with is null then 'before_after' else 'difference_in_differences' end, t.compared_with, c.found
  from private.day_totals(mark, metric, days) t
  cross join lateral (select stats.before_after(t.totals) as found offset 0) as c
  -- The comparison counts only where it is there and its trend was the same.
  where t.compared_with is null or (c.found).std_error > 0 and (c.found).pre_trend_p >= 0.05
  order by t.compared_with is null
  limit 1
$$;

comment on function private.contrast_of(private.change_marks, public.outcome_metrics, private.day_window) is
'The better of the two: a difference in differences where the comparison moved alike before, else before and after alone.';

create or replace function private.reason_of(days private.day_window, found stats.day_contrast) returns text
language sql immutable
set search_path = ''
return case
  when (days).before_from > (days).before_to then 'changes_too_close'
  when (days).after_to < (days).after_from then 'windows_open'
  when coalesce((found).d_before, 0) = 0 and coalesce((found).d_after, 0) = 0 then 'no_matching_days'
  when (found).std_error is null then 'too_few_days'
  when (found).std_error = 0 then 'zero_variance'
end;

comment on function private.reason_of(private.day_window, stats.day_contrast) is 'Why days say nothing of a change; null when they do.';

create or replace function private.estimate(mark private.change_marks, span private.change_span, metric public.outcome_metrics)
returns private.change_estimates
language plpgsql stable
set search_path = ''
as $$
declare
  days constant private.day_window := private.window_of(span, private.seconds_of(metric.attribution_window));
  best record;
  half double precision;
  reason text;
  answer private.change_estimates;
begin
  select c.method, c.compared_with, c.found into best from private.contrast_of(mark, metric, days) c;
  reason := private.reason_of(days, best.found);
  half := stats.t_critical(0.05, (best.found).df) * (best.found).std_error;
  answer := (
    mark.change_id, metric.id, mark.workspace_id, mark.environment_id,
    case when reason is not null and reason <> 'zero_variance' then null
      when span.joint_with <> '{}' then 'not separable'
      when best.compared_with is not null then 'B' else 'C' end,
    coalesce(best.method, 'before_after'), (best.found).difference, (best.found).std_error, (best.found).df,
    (best.found).difference - half, (best.found).difference + half,
    stats.t_two_sided_p((best.found).difference / nullif((best.found).std_error, 0), (best.found).df),
    (best.found).mean_before, (best.found).mean_after,
    coalesce(least((best.found).d_before, 9e18), 0), coalesce(least((best.found).d_after, 9e18), 0),
    coalesce((best.found).days_before, 0), coalesce((best.found).days_after, 0), (best.found).matched_share,
    (best.found).pre_trend_p, best.compared_with, span.joint_with,
    days.before_from, greatest(days.before_to, days.after_to), reason, private.now(), null);
  answer.assumption := private.assumption_of(answer);
  return answer;
end
$$;

comment on function private.estimate(private.change_marks, private.change_span, public.outcome_metrics) is
'What the days around a change say of one metric.';

create or replace function private.next_closing(mark private.change_marks, span private.change_span) returns timestamptz
language sql stable
set search_path = ''
as $$
  select min(n.at)
  from public.outcome_metrics m
  cross join lateral (select private.seconds_of(m.attribution_window) as attribution) w
  cross join lateral (
    select (private.utc_day(private.now() - w.attribution) + 1)::timestamp at time zone 'UTC' + w.attribution as at) n
  where m.workspace_id = (mark).workspace_id and (mark).environment_id is not null
    and n.at <= (private.utc_day((span).last_at) + 31)::timestamp at time zone 'UTC' + w.attribution
$$;

comment on function private.next_closing(private.change_marks, private.change_span) is
'When the next day of a change closes for some metric; null when its four weeks are over.';

create or replace function private.refresh_change(mark private.change_marks) returns void
language plpgsql
set search_path = ''
as $$
declare
  span constant private.change_span := private.span_of_change(mark);
begin
  delete from private.change_estimates e where e.change_id = mark.change_id;
  insert into private.change_estimates
  select (e.one).*
  from public.changes c
  join public.outcome_metrics m on m.workspace_id = c.workspace_id
  cross join lateral (select private.with_series(private.estimate(mark, span, m)) as one offset 0) as e
  where c.id = mark.change_id and mark.is_estimated
    and exists (select from private.daily_cells d where d.workspace_id = mark.workspace_id
      and d.environment_id = mark.environment_id and d.metric_id = m.id);
  update private.change_marks m
  set refresh_at = private.next_closing(mark, span), fields_experiment_id = f.experiment_id, fields_from = f.from_cell,
    fields_to = f.to_cell, fields_note = private.fields_words(mark.fields, f.experiment_id is not null)
  from (values (1)) as here left join private.factorial_of(mark) f on true
  where m.change_id = mark.change_id;
end
$$;

comment on function private.refresh_change(private.change_marks) is 'Estimates a change anew, for every metric that has data where it happened.';

create or replace function private.touch_changes(moved private.cell_move[]) returns void
language plpgsql
set search_path = ''
as $$
begin
  update private.change_marks m set refresh_at = private.now()
  where m.is_estimated and m.change_id in (
    select e.change_id
    from (select distinct u.workspace_id, u.environment_id, u.day from unnest(moved) u) t
    join private.change_estimates e on e.workspace_id = t.workspace_id and e.environment_id = t.environment_id
      and t.day between e.first_day and e.last_day
    union
    -- A metric that had no data here when the change was looked at.
    select n.change_id
    from (select distinct u.* from unnest(moved) u where u.metric_id is not null) t
    join private.change_marks n on n.workspace_id = t.workspace_id and n.environment_id = t.environment_id
      and n.occurred_at between t.day - interval '40 days' and t.day + interval '40 days'
    where not exists (
      select from private.change_estimates e where e.change_id = n.change_id and e.metric_id = t.metric_id));
end
$$;

comment on function private.touch_changes(private.cell_move[]) is
'Has the changes looked at again whose days moved, or that have no word yet of a metric that did.';

create or replace function private.refresh_changes(moved private.cell_move[]) returns void
language plpgsql
set search_path = ''
as $$
declare
  began constant timestamptz := clock_timestamp();
  due private.change_marks;
begin
  perform private.mark_changes();
  perform private.touch_changes(moved);
  for due in select m.* from private.change_marks m where m.refresh_at <= private.now() order by m.refresh_at loop
    begin
      perform private.refresh_change(due);
    exception
      -- Numbers beyond all range: no word of this change, and the others go on.
      when data_exception then
        update private.change_marks m set refresh_at = null where m.change_id = due.change_id;
    end;
    -- The others wait for the next tick: days are not to wait for them.
    exit when clock_timestamp() > began + interval '500 milliseconds';
  end loop;
end
$$;

comment on function private.refresh_changes(private.cell_move[]) is
'Marks new changes, and estimates those whose days moved or closed.';
