-- The compactor's own oracle: what is kept against what the raw rows say, to the last digit.
create or replace function private.differing_places(tenant uuid, before bigint)
returns table (what text, kept jsonb, expected jsonb)
language sql stable
set search_path = ''
as $$
  select 'outcome_places', to_jsonb(k), to_jsonb(x)
  from (select p.* from private.outcome_places p where p.workspace_id = tenant) k
  full join private.resolved_outcomes(before, tenant) x on x.outcome_id = k.outcome_id
  where k is distinct from x
$$;

comment on function private.differing_places(uuid, bigint) is 'Outcomes of a workspace that are not where the raw rows put them.';

create or replace function private.differing_units(experiment_id uuid, before bigint)
returns table (what text, kept jsonb, expected jsonb)
language sql stable
set search_path = ''
as $$
  select 'experiment_units', to_jsonb(k), null::jsonb from (
    select t.* from private.experiment_units t where t.experiment_id = differing_units.experiment_id
    except all select x.* from private.expected_units(experiment_id, before) x) k
  union all
  select 'experiment_units', null::jsonb, to_jsonb(m) from (
    select x.* from private.expected_units(experiment_id, before) x
    except all select t.* from private.experiment_units t where t.experiment_id = differing_units.experiment_id) m
$$;

comment on function private.differing_units(uuid, bigint) is 'Rows of experiment_units that a recomputation has not, or the other way round.';

create or replace function private.differing_cells(experiment_id uuid)
returns table (what text, kept jsonb, expected jsonb)
language sql stable
set search_path = ''
as $$
  select 'unit_cells', to_jsonb(k), null::jsonb from (
    select t.* from private.unit_cells t where t.experiment_id = differing_cells.experiment_id
    except all select x.* from private.expected_cells(experiment_id) x) k
  union all
  select 'unit_cells', null::jsonb, to_jsonb(m) from (
    select x.* from private.expected_cells(experiment_id) x
    except all select t.* from private.unit_cells t where t.experiment_id = differing_cells.experiment_id) m
$$;

comment on function private.differing_cells(uuid) is 'Rows of unit_cells that a recomputation has not, or the other way round.';

create or replace function private.differing_values(experiment_id uuid, before bigint)
returns table (what text, kept jsonb, expected jsonb)
language sql stable
set search_path = ''
as $$
  select 'unit_values', to_jsonb(k), null::jsonb from (
    select t.* from private.unit_values t where t.experiment_id = differing_values.experiment_id
    except all select x.* from private.expected_values(experiment_id, before) x) k
  union all
  select 'unit_values', null::jsonb, to_jsonb(m) from (
    select x.* from private.expected_values(experiment_id, before) x
    except all select t.* from private.unit_values t where t.experiment_id = differing_values.experiment_id) m
$$;

comment on function private.differing_values(uuid, bigint) is 'Rows of unit_values that a recomputation has not, or the other way round.';

create or replace function private.differing_moments(experiment_id uuid)
returns table (what text, kept jsonb, expected jsonb)
language sql stable
set search_path = ''
as $$
  select 'effect_moments', to_jsonb(k), null::jsonb from (
    select t.* from private.effect_moments t where t.experiment_id = differing_moments.experiment_id
    except all select x.* from private.expected_moments(experiment_id) x) k
  union all
  select 'effect_moments', null::jsonb, to_jsonb(m) from (
    select x.* from private.expected_moments(experiment_id) x
    except all select t.* from private.effect_moments t where t.experiment_id = differing_moments.experiment_id) m
$$;

comment on function private.differing_moments(uuid) is 'Rows of effect_moments that a recomputation has not, or the other way round.';

create or replace function private.verify(experiment_id uuid) returns table (what text, kept jsonb, expected jsonb)
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  before bigint;
begin
  -- The compactor stands still meanwhile.
  perform pg_advisory_xact_lock(private.compactor_lock());
  before := (select w.lo from private.watermark w);
  return query
  select d.* from private.differing_places(
    (select e.workspace_id from public.experiments e where e.id = experiment_id), before) d union all
  select d.* from private.differing_units(experiment_id, before) d union all
  select d.* from private.differing_cells(experiment_id) d union all
  select d.* from private.differing_values(experiment_id, before) d union all
  select d.* from private.differing_moments(experiment_id) d;
end
$$;

comment on function private.verify(uuid) is
E'The rows of an experiment that differ from a recomputation out of the raw rows: none, if all is well. Equality is exact.\nDefiner: reads what is closed to callers; the server alone may ask.';
