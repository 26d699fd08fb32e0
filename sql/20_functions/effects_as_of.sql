-- The answer from raw rows alone, as of any moment: what the moments must be equal to, and what can run elsewhere.
create or replace function private.raw_ledger(
  experiment_id uuid, metric_id uuid, as_of timestamptz, mature_only boolean, keeps_switchers boolean
) returns jsonb
language sql stable
set search_path = ''
as $$
  with asked as (
    select e.*, private.microseconds(coalesce(as_of, 'infinity')) as until, mature_only::integer as mature, keeps_switchers::integer as keeps
    from public.experiments e where e.id = raw_ledger.experiment_id
  ),
  marks as (
    select count(*) filter (where k.mark in ('bot', 'switcher', 'immature')) as excluded,
      count(*) filter (where k.mark = 'before') as before, count(*) filter (where k.mark = 'after') as after,
      count(*) filter (where k.mark = 'used') as used, count(*) as placed
    from asked a cross join private.core_marks(a.id, a.until, a.mature, a.keeps) k
    where k.metric_id = raw_ledger.metric_id
  ),
  landed as (
    select count(*) as n from asked a
    join private.core_metrics m on m.experiment_id = a.id and m.metric_id = raw_ledger.metric_id
    join private.core_events v on v.environment_id = m.environment_id and v.unit_kind = m.unit_kind and v.event_kind = m.event_kind
    where v.received_us <= a.until
  ),
  refused as (
    select coalesce(sum(r.outcomes) filter (where r.reason = 'duplicate'), 0) as duplicate,
      coalesce(sum(r.outcomes) filter (where r.reason = 'invalid_value'), 0) as invalid
    from asked a
    join private.refused_outcomes r on r.workspace_id = a.workspace_id and r.environment_id = a.environment_id
    where r.metric_id = raw_ledger.metric_id and private.microseconds(r.received_at) <= a.until
  )
  select jsonb_build_object('outcomes_raw', l.n + r.duplicate + r.invalid, 'outcomes_duplicate', r.duplicate,
    'outcomes_invalid_value', r.invalid, 'outcomes_orphan', l.n - k.placed, 'outcomes_excluded_subject', k.excluded,
    'outcomes_before_exposure', k.before, 'outcomes_after_window', k.after, 'outcomes_used', k.used)
  from marks k cross join landed l cross join refused r
$$;

comment on function private.raw_ledger(uuid, uuid, timestamptz, boolean, boolean) is
'What became of each outcome of a metric, as of a moment: each counted once.';

create or replace function private.raw_subjects(
  experiment_id uuid, metric_id uuid, as_of timestamptz, mature_only boolean, keeps_switchers boolean
) returns jsonb
language sql stable
set search_path = ''
as $$
  with asked as (
    select e.*, private.microseconds(coalesce(as_of, 'infinity')) as until, (
      select m.window_us from private.core_metrics m
      where m.experiment_id = e.id and m.metric_id = raw_subjects.metric_id and m.slot = 'y') as window_us
    from public.experiments e where e.id = raw_subjects.experiment_id
  ),
  units as (
    select u.*, v.key, u.standing = 'bot' as is_bot, u.standing = 'switcher' as is_switcher,
      mature_only and u.entered_us + a.window_us > a.until as is_immature
    from asked a cross join private.core_units(a.id, a.until, 0) u join public.variants v on v.id = u.variant_id
  ),
  arms as (
    select jsonb_object_agg(c.key, c.n) as analysed from (
      select u.key, count(*) as n from units u
      where not u.is_bot and not u.is_immature and (keeps_switchers or not u.is_switcher) group by u.key) c
  ),
  seen as (
    select count(*) as n from asked a
    join private.core_exposures x on x.experiment_id = a.id where x.is_entry = 1 and x.exposed_us <= a.until
  ),
  repeats as (
    select coalesce(sum((c.entry ->> 'rows')::bigint), 0) as n from asked a
    join public.ingest_batches b on b.workspace_id = a.workspace_id and b.verb = 'record_exposures'
    cross join lateral jsonb_array_elements(b.counts) c (entry)
    where c.entry ->> 'code' = 'duplicate' and c.entry ->> 'experiment_id' = a.id::text
      and private.microseconds(b.received_at) <= a.until
  )
  select jsonb_build_object('exposures_raw', s.n + r.n, 'exposures', s.n, 'subjects_exposed', count(u.*),
      'subjects_bot', count(*) filter (where u.is_bot), 'subjects_multi_variant', count(*) filter (where u.is_switcher),
      'subjects_immature', count(*) filter (
        where u.is_immature and not u.is_bot and (keeps_switchers or not u.is_switcher)),
      'subjects_analysed', coalesce((select a.analysed from arms a), '{}'))
  from seen s cross join repeats r left join units u on true
  group by s.n, r.n
$$;

comment on function private.raw_subjects(uuid, uuid, timestamptz, boolean, boolean) is
'Exposures and subjects as of a moment: how many, how many of them are bots, were seen in several arms, are too young, and how many each arm keeps.';

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
    from private.effects_of_cells(raw_effects.experiment_id, cells, false, null) f);
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
  experiment public.experiments;
  keeps boolean;
  mature constant boolean := coalesce(effects_as_of.mature_only, false);
begin
  select e.* into experiment from public.experiments e where e.id = effects_as_of.experiment_id;
  perform private.authorise_row(experiment.workspace_id, workspace_id, 'workspace.read', 'unknown_experiment',
    jsonb_build_object('experiment_id', effects_as_of.experiment_id));
  perform private.require_environment(experiment.environment_id);
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
        || s.subjects || private.raw_ledger(experiment.id, m.id, as_of, mature, keeps) order by m.key)
      from public.experiment_metrics em
      join public.outcome_metrics m on m.id = em.metric_id
      cross join lateral (select private.raw_subjects(experiment.id, m.id, as_of, mature, keeps) as subjects) s
      where em.experiment_id = experiment.id), '[]'));
end
$$;

comment on function private.effects_as_of(uuid, timestamptz, boolean, text, uuid) is
E'Ledger and effects of an experiment from its raw rows, as of a moment.\nDefiner: reads subjects and outcomes for a caller whom it has asked for workspace.read once.';
