-- Passes over the units of experiments, some thousand a tick, so that no tick takes long however large an experiment is.
create or replace function private.moments_signature(experiment_id uuid) returns text
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
begin
  return encode(sha256(convert_to(concat_ws(' ',
    (select c.rules_hash from private.counted_experiments c where c.experiment_id = moments_signature.experiment_id),
    (select string_agg(c.units::text, ',' order by c.phase_id, c.variant_id, c.standing) from private.unit_cells c
      where c.experiment_id = moments_signature.experiment_id and c.dimension = 'all' and c.entry_day = 'infinity'),
    (select string_agg((m.outcomes_used, m.outcomes_after, m.y, m.d, m.yy)::text, ',' order by m.metric_id, m.phase_id, m.variant_id, m.standing)
      from private.effect_moments m
      where m.experiment_id = moments_signature.experiment_id and m.dimension = 'all' and m.entry_day = 'infinity')), 'UTF8')), 'hex');
end
$$;

comment on function private.moments_signature(uuid) is 'Another one whenever the numbers of an experiment, or its rules, have moved.';

create or replace function private.make_passes_due() returns void
language plpgsql
set search_path = ''
as $$
declare
  seen constant bigint := (select w.lo from private.step_watermark w);
  upto constant bigint := (select w.lo from private.watermark w);
begin
  insert into private.step_passes (experiment_id, workspace_id)
  select e.id, e.workspace_id from public.experiments e
  where e.started_at is not null and not exists (select from private.step_passes p where p.experiment_id = e.id)
    and exists (select from public.actions a where a.workspace_id = e.workspace_id and a.capability_id = e.capability_id);
  if upto > seen then
    update private.step_passes p set is_due = true
    from public.experiments e
    join (select distinct i.environment_id, i.capability_id from public.inferences i where i.tx >= seen and i.tx < upto) c
      on c.environment_id = e.environment_id and c.capability_id = e.capability_id
    where p.experiment_id = e.id and not p.is_due;
    update private.step_watermark w set lo = upto where w.one;
  end if;
  update private.step_passes p set is_due = true
  where not p.is_due and p.signature is distinct from private.moments_signature(p.experiment_id);
end
$$;

comment on function private.make_passes_due() is 'Notes the experiments whose calls the compactor has come to since the last look, or whose moments have moved.';

create or replace function private.next_pass() returns private.step_passes
language plpgsql stable
set search_path = ''
as $$
declare
  pass private.step_passes;
begin
  -- In turns: a large experiment does not keep small ones waiting.
  select p.* into pass from private.step_passes p
  join public.experiments e on e.id = p.experiment_id
  where p.reached is not null or p.is_due
  order by p.touched_at nulls first limit 1;
  return pass;
end
$$;

comment on function private.next_pass() is 'The experiment whose units are to be passed over now; null when all is told.';

create or replace function private.begin_pass(experiment_id uuid) returns void
language plpgsql
set search_path = ''
as $$
begin
  delete from private.step_tallies t where t.experiment_id = begin_pass.experiment_id and not t.is_told;
  update private.step_passes p set is_due = false, signature = private.moments_signature(p.experiment_id), reached = '',
    began_as_of = (select w.covers_until from private.watermark w)
  where p.experiment_id = begin_pass.experiment_id;
end
$$;

comment on function private.begin_pass(uuid) is 'Begins a pass: what comes later is for the next one.';

create or replace function private.end_pass(experiment_id uuid) returns void
language plpgsql
set search_path = ''
as $$
begin
  delete from private.step_tallies t where t.experiment_id = end_pass.experiment_id and t.is_told;
  update private.step_tallies t set is_told = true where t.experiment_id = end_pass.experiment_id;
  update private.step_passes p set reached = null, told_as_of = p.began_as_of, touched_at = clock_timestamp()
  where p.experiment_id = end_pass.experiment_id;
end
$$;

comment on function private.end_pass(uuid) is 'What the pass has seen is told from now on.';

create or replace function private.go_on(pass private.step_passes, size integer) returns void
language plpgsql
set search_path = ''
as $$
declare
  experiment public.experiments;
  last_unit text;
begin
  if pass.reached is null then
    perform private.begin_pass(pass.experiment_id);
  end if;
  select max(x.unit_id) into last_unit from (
    select u.unit_id from private.experiment_units u
    where u.experiment_id = pass.experiment_id and u.unit_id > coalesce(pass.reached, '') order by u.unit_id limit size) x;
  if last_unit is null then
    perform private.end_pass(pass.experiment_id);
    return;
  end if;
  select e.* into experiment from public.experiments e where e.id = pass.experiment_id;
  perform private.add_steps(experiment, coalesce(pass.reached, ''), last_unit);
  update private.step_passes p set reached = last_unit, touched_at = clock_timestamp() where p.experiment_id = pass.experiment_id;
end
$$;

comment on function private.go_on(private.step_passes, integer) is 'Some units more of a pass: begins it, or ends it when there are none left.';

create or replace function private.count_steps() returns boolean
language plpgsql
set search_path = ''
as $$
declare
  began constant timestamptz := clock_timestamp();
  pass private.step_passes;
  has_moved boolean := false;
begin
  perform private.make_passes_due();
  while clock_timestamp() < began + interval '0.2 seconds' loop
    pass := private.next_pass();
    exit when pass.experiment_id is null;
    has_moved := true;
    perform private.go_on(pass, 2000);
  end loop;
  return has_moved;
end
$$;

comment on function private.count_steps() is
'A fifth of a second of passes over the units of experiments whose numbers or calls have moved; whether there was anything to do.';
