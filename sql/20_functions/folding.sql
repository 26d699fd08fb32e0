-- The arithmetic of a unit's value. Sums are numeric, of the shortest decimal that is the double: exact, whatever the order.
create or replace function private.exact(value double precision) returns numeric
language sql immutable parallel safe
set search_path = ''
return case when value = trunc(value) and abs(value) < 1e15 then value::bigint::numeric else value::text::numeric end;

comment on function private.exact(double precision) is 'A double as the shortest decimal that it is.';

create or replace function private.folded(fold text, events bigint, total numeric, top double precision)
returns double precision
language sql immutable parallel safe
set search_path = ''
-- Trimmed, so that a quotient does not remember how many decimals have come and gone.
return case
  when events = 0 then 0
  when fold = 'max' then top
  when fold = 'mean' then (trim_scale(total) / events)::double precision
  else total::double precision
end;

comment on function private.folded(text, bigint, numeric, double precision) is
'One number of a unit''s events: their sum, mean or maximum; zero where there are none.';

create or replace function private.span_of(
  at timestamptz, entered_at timestamptz, counts_until timestamptz, attribution_window interval
) returns text
language sql stable parallel safe
set search_path = ''
return case
  when at >= entered_at then
    case when at < entered_at + attribution_window and at < counts_until then 'used' else 'after' end
  when at >= entered_at - attribution_window then 'covariate'
  else 'before'
end;

comment on function private.span_of(timestamptz, timestamptz, timestamptz, interval) is
E'Where an event stands to a unit''s first exposure: used, after, covariate (in the window before), before.\nWindows are half open.';

create type private.tally as (
  experiment_id uuid, metric_id uuid, unit_id text, is_ratio boolean, fold text,
  used bigint, covariate bigint, before bigint, after bigint,
  y_sum numeric, y_top double precision, d_sum numeric, x_sum numeric, x_top double precision, w_sum numeric
);

comment on type private.tally is 'Events of a unit that one metric of an experiment counts, added up by where they stand.';

create or replace function private.value_of(workspace_id uuid, t private.tally) returns private.unit_values
language sql immutable parallel safe
set search_path = ''
return (
  workspace_id, t.experiment_id, t.metric_id, t.unit_id, t.used, t.covariate + t.before, t.after, t.covariate,
  case when t.fold <> 'max' then coalesce(t.y_sum, 0) end, case when t.is_ratio then coalesce(t.d_sum, 0) end,
  case when t.fold <> 'max' then coalesce(t.x_sum, 0) end, case when t.is_ratio then coalesce(t.w_sum, 0) end,
  private.folded(t.fold, t.used, coalesce(t.y_sum, 0), t.y_top),
  case when t.is_ratio then coalesce(t.d_sum, 0) else least(t.used, 1) end::double precision,
  private.folded(t.fold, t.covariate, coalesce(t.x_sum, 0), t.x_top),
  case when t.is_ratio then coalesce(t.w_sum, 0) else least(t.covariate, 1) end::double precision
)::private.unit_values;

comment on function private.value_of(uuid, private.tally) is 'What a unit is worth to a metric, from what it counts.';

create type private.moment_cell as (
  workspace_id uuid, experiment_id uuid, metric_id uuid, phase_id uuid, variant_id uuid, standing text, intent_id uuid,
  segments jsonb, entry_day date, units_with_value bigint, outcomes_used bigint, outcomes_before bigint,
  outcomes_after bigint, y numeric, d numeric, x numeric, w numeric, yy numeric, yd numeric, yx numeric, yw numeric, dd numeric, dx numeric, dw numeric, xx numeric, xw numeric, ww numeric
);

comment on type private.moment_cell is 'Sums over units that nothing tells apart: same arm, cohort and segments.';

create type private.unit_cell as (
  workspace_id uuid, experiment_id uuid, phase_id uuid, variant_id uuid, standing text, intent_id uuid, segments jsonb,
  entry_day date, units bigint
);

comment on type private.unit_cell is 'How many units nothing tells apart.';
