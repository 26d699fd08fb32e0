-- The answer from raw rows alone, as of any moment: what the moments must be equal to, and what can run elsewhere.
create or replace function private.raw_refused(experiment_id uuid, as_of timestamptz)
returns table (metric_id uuid, duplicate numeric, invalid numeric)
language sql stable
set search_path = ''
as $$
  select r.metric_id, sum(r.outcomes) filter (where r.reason = 'duplicate'), sum(r.outcomes) filter (where r.reason = 'invalid_value')
  from public.experiments e
  join private.refused_outcomes r on r.workspace_id = e.workspace_id and r.environment_id = e.environment_id
  where e.id = raw_refused.experiment_id and r.received_at <= coalesce(as_of, 'infinity')
  group by r.metric_id
$$;

comment on function private.raw_refused(uuid, timestamptz) is 'Outcomes that were not taken, in an experiment''s environment, as of a moment.';

create or replace function private.raw_ledgers(
  experiment_id uuid, as_of timestamptz, mature_only boolean, keeps_switchers boolean
) returns table (metric_id uuid, ledger jsonb)
language sql stable
set search_path = ''
set enable_nestloop = off
set work_mem = '128MB'
as $$
  with asked as (
    select e.*, private.microseconds(coalesce(as_of, 'infinity')) as until, mature_only::integer as mature, keeps_switchers::integer as keeps
    from public.experiments e where e.id = raw_ledgers.experiment_id
  ),
  marks as (
    select k.metric_id, count(*) filter (where k.mark in ('bot', 'switcher', 'immature')) as excluded,
      count(*) filter (where k.mark = 'before') as before, count(*) filter (where k.mark = 'after') as after,
      count(*) filter (where k.mark = 'used') as used, count(*) as placed
    from asked a cross join private.core_marks(a.id, a.until, a.mature, a.keeps) k
    group by k.metric_id
  ),
  landed as (
    select m.metric_id, count(*) as n from asked a
    join private.core_metrics m on m.experiment_id = a.id
    join private.core_events v on v.environment_id = m.environment_id and v.unit_kind = m.unit_kind and v.event_kind = m.event_kind
    where v.received_us <= a.until
    group by m.metric_id
  )
  select em.metric_id, jsonb_build_object('outcomes_raw', n.landed + n.duplicate + n.invalid, 'outcomes_duplicate', n.duplicate,
    'outcomes_invalid_value', n.invalid, 'outcomes_orphan', n.landed - coalesce(k.placed, 0), 'outcomes_excluded_subject', coalesce(k.excluded, 0),
    'outcomes_before_exposure', coalesce(k.before, 0), 'outcomes_after_window', coalesce(k.after, 0), 'outcomes_used', coalesce(k.used, 0))
  from public.experiment_metrics em
  left join marks k on k.metric_id = em.metric_id
  left join landed l on l.metric_id = em.metric_id
  left join private.raw_refused(raw_ledgers.experiment_id, as_of) r on r.metric_id = em.metric_id
  cross join lateral (
    select coalesce(l.n, 0) as landed, coalesce(r.duplicate, 0) as duplicate, coalesce(r.invalid, 0) as invalid) n
  where em.experiment_id = raw_ledgers.experiment_id
$$;

comment on function private.raw_ledgers(uuid, timestamptz, boolean, boolean) is
'What became of each outcome of an experiment''s metrics, as of a moment: each counted once.';

create or replace function private.raw_exposures(experiment_id uuid, as_of timestamptz) returns table (seen bigint, repeated bigint)
language sql stable rows 1
set search_path = ''
as $$
  select (select count(*) from private.unit_exposures x where x.experiment_id = e.id and x.exposed_at <= coalesce(as_of, 'infinity')), (
    select coalesce(sum((c.entry ->> 'rows')::bigint), 0)::bigint
    from public.ingest_batches b
    cross join lateral jsonb_array_elements(b.counts) c (entry)
    where b.workspace_id = e.workspace_id and b.verb = 'record_exposures' and b.received_at <= coalesce(as_of, 'infinity')
      and c.entry ->> 'code' = 'duplicate' and c.entry ->> 'experiment_id' = e.id::text)
  from public.experiments e where e.id = raw_exposures.experiment_id
$$;

comment on function private.raw_exposures(uuid, timestamptz) is 'Exposures to an experiment as of a moment, and how many of them were sent again.';

