-- Quantile metrics. Every call or outcome inside the window is a row, in clusters by unit; where per_subject says how several
-- become one, a unit is a row. Exact, from all rows, hence computed beside the results and kept until the numbers move.
create or replace function private.quantile_limit() returns bigint
language sql immutable parallel safe
set search_path = ''
return 500000;

comment on function private.quantile_limit() is 'How many values of an experiment are sorted at most.';

create or replace view private.quantile_metrics with (security_invoker = true) as
select e.workspace_id, e.id as experiment_id, e.environment_id, e.unit, e.switchers, m.id as metric_id, m.quantile, m.source,
  m.per_subject, m.when_absent,
  make_interval(secs => extract(epoch from m.attribution_window)::double precision) as attribution_window
from public.experiments e
join public.experiment_metrics em on em.experiment_id = e.id
join public.outcome_metrics m on m.id = em.metric_id and m.kind = 'quantile'
where e.started_at is not null;

comment on view private.quantile_metrics is 'One row per experiment that has begun × quantile metric.';

create or replace function private.quantile_fingerprint(asked private.quantile_metrics) returns text
language sql stable
set search_path = ''
return md5(to_jsonb(asked)::text
  || coalesce((select string_agg(m::text, ',' order by m.phase_id, m.variant_id, m.standing, m.dimension, m.segment)
    from private.effect_moments m
    where m.experiment_id = (asked).experiment_id and m.metric_id = (asked).metric_id and m.entry_day = 'infinity'), '')
  || coalesce((select string_agg(c::text, ',' order by c.phase_id, c.variant_id, c.standing, c.dimension, c.segment)
    from private.unit_cells c where c.experiment_id = (asked).experiment_id and c.entry_day = 'infinity'), '')
  || (select count(*) from (
    select from private.experiment_units u where u.experiment_id = (asked).experiment_id
      and u.entered_at > private.closed_before((asked).attribution_window) limit 301) o));

comment on function private.quantile_fingerprint(private.quantile_metrics) is 'What tells that a quantile''s values moved: its moments, its units, how many of them have an open window, and its rules.';

create type private.quantile_row as (unit private.experiment_units, value double precision, at timestamptz);

comment on type private.quantile_row is 'A value, whose it is, and when it was; no time where several became one.';

create or replace function private.quantile_rows(asked private.quantile_metrics) returns setof private.quantile_row
language plpgsql stable
set search_path = ''
set enable_seqscan = off
as $$
declare
  before constant bigint := (select w.lo from private.watermark w);
  kind constant text := case asked.unit when 'conversation' then 'conversation' else 'subject' end;
begin
  if asked.per_subject is not null then
    return query
    select u, coalesce(v.y, 0), null::timestamptz from private.experiment_units u
    left join private.unit_values v on v.experiment_id = u.experiment_id and v.unit_id = u.unit_id and v.metric_id = asked.metric_id
    where u.experiment_id = asked.experiment_id and (v.outcomes_used > 0 or asked.when_absent = 'zero');
  elsif asked.source = 'outcomes' then
    return query
    select u, e.value, e.at from private.experiment_units u
    cross join lateral (
      select x.value, x.at from private.unit_events x
      where x.workspace_id = asked.workspace_id and x.unit_kind = kind and x.unit_id = u.unit_id
        and x.environment_id = asked.environment_id and x.metric_id = asked.metric_id and x.tx + 0 < before offset 0) e
    where u.experiment_id = asked.experiment_id
      and e.at >= u.entered_at and e.at < u.entered_at + asked.attribution_window and e.at < u.counts_until;
  else
    return query
    select u, e.value, e.at from private.experiment_units u
    cross join lateral (
      select x.value, x.at from private.call_events x
      where x.workspace_id = asked.workspace_id and x.unit_kind = kind and x.unit_id = u.unit_id
        and x.environment_id = asked.environment_id and x.source = asked.source and x.tx + 0 < before offset 0) e
    where u.experiment_id = asked.experiment_id
      and e.at >= u.entered_at and e.at < u.entered_at + asked.attribution_window and e.at < u.counts_until;
  end if;
end
$$;

comment on function private.quantile_rows(private.quantile_metrics) is 'All values that a quantile metric of an experiment is made of, as far as the compactor has come.';

create or replace function private.quantile_of_rows(values_of double precision[], units text[], quantile double precision) returns stats.readout
language plpgsql immutable
set search_path = ''
as $$
declare
  n constant double precision := (select count(distinct u) from unnest(units) u);
  -- A row a unit is no cluster.
  said constant stats.readout := stats.quantile_readout(values_of, quantile, case when n < cardinality(units) then units end);
begin
  return stats.readout_of(n, said.value, said.variance);
end
$$;

comment on function private.quantile_of_rows(double precision[], text[], double precision) is
'An arm''s quantile; its degrees of freedom are those of its units, not of its rows.';

