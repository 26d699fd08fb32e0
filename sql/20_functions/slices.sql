-- A metric and the filters that an analytical screen has, resolved and authorised once; and its days.
create type private.slice as (
  workspace_id uuid, environment_ids uuid[], capability_id uuid, action_id uuid, intent_id uuid, model text,
  metric public.outcome_metrics
);

comment on type private.slice is 'A metric, where it is looked at: environments, and perhaps a capability, an action, an intent, a model.';

create or replace function private.metric_of(workspace_id uuid, key text) returns public.outcome_metrics
language plpgsql stable
set search_path = ''
as $$
declare
  found_one public.outcome_metrics;
begin
  select m.* into found_one from public.outcome_metrics m where m.workspace_id = metric_of.workspace_id and m.key = metric_of.key;
  if found_one.id is null then
    perform private.fail('unknown_metric', jsonb_build_object('metric', key));
  end if;
  return found_one;
end
$$;

comment on function private.metric_of(uuid, text) is 'The metric with a key; raises unknown_metric when the workspace has none.';

create or replace function private.open_slice(
  environment text, capability text, action text, intent text, model text, workspace_id uuid
) returns private.slice
language plpgsql stable
set search_path = ''
as $$
declare
  tenant constant uuid := private.authorise(workspace_id, 'workspace.read');
  scope constant private.scope := private.place(tenant, environment, capability, action, intent);
  opened private.slice;
begin
  opened.workspace_id := tenant;
  opened.environment_ids := array(
    select e.id from public.environments e
    where e.workspace_id = tenant and e.id = coalesce(scope.environment_id, e.id)
      and coalesce(e.id = any (private.key_environments()), true));
  opened.capability_id := scope.capability_id;
  opened.action_id := scope.action_id;
  opened.intent_id := scope.intent_id;
  opened.model := model;
  return opened;
end
$$;

comment on function private.open_slice(text, text, text, text, text, uuid) is
'The filters of a reading verb as ids, for a caller who may read the workspace; an API key sees its environments alone.';

create or replace function private.slice_days(slice private.slice, from_day date, to_day date)
returns table (day date, capability_id uuid, intent_id uuid, provider text, requested_model text, y numeric, d numeric)
language sql stable
set search_path = ''
as $$
  with cells as (
    select c.day, c.capability_id, c.intent_id, c.provider, c.requested_model, c.action_id, c.model, c.y,
      -- As private.counts_absent says, in line: a function per cell would cost more than the rest.
      case when ((slice).metric).when_absent = 'zero' and ((slice).metric).kind <> 'ratio' then 0 else c.d end as d
    from private.daily_cells c
    where c.workspace_id = (slice).workspace_id and c.environment_id = any ((slice).environment_ids)
      and c.metric_id = ((slice).metric).id and c.day >= from_day and c.day < to_day
    union all
    select c.day, c.capability_id, c.intent_id, c.provider, c.requested_model, c.action_id, c.model, 0, c.n
    from private.daily_cells c
    where c.workspace_id = (slice).workspace_id and c.environment_id = any ((slice).environment_ids)
      and c.metric_id is null and c.day >= from_day and c.day < to_day
      and ((slice).metric).when_absent = 'zero' and ((slice).metric).kind <> 'ratio'
  )
  select c.day, c.capability_id, c.intent_id, c.provider, c.requested_model, sum(c.y), sum(c.d)
  from cells c
  where coalesce(c.capability_id = (slice).capability_id, true)
    and ((slice).action_id is null or c.action_id = (slice).action_id)
    and ((slice).intent_id is null or c.intent_id = (slice).intent_id)
    and coalesce(c.model = (slice).model, true)
  group by c.day, c.capability_id, c.intent_id, c.provider, c.requested_model
$$;

comment on function private.slice_days(private.slice, date, date) is
'A slice''s metric day by day, by capability, intent and model, the last day excluded: the sum of values, and what they are divided by.';

create or replace function private.closed_until(slice private.slice) returns date
language sql stable
set search_path = ''
return private.utc_day(private.now() - private.seconds_of(((slice).metric).attribution_window));

comment on function private.closed_until(private.slice) is 'The first day whose attribution windows are not all closed yet.';
