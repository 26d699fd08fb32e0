-- Outcomes that no experiment counts: those that nobody is known for yet, and how many there are in all.
create type private.landed_outcomes as (metric_id uuid, unmatched bigint, landed bigint);

comment on type private.landed_outcomes is 'A metric''s outcomes where an experiment runs.';

create or replace function private.landed_outcomes(experiment_id uuid) returns setof private.landed_outcomes
language plpgsql stable security definer rows 5
set search_path = ''
as $$
begin
  perform private.require_experiment(landed_outcomes.experiment_id);
  return query
  select c.metric_id, sum(u.n)::bigint, case when bool_and(l.n <= 1000000) then sum(l.n)::bigint end
  from (
    select distinct m.workspace_id, m.environment_id, m.unit_kind, m.metric_id, m.event_metric_id from private.metric_slots m
    where m.experiment_id = landed_outcomes.experiment_id and m.source = 'outcomes') c
  cross join lateral (
    select count(*) as n from private.outcome_places p
    where p.workspace_id = c.workspace_id and p.environment_id = c.environment_id and p.metric_id = c.event_metric_id
      and p.subject is null and (c.unit_kind = 'subject' or p.conversation is null)) u
  cross join lateral (
    select count(*) as n from (
      select from public.outcomes o
      where o.workspace_id = c.workspace_id and o.metric_id = c.event_metric_id and o.environment_id = c.environment_id
      limit 1000001) as enough) l
  group by c.metric_id;
end
$$;

comment on function private.landed_outcomes(uuid) is
E'How many outcomes an experiment''s metrics have where it runs, and how many of them wait for whoever they belong to. Null beyond a million: counting takes a tenth of a second for each.\nDefiner: where outcomes are placed is closed to the API''s roles; it asks whether the caller may read the experiment.';