create or replace function private.quantile_arms(asked private.quantile_metrics) returns setof private.quantile_readouts
language plpgsql stable
set search_path = ''
set work_mem = '64MB'
as $$
begin
  return query
  with arms as materialized (
    select a.*, case when a.cut_by is not null then k.counts_until end as counts_until
    from private.kept_arms(asked.experiment_id) a
    left join private.phase_cuts k on k.phase_id = a.phase_id and k.variant_id = a.variant_id
  ),
  closed as (select private.closed_before(asked.attribution_window) as entered)
  select asked.workspace_id, asked.experiment_id, asked.metric_id, g.phase_id, g.variant_id, g.is_treated, g.dimension, g.segment,
    g.is_closed, (q.said).n, (q.said).value, (q.said).variance, (q.said).spread
  from (
    select a.phase_id, a.variant_id, a.is_treated, d.dimension, d.segment, c.is_closed, array_agg(r.value) as values_of,
      array_agg((r.unit).unit_id) as units
    from private.quantile_rows(asked) r
    join arms a on a.phase_id = (r.unit).phase_id and a.arm_id = (r.unit).variant_id and (a.cut_by is null or r.at < a.counts_until)
    cross join lateral private.dimensions_of((r.unit).intent_id, (r.unit).segments) d
    cross join lateral (select false union all select true from closed k where (r.unit).entered_at <= k.entered) c (is_closed)
    where (r.unit).standing = 'counted' or (r.unit).standing = 'switcher' and asked.switchers = 'first_arm'
    group by 1, 2, 3, 4, 5, 6) g
  cross join lateral (select private.quantile_of_rows(g.values_of, g.units, asked.quantile) as said) q;
end
$$;

comment on function private.quantile_arms(private.quantile_metrics) is
'What both arms of each comparison say of a quantile, phase by phase and segment by segment: all units, and those whose window is closed.';

create or replace function private.stale_quantile() returns private.quantile_metrics
language sql stable
set search_path = ''
as $$
  select q.* from private.quantile_metrics q
  left join private.quantile_results r on r.experiment_id = q.experiment_id and r.metric_id = q.metric_id
  -- What takes long is done less often: a twentieth of the time at most.
  where r.fingerprint is null or (r.took < interval '500 milliseconds' or r.computed_at + 20 * r.took < clock_timestamp())
    and r.fingerprint <> private.quantile_fingerprint(q)
  order by r.computed_at nulls first
  limit 1
$$;

comment on function private.stale_quantile() is 'A quantile whose numbers moved since it was computed.';

create or replace function private.quantile_values(asked private.quantile_metrics) returns bigint
language sql stable
set search_path = ''
return (
  select case when (asked).per_subject is null then coalesce((select sum(m.outcomes_used) from private.effect_moments m
      where m.experiment_id = (asked).experiment_id and m.metric_id = (asked).metric_id and m.dimension = 'all' and m.entry_day = 'infinity'), 0)
    else coalesce((select sum(c.units) from private.unit_cells c
      where c.experiment_id = (asked).experiment_id and c.dimension = 'all' and c.entry_day = 'infinity'), 0) end);

comment on function private.quantile_values(private.quantile_metrics) is 'How many values a quantile is made of, at most.';

create or replace function private.compute_quantile(asked private.quantile_metrics) returns void
language plpgsql
set search_path = ''
as $$
declare
  began constant timestamptz := clock_timestamp();
  is_large constant boolean := private.quantile_values(asked) > private.quantile_limit();
  print text;
  arms private.quantile_readouts[] := '{}'::private.quantile_readouts[];
begin
  -- One statement, one snapshot.
  select private.quantile_fingerprint(asked), case when not is_large then array(select a from private.quantile_arms(asked) a) end
  into print, arms;
  delete from private.quantile_readouts r where r.experiment_id = asked.experiment_id and r.metric_id = asked.metric_id;
  insert into private.quantile_readouts select a.* from unnest(arms) a;
  insert into private.quantile_results as r values (asked.workspace_id, asked.experiment_id, asked.metric_id, print,
    case when is_large then 'too_large' end, clock_timestamp() - began, clock_timestamp())
  on conflict on constraint quantile_results_pkey do update set fingerprint = excluded.fingerprint,
    reason_code = excluded.reason_code, took = excluded.took, computed_at = excluded.computed_at;
end
$$;

comment on function private.compute_quantile(private.quantile_metrics) is 'Computes a quantile of an experiment and keeps it.';

create or replace function private.compute_a_quantile() returns boolean
language plpgsql
set search_path = ''
as $$
declare
  stale private.quantile_metrics := private.stale_quantile();
begin
  if stale.metric_id is not null then
    perform private.compute_quantile(stale);
  end if;
  return stale.metric_id is not null;
end
$$;

comment on function private.compute_a_quantile() is 'Computes one quantile whose numbers moved; whether there was one.';
