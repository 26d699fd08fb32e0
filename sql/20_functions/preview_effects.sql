-- What a move would do to outcomes, as far as the database knows: a finished or running experiment between the two
-- versions (A), else the subjects who got the one or the other (C). What cannot be computed is null, with its reason.
create or replace function private.is_over(experiment_id uuid, action_id uuid, intent_id uuid) returns boolean
language sql stable
set search_path = ''
return (
    not exists (select from public.experiment_actions s where s.experiment_id = is_over.experiment_id)
    or is_over.action_id in (select s.action_id from public.experiment_actions s where s.experiment_id = is_over.experiment_id) is true)
  and (
    not exists (select from public.experiment_intents s where s.experiment_id = is_over.experiment_id)
    or is_over.intent_id in (select s.intent_id from public.experiment_intents s where s.experiment_id = is_over.experiment_id) is true);

comment on function private.is_over(uuid, uuid, uuid) is
'True when an experiment ran over a whole scope: an action and an intent, null being all of them.';

create or replace function private.randomised_evidence(scope private.scope, live uuid, after uuid)
returns table (experiment_id uuid, variant_id uuid, sign integer)
language sql stable rows 1
set search_path = ''
as $$
  select e.id, v.id, case x.control when randomised_evidence.live then 1 else -1 end
  from public.experiments e
  join public.variants v on v.experiment_id = e.id and not v.is_control
  join public.variants c on c.experiment_id = e.id and c.is_control
  cross join lateral (select
    private.version_of(c.id, (scope).action_id) as control, private.version_of(v.id, (scope).action_id) as treated) x
  where e.workspace_id = (scope).workspace_id and e.environment_id = (scope).environment_id
    and e.capability_id = (scope).capability_id and e.started_at is not null
    and (x.control, x.treated) in (
      (randomised_evidence.live, randomised_evidence.after), (randomised_evidence.after, randomised_evidence.live))
    and private.is_over(e.id, (scope).action_id, (scope).intent_id)
  order by e.started_at desc
  limit 1
$$;

comment on function private.randomised_evidence(private.scope, uuid, uuid) is
'The latest experiment over the whole scope that compared the two versions; the sign turns variant minus control into after minus live.';

create or replace function private.version_moments(scope private.scope, live uuid, after uuid) returns table (
  metric_id uuid, is_after boolean, exposed bigint, n double precision, mean double precision, variance double precision
)
language sql stable rows 20
set search_path = ''
-- As moments_of: without statistics, joins by nested loops are quadratic in subjects.
set enable_nestloop = off
as $$
  with seen as (
    select i.prompt_version_id as version_id, i.subject, min(i.started_at) as first_at
    from public.inferences i
    where i.workspace_id = (scope).workspace_id and i.environment_id = (scope).environment_id
      and i.capability_id = (scope).capability_id
      and ((scope).action_id is null or i.action_id = (scope).action_id)
      and ((scope).intent_id is null or i.intent_id = (scope).intent_id)
      and i.experiment_id is null
      and i.prompt_version_id in (version_moments.live, version_moments.after)
      and i.received_at > least(private.now(), pg_catalog.now()) - interval '28 days'
    group by i.prompt_version_id, i.subject
  ),
  exposed as (
    select s.version_id, s.subject, s.first_at,
      lead(s.first_at, 1, private.now()) over (partition by s.subject order by s.first_at) as until_at
    from seen s
  ),
  subjects as (
    select m.id as metric_id, x.version_id, x.subject, x.first_at, m.when_absent, private.fold_of(m) as fold,
      x.first_at + make_interval(secs => extract(epoch from m.attribution_window)::double precision) as ends_at,
      x.until_at
    from exposed x cross join public.outcome_metrics m
    where m.workspace_id = (scope).workspace_id
  ),
  folded as (
    select s.metric_id, s.version_id, s.subject, s.ends_at <= s.until_at as is_whole,
      coalesce(case s.fold when 'max' then max(o.value) when 'sum' then sum(o.value) else avg(o.value) end,
        case s.when_absent when 'zero' then 0 end) as value
    from subjects s
    left join private.unit_outcomes o
      on o.workspace_id = (scope).workspace_id and o.environment_id = (scope).environment_id
      and o.metric_id = s.metric_id and o.unit_kind = 'subject' and o.unit_id = s.subject
      and o.occurred_at >= s.first_at and o.occurred_at < s.ends_at
    group by s.metric_id, s.version_id, s.subject, s.ends_at, s.until_at, s.fold, s.when_absent
  )
  select f.metric_id, f.version_id = version_moments.after, count(*),
    count(f.value) filter (where f.is_whole)::double precision, avg(f.value) filter (where f.is_whole),
    case when min(f.value) filter (where f.is_whole) = max(f.value) filter (where f.is_whole) then 0
      else var_samp(f.value) filter (where f.is_whole) end
  from folded f
  group by f.metric_id, f.version_id
