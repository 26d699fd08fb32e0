-- A message is a hint that something changed, never the thing itself: who gets it reads again.
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

create or replace function private.hint_experiment(experiment_id uuid, kind text) returns void
language sql security definer
set search_path = ''
begin atomic
  select realtime.send(
    jsonb_build_object('kind', kind, 'experiment_id', experiment_id), 'changed', 'experiment:' || experiment_id, true);
end;

comment on function private.hint_experiment(uuid, text) is
E'Tells an experiment''s channel that its results or its state changed.\nDefiner: realtime.send writes with its caller''s rights, and no user may send here.';

create or replace function private.hint_workspace(workspace_id uuid, kind text, ids uuid[]) returns void
language sql security definer
set search_path = ''
begin atomic
  select realtime.send(
    jsonb_build_object('kind', kind, 'ids', ids[1:50]), 'changed', 'workspace:' || workspace_id, true);
end;

comment on function private.hint_workspace(uuid, text, uuid[]) is
E'Tells a workspace''s channel which rows changed; at most fifty ids.\nDefiner: as hint_experiment.';

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
      perform private.hint_experiment(experiment_id, 'results');
    end if;
  end if;
end
$$;

comment on function private.hint_subjects(uuid, uuid) is
E'Tells an experiment''s channel of new subjects, at most once a second.\nDefiner: as hint_experiment.';

create or replace function private.tg_outcomes__hint() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform private.hint_experiment(e.id, 'results')
  from public.experiments e
  where e.state in ('active', 'paused') and exists (
    select from fresh o
    join public.experiment_metrics m on m.metric_id = o.metric_id and m.experiment_id = e.id
    where o.workspace_id = e.workspace_id and o.environment_id = e.environment_id);
  return null;
end
$$;

comment on function private.tg_outcomes__hint() is
E'One hint per experiment that counts any of the new outcomes.\nDefiner: as hint_experiment.';

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
E'A hint per experiment that got new subjects or inferences, at most once a second.\nDefiner: as hint_experiment.';

create or replace trigger _900_hint after insert on public.assignments
  referencing new table as fresh for each statement execute function private.tg_subjects__hint();
create or replace trigger _900_hint after insert on public.inferences
  referencing new table as fresh for each statement execute function private.tg_subjects__hint();

create or replace function private.tg_workspace__hint() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform private.hint_workspace(x.workspace_id, tg_table_name, x.ids)
  from (select f.workspace_id, array_agg(f.id) as ids from fresh f group by f.workspace_id) x;
  return null;
end
$$;

comment on function private.tg_workspace__hint() is
E'One hint per workspace and statement, naming the table and the rows.\nDefiner: as hint_experiment.';

create or replace trigger _900_hint after insert on public.deployments
  referencing new table as fresh for each statement execute function private.tg_workspace__hint();
create or replace trigger _900_hint after insert on public.changes
  referencing new table as fresh for each statement execute function private.tg_workspace__hint();
create or replace trigger _900_hint_insert after insert on public.experiments
  referencing new table as fresh for each statement execute function private.tg_workspace__hint();
create or replace trigger _900_hint_update after update on public.experiments
  referencing new table as fresh for each statement execute function private.tg_workspace__hint();
create or replace trigger _900_hint after insert on public.prompt_versions
  referencing new table as fresh for each statement execute function private.tg_workspace__hint();
create or replace trigger _900_hint_insert after insert on public.runs
  referencing new table as fresh for each statement execute function private.tg_workspace__hint();
create or replace trigger _900_hint_update after update on public.runs
  referencing new table as fresh for each statement execute function private.tg_workspace__hint();

create or replace function private.tg_experiments__hint() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform private.hint_experiment(f.id, 'state') from fresh f;
  return null;
end
$$;

comment on function private.tg_experiments__hint() is
E'A hint per experiment that changed.\nDefiner: as hint_experiment.';

create or replace trigger _910_hint_state after update on public.experiments
  referencing new table as fresh for each statement execute function private.tg_experiments__hint();
