-- Which entries of the ledger could have moved an outcome, where, and which others compete with them.
create or replace function private.changed_fields(was uuid, becomes uuid) returns text[]
language sql stable
set search_path = ''
return (
  select array_agg(d.value ->> 'field' order by d.value ->> 'field')
  from jsonb_array_elements(private.preview_diff(was, becomes)) d
);

comment on function private.changed_fields(uuid, uuid) is
'The fields in which two versions differ: messages, model, params.temperature; null when either is none.';

create or replace function private.evidence_for(change public.changes)
returns table (experiment_id uuid, variant_id uuid, sign integer)
language sql stable
set search_path = ''
as $$
  select (change).experiment_id, null::uuid, 1 where (change).kind ~ '^(experiment|ramp|variant)_'
  union all
  select r.experiment_id, r.variant_id, r.sign
  from private.randomised_evidence(
    row((change).workspace_id, (change).environment_id, (change).capability_id, (change).action_id,
      (change).intent_id)::private.scope,
    ((change).detail ->> 'previous_version_id')::uuid, ((change).detail ->> 'version_id')::uuid) r
  where (change).kind ~ '^deployment_'
$$;

comment on function private.evidence_for(public.changes) is
'Where chance has judged a change: its own experiment, or the latest one between the two versions of a deployment.';

create or replace function private.mark_of(change public.changes) returns private.change_marks
language sql stable
set search_path = ''
as $$
  select (
    (change).id, (change).workspace_id, (change).environment_id, (change).capability_id, (change).intent_id,
    case when (change).kind = 'provider_model_changed' then (change).detail ->> 'provider' end,
    case when (change).kind = 'provider_model_changed' then (change).detail ->> 'requested_model' end,
    (change).occurred_at, (change).kind ~ '^deployment_' or (change).kind = 'provider_model_changed',
    coalesce((change).experiment_id, (
      select r.experiment_id from public.ramps r
      where r.workspace_id = (change).workspace_id and r.deployment_id = (change).deployment_id limit 1), (change).id),
    case when (change).kind ~ '^deployment_' then private.changed_fields(
      ((change).detail ->> 'previous_version_id')::uuid, ((change).detail ->> 'version_id')::uuid) end,
    null, null, null, null, e.experiment_id, e.variant_id, e.sign, private.now())::private.change_marks
  from (values (1)) as here
  left join private.evidence_for(change) e on true
$$;

comment on function private.mark_of(public.changes) is 'A change as the estimates see it.';

create or replace view private.unmarked_changes with (security_invoker = true) as
select c.* from public.changes c
where c.kind not in ('annotation', 'import') and not exists (select from private.change_marks m where m.change_id = c.id);

comment on view private.unmarked_changes is 'One row per entry of the ledger that has not been marked yet.';

create or replace function private.mark_changes() returns void
language plpgsql
set search_path = ''
as $$
declare
  fresh private.change_marks[] := array(
    select private.mark_of(c) from public.changes c join private.unmarked_changes u on u.id = c.id);
begin
  insert into private.change_marks select (f).* from unnest(fresh) f;
  -- A new entry is a rival of those around it.
  update private.change_marks m set refresh_at = private.now()
  from unnest(fresh) f
  where m.workspace_id = f.workspace_id and m.occurred_at between f.occurred_at - interval '70 days'
    and f.occurred_at + interval '70 days';
end
$$;

comment on function private.mark_changes() is 'Marks the entries that are new, and has those around them looked at again.';

create or replace function private.overlaps(a private.change_marks, b private.change_marks) returns boolean
language sql immutable parallel safe
set search_path = ''
return (a).workspace_id = (b).workspace_id
  and coalesce((a).environment_id = (b).environment_id, true)
  and coalesce((a).capability_id = (b).capability_id, true)
  and coalesce((a).intent_id = (b).intent_id, true);

comment on function private.overlaps(private.change_marks, private.change_marks) is
'True when two changes reach the same customers. Actions are no border: one step''s change moves the outcome of all.';

create type private.change_span as (
  first_at timestamptz, last_at timestamptz, previous_at timestamptz, next_at timestamptz, joint_with uuid[]
);

comment on type private.change_span is 'A change and those within a week of it: from when to when, what came before and after, and which they are.';

create or replace function private.span_of_change(mark private.change_marks) returns private.change_span
language sql stable
set search_path = ''
as $$
  with rivals as (
    select r.change_id, r.occurred_at
    from private.change_marks r
    where r.workspace_id = (mark).workspace_id and (r.story <> (mark).story or r.change_id = (mark).change_id)
      and private.overlaps(r, mark)
      and not exists (select from public.changes n where n.workspace_id = r.workspace_id and n.supersedes_id = r.change_id)
  ),
  gaps as (
    select r.*, r.occurred_at - lag(r.occurred_at) over earlier >= interval '7 days' as is_first
    from rivals r window earlier as (order by r.occurred_at, r.change_id)
  ),
  islands as (
    select g.*, count(*) filter (where g.is_first) over (order by g.occurred_at, g.change_id) as island from gaps g
  ),
  ours as (select i.island from islands i where i.change_id = (mark).change_id)
  select (
    min(i.occurred_at) filter (where i.island = o.island), max(i.occurred_at) filter (where i.island = o.island),
    max(i.occurred_at) filter (where i.island < o.island), min(i.occurred_at) filter (where i.island > o.island),
    coalesce(array_agg(i.change_id order by i.occurred_at, i.change_id)
      filter (where i.island = o.island and i.change_id <> (mark).change_id), '{}'))::private.change_span
  from islands i cross join ours o
$$;

comment on function private.span_of_change(private.change_marks) is
E'Changes that reach the same customers and stand less than a week apart cannot be told apart by days: they are one span.\nMoves of the same ramp or experiment do not compete with one another.';
