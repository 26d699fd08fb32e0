-- Looks at those whose window is closed: one at the end of each day of entry, and one an hour between (every ten
-- minutes on the first day) if somebody's window has closed. Days that were missed are made up for: what a day's end would have shown follows from the moments.
create or replace function private.look(experiment_id uuid, metric_id uuid, day date default null) returns void
language plpgsql
set search_path = ''
as $$
#variable_conflict use_variable
begin
  insert into private.sequence_bounds as b (workspace_id, experiment_id, metric_id, variant_id, low, high, p_value)
  select c.workspace_id, c.experiment_id, c.metric_id, c.variant_id, s.mature_low, s.mature_high, s.mature_p_value
  from (
    select t.* from private.pairs_of(array(
      select k from private.live_cells(experiment_id, array['all'], null, day, array[day is null]) k where k.metric_id = metric_id)) t
    union all
    -- What a quantile was at a day's end is not known any more.
    select q.* from private.kept_quantiles(experiment_id, array['all'], array[true]) q where q.metric_id = metric_id and day is null) p
  join private.comparisons c on c.experiment_id = experiment_id and c.metric_id = p.metric_id and c.variant_id = p.variant_id
  cross join lateral private.settled_of(p, c.planned_units) s
  where s.mature_p_value is not null
  on conflict on constraint sequence_bounds_pkey do update set
    low = greatest(b.low, excluded.low), high = least(b.high, excluded.high), p_value = least(b.p_value, excluded.p_value)
  where excluded.low > b.low or excluded.high < b.high or excluded.p_value < b.p_value;
end
$$;

comment on function private.look(uuid, uuid, date) is
'Cuts the kept interval of a metric''s comparisons by what the cohorts until a day say, or all whose window is closed; writes only where it shrinks.';

create or replace function private.due_looks(most integer)
returns table (workspace_id uuid, experiment_id uuid, metric_id uuid, attribution_window interval, from_day date, to_day date,
  looked_at timestamptz, rules_hash text, is_anew boolean)
language sql stable
set search_path = ''
as $$
  select e.workspace_id, e.id, m.id, m.attribution_window, case when l.rules_hash = d.rules then l.looked_until + 1 end, d.closed,
    case when l.rules_hash = d.rules then l.looked_at end, d.rules, l.rules_hash <> d.rules
  from public.experiments e
  left join private.counted_experiments c on c.experiment_id = e.id
  join public.experiment_metrics em on em.experiment_id = e.id
  join public.outcome_metrics m on m.id = em.metric_id
  left join private.sequence_looks l on l.experiment_id = e.id and l.metric_id = m.id
  cross join lateral (select private.closed_until(m.attribution_window) as closed, coalesce(c.rules_hash, '') as rules) d
  where e.started_at is not null and (l.looked_until is null or l.looked_until < d.closed or l.rules_hash <> d.rules
    or e.state = 'active' and l.looked_at < private.now()
      - case when e.started_at > private.now() - interval '1 day' then interval '10 minutes' else interval '1 hour' end)
  limit most
$$;

comment on function private.due_looks(integer) is 'Metrics of experiments whose windows have closed for a day that nobody has looked at, or that nobody has looked at for an hour; in its first day, for ten minutes.';

create or replace function private.closed_since(experiment_id uuid, attribution_window interval, moment timestamptz) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
  return exists (
    select from private.experiment_units u
    where u.experiment_id = closed_since.experiment_id and u.entered_at <= private.closed_before(attribution_window)
      and u.entered_at > coalesce(moment, '-infinity') - make_interval(secs => extract(epoch from attribution_window)::double precision));
end
$$;

comment on function private.closed_since(uuid, interval, timestamptz) is 'Whether the window of some unit of an experiment has closed since a moment.';

create or replace function private.keep_looks(most integer default 10) returns integer
language plpgsql
set search_path = ''
as $$
declare
  due record;
  day date;
  made integer := 0;
begin
  for due in select * from private.due_looks(most) loop
    if due.is_anew then
      delete from private.sequence_bounds b where b.experiment_id = due.experiment_id and b.metric_id = due.metric_id;
    end if;
    for day in
      select distinct c.entry_day from private.unit_cells c
      where c.experiment_id = due.experiment_id and c.dimension = 'all' and c.entry_day <= due.to_day
        and c.entry_day >= coalesce(due.from_day, '-infinity')
      union all
      select null where private.closed_since(due.experiment_id, due.attribution_window, due.looked_at)
      order by 1
    loop
      perform private.look(due.experiment_id, due.metric_id, day);
      made := made + 1;
    end loop;
    insert into private.sequence_looks as l (workspace_id, experiment_id, metric_id, looked_until, looked_at, rules_hash)
    values (due.workspace_id, due.experiment_id, due.metric_id, due.to_day, private.counted_now(), due.rules_hash)
    on conflict on constraint sequence_looks_pkey do update set
      looked_until = excluded.looked_until, looked_at = excluded.looked_at, rules_hash = excluded.rules_hash;
  end loop;
  return made;
end
$$;

comment on function private.keep_looks(integer) is
'Looks at some metrics that are due, day by day and at all whose window is closed by now; how many looks it took. Called by the tick of the daily tier.';
