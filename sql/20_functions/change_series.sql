-- A change that reached everybody has nobody beside it. Given enough days, a worker fits the line and the week's shape of the
-- days before (its series needs matrices), and what it finds stands in the ledger as grade B; until then before and after do.
create or replace function private.change_days(change_id uuid, metric_id uuid) returns jsonb
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_variable
declare
  mark private.change_marks;
  metric public.outcome_metrics;
  days private.day_window;
begin
  select m.* into mark from private.change_marks m where m.change_id = change_id;
  select m.* into metric from public.outcome_metrics m where m.id = metric_id and m.workspace_id = mark.workspace_id;
  days := private.window_of(private.span_of_change(mark), private.seconds_of(metric.attribution_window));
  return (
    select jsonb_build_object('started_on', days.after_from, 'rows', coalesce(
      jsonb_agg(jsonb_build_object('day', a.day, 'n', a.d, 'total', a.y) order by a.day), '[]'))
    from private.day_totals(mark, metric, days) t
    cross join lateral stats.adjusted_days(t.totals) a
    where t.compared_with is null);
end
$$;

comment on function private.change_days(uuid, uuid) is
'The days of those whom a change reached, freed of the mix of intents: {started_on, rows}, as a worker reads them.';

create or replace function private.is_asked_anew(was private.change_requests, becomes private.change_estimates) returns boolean
language sql immutable parallel safe
set search_path = ''
return (was).change_id is null or (was).first_day <> (becomes).first_day
  or (becomes).days_after >= (was).days_after + 7 or (becomes).days_after = 28 and (was).days_after < 28
  or not abs((becomes).difference - (was).difference) <= (becomes).std_error / 4;

comment on function private.is_asked_anew(private.change_requests, private.change_estimates) is
'True when a change''s days are not those any more that a series was asked of: a week more of them, other ones, or a difference that moved by a quarter of its error.';

create or replace function private.series_request(known private.change_estimates) returns timestamptz
language plpgsql
set search_path = ''
as $$
declare
  standing private.change_requests;
  request constant jsonb := jsonb_build_object(
    'request_id', private.uuidv7(), 'workspace_id', known.workspace_id, 'change_id', known.change_id,
    'metric_id', known.metric_id, 'method', 'interrupted_series', 'inputs', '{}'::jsonb, 'as_of', private.now());
begin
  select r.* into standing from private.change_requests r where r.change_id = known.change_id and r.metric_id = known.metric_id;
  if known.days_before < 21 or known.days_after < 14 then
    return null;
  elsif not private.is_asked_anew(standing, known) then
    return standing.as_of;
  end if;
  insert into private.change_requests as r
  values (known.change_id, known.metric_id, known.workspace_id, private.now(), known.first_day, known.days_after, known.difference)
  on conflict on constraint change_requests_pkey do update set
    as_of = excluded.as_of, first_day = excluded.first_day, days_after = excluded.days_after, difference = excluded.difference;
  perform private.enqueue('analysis', request);
  return private.now();
end
$$;

comment on function private.series_request(private.change_estimates) is
'As of when a worker was asked for a change''s series: now, when there are days enough and none was asked, or they moved since; null without days enough.';

create or replace function private.with_series(known private.change_estimates) returns private.change_estimates
language plpgsql
set search_path = ''
as $$
declare
  asked_at timestamptz;
  told jsonb;
  answer private.change_estimates := known;
begin
  if known.grade is distinct from 'C' or known.reason_code is not null then
    return known;
  end if;
  asked_at := private.series_request(known);
  select r.result into told from public.experiment_results r
  where r.workspace_id = known.workspace_id and r.change_id = known.change_id and r.metric_id = known.metric_id
    and r.method = 'interrupted_series' and r.as_of = asked_at and r.reason_code is null;
  if told is not null then
    -- Its names are ours: what the ledger has no column for stays in experiment_results.
    answer := jsonb_populate_record(known, told
      || '{"grade": "B", "method": "interrupted_series", "pre_trend_p_value": null}'::jsonb);
    answer.assumption := private.assumption_of(answer);
  end if;
  return answer;
end
$$;

comment on function private.with_series(private.change_estimates) is
'What is said of a change that only before and after are known of: the worker''s series where it has answered, asked for where there are days enough.';

create or replace function private.heed_result(made public.experiment_results) returns void
language sql
set search_path = ''
begin atomic
  update private.change_marks m set refresh_at = private.now() where m.change_id = (made).change_id;
end;

comment on function private.heed_result(public.experiment_results) is 'Has the ledger look again at a change that a worker has found something of.';
