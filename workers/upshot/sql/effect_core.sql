-- The core of effects_as_of: from raw events to moments. Each body is one query in the subset of SQL that means the same
-- in Postgres, DuckDB, ClickHouse and Spark: no lateral, no percentile, no json, no outer join, no division of integers,
-- a cast in each branch of a union. To run it elsewhere, each function becomes a CTE of its name.
create or replace function private.core_units(experiment_id uuid, as_of_us bigint, keeps_switchers integer)
returns table (unit_id text, phase_id uuid, variant_id uuid, entered_us bigint, counts_until_us bigint, standing text)
language sql stable rows 100000
set search_path = ''
set enable_nestloop = off
set work_mem = '128MB'
as $$
  with seen as (
    select x.unit_id, x.phase_id, x.variant_id, x.exposed_us, x.exposure_key, x.is_bot, x.is_entry
    from private.core_exposures x
    where x.experiment_id = core_units.experiment_id and x.exposed_us <= core_units.as_of_us
  ),
  entries as (
    select s.unit_id, s.phase_id, s.variant_id, s.exposed_us,
      row_number() over (partition by s.unit_id order by s.exposed_us, s.exposure_key) as place
    from seen s
    where s.is_entry = 1
  ),
  known as (
    select s.unit_id, max(s.is_bot) as bot, count(distinct s.variant_id) as arms
    from seen s
    group by s.unit_id
  )
  select e.unit_id, e.phase_id, e.variant_id, e.exposed_us, a.counts_until_us,
    case when k.bot = 1 then 'bot' when k.arms > 1 and core_units.keeps_switchers = 0 then 'switcher' else 'counted' end
  from entries e
  join known k on k.unit_id = e.unit_id
  join private.core_arms a on a.phase_id = e.phase_id and a.variant_id = e.variant_id
  where e.place = 1
$$;

comment on function private.core_units(uuid, bigint, integer) is
'One row per unit as of a moment: where its first exposure put it, and whether it is counted, a bot, or a switcher.';

create or replace function private.core_marks(
  experiment_id uuid, as_of_us bigint, mature_only integer, keeps_switchers integer
) returns table (
  metric_id uuid, slot text, unit_id text, phase_id uuid, variant_id uuid, value double precision, occurred_us bigint,
  since_us bigint, window_us bigint, mark text
)
language sql stable rows 1000000
set search_path = ''
set enable_nestloop = off
set enable_mergejoin = off
set work_mem = '128MB'
as $$
  select m.metric_id, m.slot, u.unit_id, u.phase_id, u.variant_id, e.value, e.occurred_us,
    e.occurred_us - u.entered_us, m.window_us,
    case
      when u.standing <> 'counted' then u.standing
      when core_marks.mature_only = 1 and u.entered_us + m.window_us > core_marks.as_of_us then 'immature'
      when e.occurred_us < u.entered_us then 'before'
      when e.occurred_us >= u.entered_us + m.window_us or e.occurred_us >= u.counts_until_us then 'after'
      else 'used'
    end
  from private.core_metrics m
  join private.core_events e
    on e.environment_id = m.environment_id and e.unit_kind = m.unit_kind and e.event_kind = m.event_kind
  join private.core_units(core_marks.experiment_id, core_marks.as_of_us, core_marks.keeps_switchers) u
    on u.unit_id = e.unit_id
  where m.experiment_id = core_marks.experiment_id and e.received_us <= core_marks.as_of_us
$$;

comment on function private.core_marks(uuid, bigint, integer, integer) is
'One row per event of a unit × metric that would count it: where it stands, as of a moment.';

create or replace function private.core_pairs(experiment_id uuid)
returns table (phase_id uuid, variant_id uuid, arm_id uuid, is_treated integer, counts_until_us bigint)
language sql stable rows 4
set search_path = ''
as $$
  select t.phase_id, t.variant_id, a.variant_id, 1 - a.is_control, t.counts_until_us
  from private.core_arms t
  join private.core_arms c on c.phase_id = t.phase_id
  join private.core_arms a on a.phase_id = t.phase_id
  where t.experiment_id = core_pairs.experiment_id and t.is_control = 0 and c.is_control = 1
    and (a.is_control = 1 or a.variant_id = t.variant_id)
