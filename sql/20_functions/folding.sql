-- Sums are numeric, of the shortest decimal that is the double: exact, whatever the order. Where a query makes that decimal,
-- or tells where an event stands to a unit's first exposure, it says so in line: a function would be called for every event.
create or replace function private.exact(value double precision) returns numeric
language sql immutable parallel safe
set search_path = ''
set extra_float_digits = 1
return case when value = trunc(value) and abs(value) < 1e15 then value::bigint::numeric else value::text::numeric end;

comment on function private.exact(double precision) is 'A double as the shortest decimal that it is.';

create or replace function private.span_of(
  at timestamptz, entered_at timestamptz, counts_until timestamptz, attribution_window interval
) returns text
language sql stable parallel safe
set search_path = ''
return case
  when at < entered_at - attribution_window then 'before'
  when at < entered_at then 'covariate'
  when at < entered_at + attribution_window and at < counts_until then 'used'
  else 'after'
end;

comment on function private.span_of(timestamptz, timestamptz, timestamptz, interval) is
E'Where an event stands to a unit''s first exposure: used, after, covariate (in the window before), before.\nWindows are half open.';

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
