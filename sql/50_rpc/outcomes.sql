create or replace function public.outcome_waterfall(
  metric text, from_a date, to_a date, from_b date, to_b date, environment text default null, capability text default null,
  action text default null, intent text default null, model text default null, workspace_id uuid default null
) returns table (
  part text, intent_id uuid, change_ids uuid[], summary text, grade text, contribution numeric,
  contribution_low numeric, contribution_high numeric, n_a numeric, n_b numeric, mean_a numeric, mean_b numeric, reach numeric,
  variant_id uuid, reason_code text
)
language sql stable
set search_path = ''
begin atomic
  select w.part, w.intent_id, w.change_ids, w.summary, w.grade, w.contribution, w.contribution_low, w.contribution_high,
    w.n_a, w.n_b, w.mean_a, w.mean_b, w.reach, w.variant_id, w.reason_code
  from private.outcome_waterfall(
    metric, from_a, to_a, from_b, to_b, environment, capability, action, intent, model, workspace_id) w;
end;

comment on function public.outcome_waterfall(
  text, date, date, date, date, text, text, text, text, text, uuid
) is E'Why a metric''s mean differs between two periods of whole UTC days, the last day of each excluded: rows that add up to the last digit.\npart total is the whole difference. mix and rate have a row an intent, and together they are the total: other intents came, or the same went better or worse. change has a row for each change in between (grade A, B, C, or not separable: several at once), weighed by reach: how much more of the later period it reached, and for an entry of an experiment or a ramp by how much it moved the share of an arm (variant_id); a change without an effect has its reason_code and no contribution. All of them and unexplained are the sum of the rates. contribution_low and _high carry the effect''s interval on. The unit is the unit-day: a customer counts once a day, by what they met first.';

create or replace function public.metric_series(
  metric text, since timestamptz default null, until timestamptz default null, grain text default 'day',
  environment text default null, capability text default null, action text default null, intent text default null,
  model text default null, method text default 'auto', workspace_id uuid default null
) returns table (
  at timestamptz, value double precision, n bigint, is_mature boolean, expected double precision, lower double precision,
  upper double precision, z double precision, is_anomaly boolean, method_used text
)
language sql stable
set search_path = ''
begin atomic
  select s.at, s.value, s.n, s.is_mature, s.expected, s.lower, s.upper, s.z, s.is_anomaly, s.method
  from private.metric_series(metric, since, until, grain, environment, capability, action, intent, model, method, workspace_id) s;
end;

comment on function public.metric_series(
  text, timestamptz, timestamptz, text, text, text, text, text, text, text, uuid
) is E'One row a day (or an hour): a metric''s value and n, what was to be expected, and whether it is out of the ordinary. The last 28 days, unless since and until say otherwise.\nmetric is an outcome metric''s key, by day: the mean over the customers who came that day. Or a measure of operations, by day or hour: calls.count, calls.error_rate, calls.latency_ms, calls.cost_usd, calls.input_tokens, calls.output_tokens. expected, lower and upper are the forecast with its 95 % band, wider with each step beyond the last judged point: by method seasonal_naive (the value of a week before), holt (a line that follows the series, smoothing 0.3 and 0.1), or auto, whichever missed the series'' own past by less one step ahead; method_used says which. z is the robust distance from the median of the same weekday (or hour of the week); is_anomaly from 3 on with n of 20 at least. A day whose windows are still open is not mature: it is neither judged nor part of what is ordinary. A day without customers has no value.';

create or replace function public.baseline_comparison(
  metric text default null, environment text default null, capability text default null, action text default null,
  intent text default null, model text default null, days integer default 7, weeks integer default 4,
  until date default null, workspace_id uuid default null
) returns table (
  metric_id uuid, metric_key text, metric_name text, metric_unit text, metric_direction text,
  from_day date, to_day date, value_now double precision, value_before double precision, difference double precision,
  std_error double precision, ci_low double precision, ci_high double precision, p_value double precision,
  n_now bigint, n_before bigint, days_now integer, days_before integer, flag text, reason_code text
)
language sql stable
set search_path = ''
begin atomic
  select b.metric_id, b.metric_key, b.metric_name, b.metric_unit, b.metric_direction, b.from_day, b.to_day, b.value_now,
    b.value_before, b.difference, b.std_error, b.ci_low, b.ci_high, b.p_value, b.n_now, b.n_before, b.days_now,
    b.days_before, b.flag, b.reason_code
  from private.baseline_comparison(
    metric, environment, capability, action, intent, model, days, weeks, until, workspace_id) b;
end;