$$;

comment on function private.core_pairs(uuid) is
'One row per comparison × phase × its two arms, with the moment until which both count.';

create or replace function private.core_sums(
  experiment_id uuid, as_of_us bigint, mature_only integer, keeps_switchers integer
) returns table (
  metric_id uuid, variant_id uuid, phase_id uuid, is_treated integer, unit_id text, ys bigint, ds bigint, xs bigint,
  y_sum double precision, d_sum double precision, x_sum double precision, w_sum double precision, y_top double precision, x_top double precision
)
language sql stable rows 300000
set search_path = ''
set enable_nestloop = off
set enable_mergejoin = off
set enable_sort = off
set work_mem = '128MB'
as $$
  with metrics as (
    select m.metric_id, m.slot, m.environment_id, m.unit_kind, m.event_kind, m.window_us
    from private.core_metrics m where m.experiment_id = core_sums.experiment_id
  ),
  units as (
    select u.unit_id, u.phase_id, u.variant_id, u.entered_us
    from private.core_units(core_sums.experiment_id, core_sums.as_of_us, core_sums.keeps_switchers) u
    where u.standing = 'counted'
  ),
  parts as (
    select m.metric_id, u.phase_id, u.variant_id as arm_id, u.unit_id, 'unit' as part,
      cast(0 as double precision) as value, cast(0 as bigint) as occurred_us
    from units u
    cross join metrics m
    where m.slot = 'y' and (core_sums.mature_only = 0 or u.entered_us + m.window_us <= core_sums.as_of_us)
    union all
    -- What private.core_marks calls before, after or used, and is no further away than a window.
    select m.metric_id, u.phase_id, u.variant_id, u.unit_id,
      case when e.occurred_us >= u.entered_us then m.slot when m.slot = 'y' then 'x' else 'w' end,
      cast(e.value as double precision), cast(case when e.occurred_us >= u.entered_us then e.occurred_us else 0 end as bigint)
    from metrics m
    join private.core_events e on e.environment_id = m.environment_id and e.unit_kind = m.unit_kind and e.event_kind = m.event_kind
    join units u on u.unit_id = e.unit_id
    where e.received_us <= core_sums.as_of_us and (core_sums.mature_only = 0 or u.entered_us + m.window_us <= core_sums.as_of_us)
      and e.occurred_us - u.entered_us < m.window_us and e.occurred_us - u.entered_us >= - m.window_us
  )
  select p.metric_id, a.variant_id, p.phase_id, a.is_treated, p.unit_id, sum(case when p.part = 'y' then 1 else 0 end),
    sum(case when p.part = 'd' then 1 else 0 end), sum(case when p.part = 'x' then 1 else 0 end),
    sum(case when p.part = 'y' then p.value else cast(0 as double precision) end), sum(case when p.part = 'd' then p.value else cast(0 as double precision) end),
    sum(case when p.part = 'x' then p.value else cast(0 as double precision) end), sum(case when p.part = 'w' then p.value else cast(0 as double precision) end),
    max(case when p.part = 'y' then p.value else cast(-1e300 as double precision) end), max(case when p.part = 'x' then p.value else cast(-1e300 as double precision) end)
  from parts p
  join private.core_pairs(core_sums.experiment_id) a on a.phase_id = p.phase_id and a.arm_id = p.arm_id
  where p.occurred_us < a.counts_until_us
  group by p.metric_id, a.variant_id, p.phase_id, a.is_treated, p.unit_id
$$;

comment on function private.core_sums(uuid, bigint, integer, integer) is
E'One row per comparison × unit that is counted: how many events made y, d and x, their sums, and the largest.\nAs assigned. What happened after the variant was rolled back counts for neither arm.';

