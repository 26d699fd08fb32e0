-- Results move with every call of the product: their hints are thinned, and take the shortest road.
create table private.hint_clock (
  experiment_id uuid primary key,
  workspace_id uuid not null
    constraint hint_clock_workspace_id_fkey references public.workspaces (id) on delete cascade,
  sent_at timestamptz not null,
  constraint hint_clock_experiment_id_fkey foreign key (workspace_id, experiment_id)
    references public.experiments (workspace_id, id) on delete cascade
);

create index hint_clock_workspace_id on private.hint_clock (workspace_id, experiment_id);

comment on table private.hint_clock is 'When an experiment''s last hint of new subjects was sent: at most one a second.';
comment on column private.hint_clock.experiment_id is 'The experiment.';
comment on column private.hint_clock.workspace_id is 'The workspace.';
comment on column private.hint_clock.sent_at is 'When.';

alter table private.hint_clock enable row level security;

create or replace function private.hint_subjects(workspace_id uuid, experiment_id uuid) returns void
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
begin
  -- Only the caller who moves the clock sends: a busy experiment costs everyone else one index read.
  if not exists (
    select from private.hint_clock c
    where c.experiment_id = experiment_id and c.sent_at > clock_timestamp() - interval '1 second'
  ) then
    insert into private.hint_clock as c (experiment_id, workspace_id, sent_at)
    values (experiment_id, workspace_id, clock_timestamp())
    on conflict on constraint hint_clock_pkey do update set sent_at = excluded.sent_at
      where c.sent_at < excluded.sent_at - interval '1 second';
    if found then
      perform private.note_hint('experiment:' || experiment_id, 'results', array[experiment_id]);
    end if;
  end if;
end
$$;

comment on function private.hint_subjects(uuid, uuid) is
E'Tells an experiment''s channel of new subjects, at most once a second.\nDefiner: as tg_hint.';

create or replace function private.tg_outcomes__hint() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform private.note_hint('experiment:' || e.id, 'results', array[e.id])
  from public.experiments e
  where e.state in ('active', 'paused') and exists (
    select from fresh o
    join public.experiment_metrics m on m.metric_id = o.metric_id and m.experiment_id = e.id
    where o.workspace_id = e.workspace_id and o.environment_id = e.environment_id);
  return null;
end
$$;

comment on function private.tg_outcomes__hint() is
E'One hint per experiment that counts any of the new outcomes.\nDefiner: as tg_hint.';

create or replace trigger _900_hint after insert on public.outcomes
  referencing new table as fresh for each statement execute function private.tg_outcomes__hint();

create or replace function private.tg_subjects__hint() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform private.hint_subjects(x.workspace_id, x.experiment_id)
  from (
    -- In one order, so that two batches never wait for each other.
    select distinct f.workspace_id, f.experiment_id from fresh f where f.experiment_id is not null
    order by f.workspace_id, f.experiment_id
  ) as x;
  return null;
end
$$;

comment on function private.tg_subjects__hint() is
E'A hint per experiment that got new subjects or inferences, at most once a second.\nDefiner: as tg_hint.';

create or replace trigger _900_hint after insert on public.assignments
  referencing new table as fresh for each statement execute function private.tg_subjects__hint();
create or replace trigger _900_hint after insert on public.exposures
  referencing new table as fresh for each statement execute function private.tg_subjects__hint();
create or replace trigger _900_hint after insert on public.inferences
  referencing new table as fresh for each statement execute function private.tg_subjects__hint();
