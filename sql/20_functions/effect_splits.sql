-- Was the split fair: the arms' counts against what their weights promised, phase by phase.
create type private.split as (
  subjects bigint, bots bigint, switchers bigint, chi2 double precision, df integer, p_value double precision,
  srm_status text, anytime_p_value double precision, anytime_status text, first_day date, last_day date
);

comment on type private.split is 'How the units of an experiment are split over its arms, and whether that is what the weights promised.';

create or replace function private.phase_splits(experiment_id uuid)
returns table (fixed stats.sample_ratio, anytime stats.anytime_ratio, n double precision, bots numeric, switchers numeric)
language plpgsql stable rows 4
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  keeps constant boolean := (select e.switchers = 'first_arm' from public.experiments e where e.id = phase_splits.experiment_id);
begin
  return query
  with arms as (
    select a.phase_id, a.variant_id, a.weight::double precision as weight,
      coalesce(sum(u.units) filter (where u.standing = 'counted' or keeps and u.standing = 'switcher'), 0)::double precision as n,
      coalesce(sum(u.units) filter (where u.standing = 'bot'), 0) as bots,
      coalesce(sum(u.units) filter (where u.standing = 'switcher'), 0) as switchers
    from public.experiment_phase_arms a
    left join private.kept_units(phase_splits.experiment_id, array['all'], null, null) u
      on u.phase_id = a.phase_id and u.variant_id = a.variant_id
    where a.experiment_id = phase_splits.experiment_id
    group by a.phase_id, a.variant_id, a.weight
  )
  select stats.srm(array_agg(a.n order by a.variant_id), array_agg(a.weight order by a.variant_id)),
    stats.srm_anytime(array_agg(a.n order by a.variant_id), array_agg(a.weight order by a.variant_id)),
    sum(a.n), sum(a.bots), sum(a.switchers)
  from arms a
  group by a.phase_id;
end
$$;

comment on function private.phase_splits(uuid) is 'Each phase of an experiment: its arms'' counts against what their weights promised, at one look and at any time.';

create or replace function private.split_of(experiment_id uuid) returns private.split
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  answer private.split;
begin
  select coalesce(sum(p.n), 0), coalesce(sum(p.bots), 0), coalesce(sum(p.switchers), 0),
    sum((p.fixed).statistic) filter (where (p.fixed).reason_code is null),
    sum((p.fixed).degrees_of_freedom) filter (where (p.fixed).reason_code is null),
    stats.exp_or_zero(- greatest(sum((p.anytime).log_bayes_factor) filter (where p.n > 0), case when sum(p.n) > 0 then 0 end)),
    case when bool_or((p.fixed).reason_code = 'unexpected_arm') then 'mismatch' end
  into answer.subjects, answer.bots, answer.switchers, answer.chi2, answer.df, answer.anytime_p_value, answer.srm_status
  from private.phase_splits(experiment_id) p;
  answer.p_value := stats.chi2_sf(answer.chi2, answer.df);
  answer.anytime_status := case when answer.srm_status = 'mismatch' or answer.anytime_p_value < 0.001 then 'mismatch'
    when answer.subjects = 0 then 'not_enough_data' else 'ok' end;
  answer.srm_status := case when answer.srm_status = 'mismatch' or answer.p_value < 0.001 then 'mismatch'
    when answer.p_value is null then 'not_enough_data' else 'ok' end;
  select min(c.entry_day), max(c.entry_day) into answer.first_day, answer.last_day
  from private.unit_cells c
  where c.experiment_id = split_of.experiment_id and c.dimension = 'all' and c.entry_day < 'infinity';
  return answer;
end
$$;

comment on function private.split_of(uuid) is
E'Pearson''s chi-square, summed over phases with its degrees of freedom, and the any-time test, their evidence multiplied.\nA phase in which an arm expects under five units is not judged by chi-square. Units in an arm without a weight are a mismatch.';