comment on function public.baseline_comparison(
  text, text, text, text, text, text, integer, integer, date, uuid
) is E'One row per metric: the last days whose attribution windows are closed (from_day to to_day, that one excluded), against the same weekdays of the weeks before them.\nflag is better, worse or ordinary, by the 95 % interval of the difference between days; null with a reason_code when it cannot be computed: no_matching_days, too_few_days, zero_variance. Everything that changed is in it, the mix of intents too: outcome_waterfall takes it apart.';

create or replace function public.trace_of(
  conversation text default null, subject text default null, key_type text default null, key_value text default null,
  workspace_id uuid default null
) returns table (
  at timestamptz, kind text, environment_id uuid, seen_subject text, seen_conversation text, capability_id uuid,
  action_id uuid, intent_id uuid, experiment_id uuid, variant_id uuid, prompt_version_id uuid, inference_id uuid,
  outcome_id uuid, metric_id uuid, value double precision, change_id uuid, summary text, detail jsonb
)
language sql stable
set search_path = ''
begin atomic
  select t.at, t.kind, t.environment_id, t.subject, t.conversation, t.capability_id, t.action_id, t.intent_id,
    t.experiment_id, t.variant_id, t.prompt_version_id, t.inference_id, t.outcome_id, t.metric_id, t.value, t.change_id,
    t.summary, t.detail
  from private.trace_of(conversation, subject, key_type, key_value, workspace_id) t;
end;

comment on function public.trace_of(text, text, text, text, uuid) is
E'Everything that touched a conversation, a subject, or whoever a business key (key_type and key_value) stands for: one row each, in order.\nkind is exposure (drawn into an arm), inference (with its version, and in detail the deployment that was live), outcome (detail.counted_in says in which experiments it counts, and why not in others), or change (what the ledger has between the first and the last of them where they happened). Exactly one of conversation, subject and key is given. Whom nobody has seen has no rows.';

create or replace function public.outcome_of(
  conversation text default null, subject text default null, key_type text default null, key_value text default null,
  workspace_id uuid default null
) returns table (
  outcome_id uuid, environment_id uuid, metric_id uuid, metric_key text, value double precision, occurred_at timestamptz,
  received_at timestamptz, source text, placed_subject text, placed_conversation text, placed_by text, counted_in jsonb
)
language sql stable
set search_path = ''
begin atomic
  select o.outcome_id, o.environment_id, o.metric_id, o.metric_key, o.value, o.occurred_at, o.received_at, o.source,
    o.placed_subject, o.placed_conversation, o.placed_by, o.counted_in
  from private.outcome_of(conversation, subject, key_type, key_value, workspace_id) o;
end;

comment on function public.outcome_of(text, text, text, text, uuid) is
E'The outcomes of a conversation, a subject, or whoever a business key stands for, in order: whose each is, by what it was placed (subject, conversation, inference or key), and where it counts.\ncounted_in is a list of {experiment_id, experiment, variant, is_counted, reason_code}: the customer''s experiments that count the metric; reason_code is before_first_exposure, after_window, bot or switcher. It follows the compactor by a second. Exactly one of conversation, subject and key is given.';

create or replace function public.touch_credits(
  metric text, from_day date, to_day date, touch_model text default 'linear', by text default 'action',
  lookback interval default '7 days', half_life interval default '1 day', environment text default null,
  capability text default null, action text default null, intent text default null, model text default null,
  workspace_id uuid default null
) returns table (
  thing_id uuid, thing text, touches bigint, outcomes numeric, credit numeric, share double precision, method text,
  grade text, assumption text
)
language sql stable
set search_path = ''
begin atomic
  select t.thing_id, t.thing, t.touches, t.outcomes, t.credit, t.share, touch_model, 'C',
    case when t.thing_id is null then 'Nothing that was asked about came before these outcomes.'
      else 'Credit, not cause: it was there before the outcome, and has its share by rule. Nothing says that the outcome would not have come without it.' end
  from private.touch_credits(metric, from_day, to_day, touch_model, by, lookback, half_life, environment, capability, action,
    intent, model, workspace_id) t;
end;

comment on function public.touch_credits(
  text, date, date, text, text, interval, interval, text, text, text, text, text, uuid
) is E'One row per thing that customers met before an outcome: a metric''s values of some UTC days (the last excluded), shared out over what each customer touched in the lookback before.\nby is action, intent, version or change (the deployment that made the version live); a conversation touches a thing once. touch_model is first, last, linear, time_decay (by half_life) or position_based (40, 20, 40). credit adds up to the sum of all values to the last digit, outcomes to their number; outcomes that nothing came before are the row without a thing. Filters choose the touches: outcomes without one of those are in that row too; environment chooses both. At most 20,000 outcomes. Grade C: who was there, not who did it.';
