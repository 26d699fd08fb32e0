-- The two arms of a comparison by a quantile, from what is kept and from raw rows.
create type private.quantile_arm as (
  metric_id uuid, variant_id uuid, phase_id uuid, is_treated boolean, dimension text, segment text, is_closed boolean,
  readout stats.readout
);

comment on type private.quantile_arm is 'What an arm of a comparison says of a quantile in a phase and segment; is_closed: of the units whose window is closed.';

create or replace function private.paired_quantiles(arms private.quantile_arm[]) returns setof private.effect_pair
language sql stable
set search_path = ''
as $$
  with pairs as (
    select t.metric_id, t.variant_id, t.dimension, t.segment, t.is_closed, c.readout as r0, t.readout as r1,
      (c.readout).variance + (t.readout).variance is not null as usable
    from unnest(arms) t
    join unnest(arms) c on c.metric_id = t.metric_id and c.variant_id = t.variant_id and c.phase_id = t.phase_id
      and c.dimension = t.dimension and c.segment = t.segment and c.is_closed = t.is_closed and not c.is_treated
    where t.is_treated
  ),
  grouped as (
    select p.metric_id, p.variant_id, p.dimension, p.segment, p.is_closed, array_agg(p.r0) filter (where p.usable) as r0,
      array_agg(p.r1) filter (where p.usable) as r1, array_agg((p.r0).n + (p.r1).n) filter (where p.usable) as w,
      (array_agg(p.r0))[1] as first0, (array_agg(p.r1))[1] as first1
    from pairs p group by p.metric_id, p.variant_id, p.dimension, p.segment, p.is_closed
  )
  select g.metric_id, g.variant_id, g.dimension, g.segment, g.is_closed,
    case when g.w is null then g.first0 else private.stratified(g.r0, g.w) end,
    case when g.w is null then g.first1 else private.stratified(g.r1, g.w) end,
    null::stats.readout, null::stats.readout
  from grouped g
$$;

comment on function private.paired_quantiles(private.quantile_arm[]) is 'Comparisons by a quantile, their phases put together by their number of units.';

create or replace function private.kept_quantiles(experiment_id uuid, dimensions text[], kinds boolean[])
returns setof private.effect_pair
language plpgsql stable
set search_path = ''
as $$
declare
  arms constant private.quantile_arm[] := array(
    select (q.metric_id, q.variant_id, q.phase_id, q.is_treated, q.dimension, q.segment, q.is_closed,
      row(q.n, q.value, q.variance, q.spread)::stats.readout)::private.quantile_arm
    from private.quantile_readouts q
    where q.experiment_id = kept_quantiles.experiment_id and q.dimension = any (dimensions)
      and q.is_closed = any (kinds));
begin
  if cardinality(arms) > 0 then
    return query select p.* from private.paired_quantiles(arms) p;
  end if;
end
$$;

comment on function private.kept_quantiles(uuid, text[], boolean[]) is
'Comparisons by a quantile, as they were last computed: of all units (kinds has false), of those whose window was closed (true).';

create or replace function private.raw_quantiles(experiment_id uuid, as_of timestamptz, mature_only boolean, keeps_switchers boolean)
returns setof private.effect_pair
language plpgsql stable
set search_path = ''
as $$
begin
  -- Asked first: without one, all events would be read for nothing.
  if not exists (select from private.quantile_metrics q where q.experiment_id = raw_quantiles.experiment_id) then
    return;
  end if;
  return query
  with found as (
    select k.metric_id, a.variant_id, k.phase_id, a.is_treated, k.unit_id, k.value
    from private.core_marks(raw_quantiles.experiment_id, private.microseconds(coalesce(as_of, 'infinity')),
      raw_quantiles.mature_only::integer, raw_quantiles.keeps_switchers::integer) k
    join private.quantile_metrics q on q.experiment_id = raw_quantiles.experiment_id and q.metric_id = k.metric_id and q.per_subject is null
    join private.comparison_arms a on a.phase_id = k.phase_id and a.arm_id = k.variant_id
    join private.core_arms t on t.phase_id = a.phase_id and t.variant_id = a.variant_id
    where k.mark in ('used', 'after') and k.since_us >= 0 and k.since_us < k.window_us and k.occurred_us < t.counts_until_us
    union all
    select v.metric_id, v.variant_id, v.phase_id, v.is_treated = 1, v.unit_id, v.y
    from private.core_values(raw_quantiles.experiment_id, private.microseconds(coalesce(as_of, 'infinity')),
      raw_quantiles.mature_only::integer, raw_quantiles.keeps_switchers::integer) v
    join private.quantile_metrics q on q.experiment_id = raw_quantiles.experiment_id and q.metric_id = v.metric_id and q.per_subject is not null
    where v.is_counted = 1
  )
  select p.* from private.paired_quantiles(array(
    select (f.metric_id, f.variant_id, f.phase_id, f.is_treated, 'all', '', false,
      private.quantile_of_rows(array_agg(f.value), array_agg(f.unit_id), m.quantile))::private.quantile_arm
    from found f join public.outcome_metrics m on m.id = f.metric_id
    group by f.metric_id, f.variant_id, f.phase_id, f.is_treated, m.quantile)) p;
end
$$;

comment on function private.raw_quantiles(uuid, timestamptz, boolean, boolean) is 'Comparisons by a quantile from raw rows, as of a moment.';

create or replace function private.why_no_quantile(experiment_id uuid, metric_id uuid) returns text
language plpgsql stable
set search_path = ''
as $$
begin
  return coalesce((select coalesce(r.reason_code, 'no_subjects') from private.quantile_results r
    where r.experiment_id = why_no_quantile.experiment_id and r.metric_id = why_no_quantile.metric_id), 'not_computed_yet');
end
$$;

comment on function private.why_no_quantile(uuid, uuid) is 'Why a quantile has no numbers: too many values, no subjects, or nobody has computed it yet.';
