-- An attribute may have a value for each subject, and a sum for each would be no sum: an experiment keeps the first values that
-- it sees of a name, and all others are one segment, (other). A value that was let in stays; the order of arrival decides only
-- who is among the first, once there are too many.
create or replace function private.most_segments() returns integer
language sql immutable parallel safe
set search_path = ''
return 200;

comment on function private.most_segments() is 'How many values of a name an experiment tells apart.';

create or replace view private.segment_sightings with (security_invoker = true) as
select x.workspace_id, x.experiment_id, n.name, left(coalesce(x.attributes ->> n.name, ''), 200) as value, x.exposed_at, x.tx
from private.unit_exposures x
join public.experiments e on e.id = x.experiment_id
cross join lateral unnest(e.segments) as n (name);

comment on view private.segment_sightings is 'One row per exposure × declared segment: the value that the exposure said.';

create or replace function private.note_segments(seen private.segment_values[]) returns void
language plpgsql
set search_path = ''
as $$
begin
  insert into private.segment_values
  select s.workspace_id, s.experiment_id, s.name, s.value
  from (
    select n.*, row_number() over (partition by n.experiment_id, n.name order by n.place) as turn
    from unnest(seen) with ordinality as n (workspace_id, experiment_id, name, value, place)
    where not exists (
      select from private.segment_values k
      where k.experiment_id = n.experiment_id and k.name = n.name and k.value = n.value)) s
  where s.turn + (
    select count(*) from private.segment_values k where k.experiment_id = s.experiment_id and k.name = s.name
  ) <= private.most_segments();
end
$$;

comment on function private.note_segments(private.segment_values[]) is 'Lets values of segments in, in their order, while there is room.';

create or replace function private.see_segments(from_tx bigint, to_tx bigint) returns void
language plpgsql
set search_path = ''
set enable_seqscan = off
set enable_nestloop = off
set plan_cache_mode = force_generic_plan
as $$
begin
  perform private.note_segments(array(
    select (s.workspace_id, s.experiment_id, s.name, s.value)::private.segment_values
    from private.segment_sightings s where s.tx >= from_tx and s.tx < to_tx
    group by s.workspace_id, s.experiment_id, s.name, s.value
    order by min(s.exposed_at), s.value));
end
$$;

comment on function private.see_segments(bigint, bigint) is 'Lets the values of segments in that a range of transactions brought.';

create or replace function private.see_segments_again(experiment_id uuid, before bigint) returns void
language plpgsql
set search_path = ''
as $$
#variable_conflict use_variable
begin
  delete from private.segment_values v using public.experiments e
  where e.id = experiment_id and v.experiment_id = e.id and v.name <> all (e.segments);
  perform private.note_segments(array(
    select (s.workspace_id, s.experiment_id, s.name, s.value)::private.segment_values
    from private.segment_sightings s where s.experiment_id = experiment_id and s.tx < before
    group by s.workspace_id, s.experiment_id, s.name, s.value
    order by min(s.exposed_at), s.value limit 4 * private.most_segments()));
end
$$;

comment on function private.see_segments_again(uuid, bigint) is 'Lets values of an experiment''s segments in, from all of its exposures.';

create or replace function private.known_segments(experiment_id uuid) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select jsonb_object_agg(n.name, n.known)
    from (
      select v.name, jsonb_object_agg(v.value, true) as known from private.segment_values v
      where v.experiment_id = known_segments.experiment_id group by v.name) n);
end
$$;

comment on function private.known_segments(uuid) is 'The values that an experiment tells apart: {name: {value: true}}.';