create or replace function private.raw_subjects(
  experiment_id uuid, as_of timestamptz, mature_only boolean, keeps_switchers boolean
) returns table (metric_id uuid, subjects jsonb)
language sql stable
set search_path = ''
as $$
  with asked as (
    select e.id, e.workspace_id, private.microseconds(coalesce(as_of, 'infinity')) as until
    from public.experiments e where e.id = raw_subjects.experiment_id
  ),
  units as materialized (
    select u.variant_id, u.standing = 'bot' as is_bot, u.standing = 'switcher' as is_switcher, u.entered_us
    from asked a cross join private.core_units(a.id, a.until, 0) u
  ),
  counts as (
    select m.metric_id, u.variant_id, count(*) as n, count(*) filter (where u.is_bot) as bots, count(*) filter (where u.is_switcher) as switchers,
      count(*) filter (where i.is_immature and c.is_in) as immature, count(*) filter (where not i.is_immature and c.is_in) as analysed
    from asked a
    join private.core_metrics m on m.experiment_id = a.id and m.slot = 'y'
    cross join units u
    cross join lateral (select mature_only and u.entered_us + m.window_us > a.until as is_immature) i
    cross join lateral (select not u.is_bot and (keeps_switchers or not u.is_switcher) as is_in) c
    group by m.metric_id, u.variant_id
  )
  select em.metric_id, jsonb_build_object('exposures_raw', x.seen + x.repeated, 'exposures', x.seen, 'subjects_exposed', coalesce(sum(c.n), 0),
    'subjects_bot', coalesce(sum(c.bots), 0), 'subjects_multi_variant', coalesce(sum(c.switchers), 0),
    'subjects_immature', coalesce(sum(c.immature), 0),
    'subjects_analysed', coalesce(jsonb_object_agg(v.key, c.analysed) filter (where c.analysed > 0), '{}'))
  from public.experiment_metrics em
  cross join private.raw_exposures(raw_subjects.experiment_id, as_of) x
  left join counts c on c.metric_id = em.metric_id
  left join public.variants v on v.id = c.variant_id
  where em.experiment_id = raw_subjects.experiment_id
  group by em.metric_id, x.seen, x.repeated
$$;

comment on function private.raw_subjects(uuid, timestamptz, boolean, boolean) is
'Exposures and subjects as of a moment, for each metric: how many, how many of them are bots, were seen in several arms, are too young, and how many each arm keeps.';

create or replace function private.raw_split(experiment_id uuid, subjects jsonb) returns jsonb
language sql stable
set search_path = ''
as $$
  select to_jsonb(stats.srm(
    array_agg(coalesce((subjects -> 'subjects_analysed' ->> v.key)::double precision, 0) order by v.key),
    array_agg(a.weight::double precision order by v.key)))
  from public.experiment_phase_arms a
  join public.variants v on v.id = a.variant_id
  where a.experiment_id = raw_split.experiment_id
  having count(distinct a.phase_id) = 1
$$;

comment on function private.raw_split(uuid, jsonb) is
'The split of the analysed subjects against the weights; null where weights changed over phases.';

create or replace function private.raw_effects(
  experiment_id uuid, as_of timestamptz, mature_only boolean, keeps_switchers boolean
) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  cells constant private.effect_cell[] := array(
    select c from private.raw_cells(raw_effects.experiment_id, as_of, mature_only, keeps_switchers) c);
begin
  return (
    select coalesce(jsonb_agg(
      to_jsonb(f.about) || to_jsonb(f.numbers) || jsonb_build_object(
        'adjusted_p_value', f.adjusted_p_value, 'correction', f.correction, 'reason_code', f.reason_code,
        'control', to_jsonb(f.control), 'variant', to_jsonb(f.variant))
      order by (f.about).metric_key, (f.about).variant_key), '[]')
    from private.effects_of_cells(raw_effects.experiment_id, cells, array(
      select q from private.raw_quantiles(raw_effects.experiment_id, as_of, mature_only, keeps_switchers) q), false, false, null) f);
end
$$;

comment on function private.raw_effects(uuid, timestamptz, boolean, boolean) is 'The effects of an experiment from its raw rows, as of a moment.';

create or replace function private.effects_as_of(
  experiment_id uuid, as_of timestamptz, mature_only boolean, switchers text, workspace_id uuid
) returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
  experiment constant public.experiments := private.permitted_experiment(experiment_id, 'workspace.read', workspace_id);
  keeps boolean;
  mature constant boolean := coalesce(effects_as_of.mature_only, false);
begin
  if switchers not in ('exclude', 'first_arm') then
    perform private.fail('bad_argument', '{"argument": "switchers", "expected": "exclude or first_arm"}');
  elsif mature and as_of is null then
    as_of := private.now();
  end if;
  keeps := coalesce(switchers, experiment.switchers) = 'first_arm';
  return jsonb_build_object('experiment_id', experiment.id, 'as_of', as_of, 'mature_only', mature,
    'switchers', case when keeps then 'first_arm' else 'exclude' end,
    'effects', private.raw_effects(experiment.id, as_of, mature, keeps),
    'ledgers', coalesce((
      select jsonb_agg(jsonb_build_object('metric_id', m.id, 'metric_key', m.key, 'srm', private.raw_split(experiment.id, s.subjects))
        || s.subjects || l.ledger order by m.key)
      from private.raw_subjects(experiment.id, as_of, mature, keeps) s
      join private.raw_ledgers(experiment.id, as_of, mature, keeps) l on l.metric_id = s.metric_id
      join public.outcome_metrics m on m.id = s.metric_id), '[]'));
end
$$;

comment on function private.effects_as_of(uuid, timestamptz, boolean, text, uuid) is
E'Ledger and effects of an experiment from its raw rows, as of a moment.\nDefiner: reads subjects and outcomes for a caller whom it has asked for workspace.read once.';