create or replace function private.core_values(
  experiment_id uuid, as_of_us bigint, mature_only integer, keeps_switchers integer
) returns table (
  metric_id uuid, variant_id uuid, phase_id uuid, is_treated integer, unit_id text, is_counted integer,
  y double precision, d double precision, x double precision, w double precision
)
language sql stable rows 300000
set search_path = ''
set enable_nestloop = off
set work_mem = '128MB'
as $$
  select t.metric_id, t.variant_id, t.phase_id, t.is_treated, t.unit_id,
    case when m.keeps_absent = 1 or t.ys + t.ds > 0 then 1 else 0 end,
    case
      when t.ys = 0 then cast(0 as double precision)
      when m.fold = 'max' then t.y_top
      when m.fold = 'mean' then t.y_sum / cast(t.ys as double precision)
      else t.y_sum
    end,
    case when m.is_ratio = 1 then t.d_sum when t.ys > 0 then cast(1 as double precision) else cast(0 as double precision) end,
    case
      when t.xs = 0 then cast(0 as double precision)
      when m.fold = 'max' then t.x_top
      when m.fold = 'mean' then t.x_sum / cast(t.xs as double precision)
      else t.x_sum
    end,
    case when m.is_ratio = 1 then t.w_sum when t.xs > 0 then cast(1 as double precision) else cast(0 as double precision) end
  from private.core_sums(core_values.experiment_id, core_values.as_of_us, core_values.mature_only, core_values.keeps_switchers) t
  join private.core_metrics m on m.metric_id = t.metric_id
  where m.experiment_id = core_values.experiment_id and m.slot = 'y'
$$;

comment on function private.core_values(uuid, bigint, integer, integer) is
E'One row per comparison × unit that is counted: its value y, the denominator d of a ratio (else whether it has a value), and the same in the window before its first exposure, x and w.';

create or replace function private.core_cells(
  experiment_id uuid, as_of_us bigint, mature_only integer, keeps_switchers integer
) returns table (
  metric_id uuid, variant_id uuid, phase_id uuid, is_treated integer, units bigint, counted bigint,
  counted_y double precision, counted_d double precision,
  counted_yy double precision, counted_yd double precision, counted_dd double precision,
  mean_y double precision, mean_d double precision, mean_x double precision, mean_w double precision,
  yy double precision, yd double precision, yx double precision, yw double precision, dd double precision,
  dx double precision, dw double precision, xx double precision, xw double precision, ww double precision
)
language sql stable
set search_path = ''
set enable_sort = off
set work_mem = '128MB'
as $$
  select v.metric_id, v.variant_id, v.phase_id, v.is_treated, count(*), count(*) filter (where v.is_counted = 1),
    avg(v.y) filter (where v.is_counted = 1), avg(v.d) filter (where v.is_counted = 1),
    -- Equal values have no variance at all; rounding would leave a little.
    case
      when min(v.y) filter (where v.is_counted = 1) = max(v.y) filter (where v.is_counted = 1)
        and count(*) filter (where v.is_counted = 1) > 1 then cast(0 as double precision)
      else var_samp(v.y) filter (where v.is_counted = 1)
    end,
    covar_samp(v.y, v.d) filter (where v.is_counted = 1), var_samp(v.d) filter (where v.is_counted = 1),
    avg(v.y), avg(v.d), avg(v.x), avg(v.w),
    var_samp(v.y), covar_samp(v.y, v.d), covar_samp(v.y, v.x), covar_samp(v.y, v.w), var_samp(v.d),
    covar_samp(v.d, v.x), covar_samp(v.d, v.w), var_samp(v.x), covar_samp(v.x, v.w), var_samp(v.w)
  from private.core_values(
    core_cells.experiment_id, core_cells.as_of_us, core_cells.mature_only, core_cells.keeps_switchers) v
  group by v.metric_id, v.variant_id, v.phase_id, v.is_treated
$$;

comment on function private.core_cells(uuid, bigint, integer, integer) is
E'One row per comparison × phase × arm: units, means, variances and covariances of their values (n - 1).\ncounted_… is of the units that count alone: without those that have no value, where these are excluded.';
