-- What an experiment counts, and how: when that changes, its numbers are computed anew.
create or replace function private.mark_stale(experiments uuid[]) returns void
language plpgsql
set search_path = ''
as $$
begin
  insert into private.stale_experiments (experiment_id)
  select distinct e from unnest(experiments) e where e is not null
  on conflict do nothing;
end
$$;

comment on function private.mark_stale(uuid[]) is
'Has the compactor look at experiments whose rules of counting may have changed.';

create or replace function private.tg_experiment_parts__stale() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform private.mark_stale(array(select f.experiment_id from fresh f));
  return null;
end
$$;

comment on function private.tg_experiment_parts__stale() is
E'Metrics were added or taken away, or an arm was rolled back.\nDefiner: the list is the compactor''s own.';

create or replace trigger _300_stale_insert after insert on public.experiment_metrics
  referencing new table as fresh for each statement execute function private.tg_experiment_parts__stale();
create or replace trigger _300_stale_delete after delete on public.experiment_metrics
  referencing old table as fresh for each statement execute function private.tg_experiment_parts__stale();
create or replace trigger _300_stale_insert after insert on public.variant_rollbacks
  referencing new table as fresh for each statement execute function private.tg_experiment_parts__stale();

create or replace function private.tg_experiments__stale() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform private.mark_stale(array[new.id]);
  return null;
end
$$;

comment on function private.tg_experiments__stale() is
E'What it is about, or what tells its units apart, was changed.\nDefiner: the list is the compactor''s own.';

create or replace trigger _300_stale after update on public.experiments
  for each row when (
    old.unit is distinct from new.unit or old.environment_id is distinct from new.environment_id
    or old.started_at is distinct from new.started_at or old.segments is distinct from new.segments)
  execute function private.tg_experiments__stale();

create or replace function private.tg_outcome_metrics__stale() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform private.mark_stale(array(
    select m.experiment_id from fresh f
    join public.outcome_metrics o on f.id in (o.id, o.numerator_metric_id, o.denominator_metric_id)
    join public.experiment_metrics m on m.metric_id = o.id
    -- No experiment: the daily tier counts metrics whether or not one looks at them, and hears of it by the tick.
    union all select '00000000-0000-0000-0000-000000000000'));
  return null;
end
$$;

comment on function private.tg_outcome_metrics__stale() is
E'A metric''s definition was changed.\nDefiner: the list is the compactor''s own.';

create or replace trigger _300_stale after update on public.outcome_metrics
  referencing new table as fresh for each statement execute function private.tg_outcome_metrics__stale();
