create or replace view private.batch_notes with (security_invoker = true) as
select b.workspace_id, b.environment_id, b.verb, c.entry ->> 'code' as code, (c.entry ->> 'metric_id')::uuid as metric_id,
  (c.entry ->> 'experiment_id')::uuid as experiment_id, (c.entry ->> 'rows')::bigint as rows, b.received_at
from public.ingest_batches b
cross join lateral jsonb_array_elements(b.counts) as c (entry);

comment on view private.batch_notes is 'One row per batch × code × metric × experiment: what kept rows of it from landing, or was odd about them.';

create or replace view private.refused_outcomes with (security_invoker = true) as
select n.workspace_id, n.environment_id, n.metric_id, n.received_at,
  case n.code when 'duplicate' then 'duplicate' else 'invalid_value' end as reason, n.rows as outcomes, n.code
from private.batch_notes n
where n.verb = 'record_outcomes' and n.code <> 'clock_ahead' and n.metric_id is not null;

comment on view private.refused_outcomes is 'One row per batch of outcomes × metric × what kept rows of it from landing: known already, or not a value.';

create or replace view private.outcome_tally with (security_invoker = true) as
select e.id as experiment_id, m.metric_id, r.position, r.reason, r.outcomes, r.codes, r.position <= 9 as is_part
from public.experiments e
join public.experiment_metrics m on m.experiment_id = e.id
cross join lateral (
  select coalesce(sum(o.outcomes_used) filter (where o.is_in), 0) as used, coalesce(sum(o.outcomes_before) filter (where o.is_in), 0) as before,
    coalesce(sum(o.outcomes_after) filter (where o.is_in), 0) as after, coalesce(sum(o.seen) filter (where o.standing = 'bot'), 0) as bot,
    coalesce(sum(o.seen) filter (where o.standing = 'switcher' and not o.is_in), 0) as switcher, coalesce(sum(o.seen), 0) as placed
  from (
    select k.*, k.outcomes_used + k.outcomes_before + k.outcomes_after as seen,
      k.standing = 'counted' or k.standing = 'switcher' and e.switchers = 'first_arm' as is_in
    from private.effect_moments k
    where k.experiment_id = e.id and k.metric_id = m.metric_id and k.dimension = 'all' and k.entry_day = 'infinity') as o
) as kept
left join lateral private.landed_outcomes(e.id) l on l.metric_id = m.metric_id
cross join lateral (
  select coalesce(sum(x.n) filter (where x.code = 'duplicate'), 0) as duplicate,
    coalesce(sum(x.n) filter (where x.code not in ('duplicate', 'clock_ahead')), 0) as invalid,
    coalesce(sum(x.n) filter (where x.code = 'clock_ahead'), 0) as ahead,
    jsonb_object_agg(x.code, x.n) filter (where x.code not in ('duplicate', 'clock_ahead')) as codes
  from (
    select n.code, sum(n.rows) as n from private.batch_notes n
    where n.verb = 'record_outcomes' and n.workspace_id = e.workspace_id and n.environment_id = e.environment_id
      and n.metric_id = m.metric_id and n.received_at >= e.started_at
    group by n.code) as x
) as refused
cross join lateral (values
  (1, 'duplicate', refused.duplicate, null::jsonb), (2, 'invalid_value', refused.invalid, refused.codes),
  (3, 'unmatched', l.unmatched, null), (4, 'not_exposed', l.landed - l.unmatched - kept.placed, null),
  (5, 'bot', kept.bot, null), (6, 'switcher', kept.switcher, null), (7, 'before_exposure', kept.before, null),
  (8, 'after_window', kept.after, null), (9, 'used', kept.used, null), (10, 'clock_ahead', refused.ahead, null)
) as r (position, reason, outcomes, codes);

comment on view private.outcome_tally is 'One row per experiment × metric × reason.';

create or replace view private.batch_tally with (security_invoker = true) as
select e.id as experiment_id, null::uuid as metric_id, 11 + 2 * (v.what <> 'exposure')::integer + (r.reason = 'refused')::integer as position,
  r.reason || '_' || v.what as reason, r.rows as outcomes, r.codes, false as is_part
from public.experiments e
cross join (values ('record_exposures', 'exposure'), ('record_inferences', 'call')) as v (verb, what)
cross join lateral (
  select k.reason, coalesce(sum(n.rows), 0) as rows, jsonb_object_agg(n.code, n.rows) filter (where n.code <> 'duplicate') as codes
  from (values ('duplicate'), ('refused')) as k (reason)
  left join (
    select n.code, sum(n.rows) as rows from private.batch_notes n
    where n.verb = v.verb and n.workspace_id = e.workspace_id and n.environment_id = e.environment_id and n.code <> 'clock_ahead'
      and (v.what = 'call' or n.experiment_id = e.id) and n.received_at >= e.started_at
    group by n.code) as n on (n.code = 'duplicate') = (k.reason = 'duplicate')
  group by k.reason) as r;

comment on view private.batch_tally is 'One row per experiment × what became of exposures and calls that did not land.';

create or replace view public.experiment_exclusions with (security_invoker = true) as
select e.workspace_id, e.id as experiment_id, e.key as experiment_key, e.environment_id, l.environment_key, e.capability_id,
  l.capability_key, f.metric_id, m.key as metric_key, f.position, f.reason, f.outcomes::bigint as outcomes, f.is_part, f.codes
from (select o.* from private.outcome_tally o union all select b.* from private.batch_tally b) f
join public.experiments e on e.id = f.experiment_id
join private.experiment_labels l on l.experiment_id = e.id
left join public.outcome_metrics m on m.id = f.metric_id;

comment on view public.experiment_exclusions is E'One row per experiment × metric × reason: what became of the outcomes, each counted once, in the order of position; then what else was odd.\nWhere is_part is true, the rows of a metric add up to all of its outcomes; used ones make the effect. unmatched ones wait for whoever they belong to, by key, conversation or call; not_exposed ones are of somebody whom the experiment never met (null beyond a million outcomes: effects_as_of counts them). Duplicates and refused values are those of the metric in the environment since the experiment started, codes says what was wrong. clock_ahead outcomes happened more than five minutes after they came and are among the others; rows without a metric count exposures and calls.';
comment on column public.experiment_exclusions.workspace_id is 'The workspace.';
comment on column public.experiment_exclusions.experiment_id is 'The experiment.';
comment on column public.experiment_exclusions.experiment_key is 'Its key.';
comment on column public.experiment_exclusions.environment_id is 'Where it runs.';
comment on column public.experiment_exclusions.environment_key is 'The key of that environment.';
comment on column public.experiment_exclusions.capability_id is 'The capability that it changes.';
comment on column public.experiment_exclusions.capability_key is 'The key of that capability.';
comment on column public.experiment_exclusions.metric_id is 'The outcome metric; null for exposures and calls.';
comment on column public.experiment_exclusions.metric_key is 'Its key.';
comment on column public.experiment_exclusions.position is 'Where the reason stands in the order: each outcome has the first that applies.';
comment on column public.experiment_exclusions.reason is 'duplicate, invalid_value, unmatched, not_exposed, bot, switcher, before_exposure, after_window, used; clock_ahead; duplicate_exposure, refused_exposure, duplicate_call, refused_call.';
comment on column public.experiment_exclusions.outcomes is 'How many; null where it is not known.';
comment on column public.experiment_exclusions.is_part is 'True for reasons that share the outcomes out among them, false for what is said beside.';
comment on column public.experiment_exclusions.codes is 'Of what was refused: error code to rows.';