$$;

comment on function private.version_moments(private.scope, uuid, uuid) is
E'Per metric and version: subjects who got it outside of experiments in the last 28 days, and their values.\nOnly whole attribution windows count: one that is still open, or in which the subject got the other version, would make the later version look worse.';

create or replace function private.before_after(scope private.scope, live uuid, after uuid) returns table (
  metric_id uuid, difference double precision, ci_low double precision, ci_high double precision,
  mean_live double precision, mean_after double precision, n_live bigint, n_after bigint, reason_code text
)
language sql stable rows 10
set search_path = ''
as $$
  with moments as materialized (select v.* from private.version_moments(scope, live, after) v)
  select m.id, case when w.std_error is not null then w.difference end, w.ci_low, w.ci_high, a.mean, b.mean,
    coalesce(a.n, 0)::bigint, coalesce(b.n, 0)::bigint,
    case
      when m.kind not in ('proportion', 'mean', 'count', 'duration') then 'kind_not_supported'
      when a.exposed is null or b.exposed is null then 'no_subjects'
      when a.n = 0 and b.n = 0 then 'windows_open'
      when least(a.n, b.n) < 2 then 'too_few_subjects'
      when w.std_error = 0 then 'zero_variance'
    end
  from public.outcome_metrics m
  left join moments a on a.metric_id = m.id and not a.is_after
  left join moments b on b.metric_id = m.id and b.is_after
  cross join lateral stats.contrast(
    stats.readout_of(a.n, case when m.kind in ('proportion', 'mean', 'count', 'duration') then a.mean end, a.variance / nullif(a.n, 0)),
    stats.readout_of(b.n, b.mean, b.variance / nullif(b.n, 0))) as w
  where m.workspace_id = (scope).workspace_id
$$;

comment on function private.before_after(private.scope, uuid, uuid) is
'After minus live for each metric, from subjects who got the one or the other: grade C, because everything else may have changed between them.';

create or replace function private.preview_effects(scope private.scope, live uuid, after uuid) returns jsonb
language sql stable
set search_path = ''
as $$
  with randomised as (
    select f.metric_id, r.experiment_id, f.difference * r.sign as difference,
      case r.sign when 1 then f.ci_low else - f.ci_high end as ci_low,
      case r.sign when 1 then f.ci_high else - f.ci_low end as ci_high,
      case r.sign when 1 then f.mean_control else f.mean_variant end as mean_live,
      case r.sign when 1 then f.mean_variant else f.mean_control end as mean_after,
      case r.sign when 1 then f.n_control else f.n_variant end as n_live,
      case r.sign when 1 then f.n_variant else f.n_control end as n_after
    from private.randomised_evidence(scope, live, after) r
    join public.experiment_effects f on f.experiment_id = r.experiment_id and f.variant_id = r.variant_id
    where f.reason_code is null
  ),
  chosen as (
    select m.*, r.metric_id is not null as is_randomised, r.experiment_id,
      case when r.metric_id is null then c.reason_code end as reason_code,
      coalesce(r.mean_live, c.mean_live) as mean_live, coalesce(r.mean_after, c.mean_after) as mean_after,
      coalesce(r.n_live, c.n_live) as n_live, coalesce(r.n_after, c.n_after) as n_after,
      case when r.metric_id is null then c.difference else r.difference end as difference,
      case when r.metric_id is null then c.ci_low else r.ci_low end as ci_low,
      case when r.metric_id is null then c.ci_high else r.ci_high end as ci_high
    from public.outcome_metrics m
    join private.before_after(scope, live, after) c on c.metric_id = m.id
    left join randomised r on r.metric_id = m.id
    where live is not null
  )
  select coalesce(jsonb_agg(jsonb_build_object(
    'metric', key, 'name', name, 'unit', unit, 'direction', direction,
    'grade', case when is_randomised then 'A' when reason_code is null then 'C' end,
    'method', case when is_randomised then 'welch_t' when reason_code is null then 'before_after_welch_t' end,
    'experiment_id', experiment_id, 'reason_code', reason_code, 'n_live', n_live, 'n_after', n_after,
    'mean_live', mean_live, 'mean_after', mean_after,
    'difference', case when reason_code is null then difference end,
    'ci_low', ci_low, 'ci_high', ci_high,
    'verdict', case when reason_code is not null or ci_low is null then null
      when ci_low <= 0 and ci_high >= 0 then 'undecided'
      when (difference > 0) = (direction = 'increase') then 'better' else 'worse' end) order by key), '[]')
  from chosen
$$;

comment on function private.preview_effects(private.scope, uuid, uuid) is
E'One entry a metric: after minus live, with its grade of evidence.\nA from an experiment between exactly these versions; else C, before and after; else null with a reason_code: no_subjects, windows_open, too_few_subjects, zero_variance, kind_not_supported.';
