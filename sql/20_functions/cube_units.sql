-- Units as the cube sees them: as the compactor keeps them, and as they were before what it told since the last step.
create or replace view private.cube_kinds with (security_invoker = true) as
select e.workspace_id, e.environment_id, x.experiment_id, x.counted_to,
  case e.unit when 'conversation' then 'conversation' else 'subject' end as unit_kind
from private.cube_experiments x join public.experiments e on e.id = x.experiment_id;

comment on view private.cube_kinds is 'One row per experiment that the cube has: of which kind its units are.';

create or replace function private.bucket_of(unit_id text) returns integer
language sql immutable parallel safe
set search_path = ''
return (hashtextextended(unit_id, 0) & 63)::integer + 1;

comment on function private.bucket_of(text) is 'The bucket of a unit, 1 to 64. Where it is asked for every event it is said in line.';

create or replace function private.changed_keys(news private.cube_unit_news[]) returns private.cube_key[]
language sql stable
set search_path = ''
set enable_nestloop = off
return array(
  select (k.workspace_id, k.unit_kind, k.unit_id, '-infinity', 'infinity')::private.cube_key
  from (
    select distinct x.workspace_id, x.unit_kind, n.unit_id
    from unnest(news) n
    join private.cube_kinds x on x.experiment_id = n.experiment_id and (x.counted_to is null or n.unit_id <= x.counted_to)) k);

comment on function private.changed_keys(private.cube_unit_news[]) is 'Units that changed, as keys of all of their events.';

create type private.cube_spot as (
  workspace_id uuid, experiment_id uuid, phase_id uuid, variant_id uuid, standing text, intent_id uuid, entered_at timestamptz,
  counts_until timestamptz, bucket integer, metric_id uuid, at timestamptz, action text, model text, value double precision,
  latency_ms double precision, cost_usd double precision, input_tokens double precision, output_tokens double precision,
  errors double precision
);

comment on type private.cube_spot is 'An event, and the unit of an experiment that it is counted for.';

create or replace function private.cube_spots(
  outcomes private.cube_outcome[], calls private.cube_event[], from_tx bigint, to_tx bigint, were private.cube_unit_news[], alone uuid
) returns setof private.cube_spot
language plpgsql stable rows 10000
set search_path = ''
set enable_nestloop = off
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
declare
  kinds constant text[] := array(select distinct x.unit_kind from private.cube_kinds x);
begin
  return query
  with named as materialized (
    select e.*, n.unit_kind, n.name
    from private.cube_events(outcomes, calls, from_tx, to_tx) e
    cross join lateral (values ('subject', e.subject), ('conversation', e.conversation)) as n (unit_kind, name)
    where n.unit_kind = any (kinds)
  ),
  firsts as materialized (
    select distinct on (w.experiment_id, w.unit_id) w.* from unnest(were) w order by w.experiment_id, w.unit_id, w.id
  ),
  units as (
    select k.* from (select distinct v.workspace_id, v.name from named v) n
    cross join lateral (
      select u.* from private.experiment_units u where u.workspace_id = n.workspace_id and u.unit_id = n.name offset 0) k
    where (k.experiment_id, k.unit_id) not in (select f.experiment_id, f.unit_id from firsts f)
    union all
    select k.* from firsts f cross join lateral jsonb_populate_record(null::private.experiment_units, f.was) k
  )
  select u.workspace_id, u.experiment_id, u.phase_id, u.variant_id, u.standing, u.intent_id, u.entered_at, u.counts_until,
    (hashtextextended(u.unit_id, 0) & 63)::integer + 1, v.metric_id, v.at, v.action, v.model, v.value, v.latency_ms, v.cost_usd,
    v.input_tokens, v.output_tokens, v.errors
  from named v
  join units u on u.workspace_id = v.workspace_id and u.unit_id = v.name
  join private.cube_kinds x on x.experiment_id = u.experiment_id and x.environment_id = v.environment_id and x.unit_kind = v.unit_kind
  where v.at >= u.entered_at and v.at < u.counts_until
    and case when alone is null then x.counted_to is null or u.unit_id <= x.counted_to else x.experiment_id = alone end;
end
$$;

comment on function private.cube_spots(private.cube_outcome[], private.cube_event[], bigint, bigint, private.cube_unit_news[], uuid) is
E'What happened, given to the units that the cube has, as they are; those of the news as they were before it.\nOf one experiment alone, however far it is counted, if that is asked for.';

create or replace function private.units_after(asked private.cube_experiments, last text, most integer) returns private.experiment_units[]
language sql stable
set search_path = ''
return array(
  select u from private.experiment_units u
  where u.experiment_id = (asked).experiment_id and u.unit_id > last
    and ((asked).dirty = '{}' or private.bucket_of(u.unit_id) = any ((asked).dirty))
    and ((asked).counted_to is null or u.unit_id <= (asked).counted_to)
  order by u.unit_id limit most);

comment on function private.units_after(private.cube_experiments, text, integer) is
'Some units of an experiment, in order; of its dirty buckets alone, where it has any.';
