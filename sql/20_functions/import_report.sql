-- What a dry run says: words and numbers for the person who is about to import.
create or replace function private.import_errors(import public.metric_imports) returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
    'row', x.row_number, 'column', x.column_name, 'cell', x.cell) || x.fault) order by x.row_number), '[]')
  from (
    select r.row_number, c.column_name,
      case when r.field in ('value', 'occurred_at') then
        left(s.cells ->> (array_position((import).columns, c.column_name) - 1), 80) end as cell,
      case when r.field is null then r.fault
        else private.fault('bad_field', r.fault || jsonb_build_object('field', coalesce(nullif(c.column_name, ''), 'row'))) end as fault
    from private.import_readings r
    join private.import_rows s on s.import_id = r.import_id and s.row_number = r.row_number
    cross join lateral (
      select case when r.field = '' then '' else (import).mapping #>> array[r.field, 'column'] end) as c (column_name)
    where r.import_id = (import).id and r.standing = 'bad'
    order by r.row_number limit 50
  ) as x
$$;

comment on function private.import_errors(public.metric_imports) is
'The first fifty bad rows: row, column, cell (of values and times alone), code, message, hint.';

create or replace function private.import_places(import_id uuid)
returns table (row_number bigint, metric_id uuid, occurred_at timestamptz, subject text, conversation text, how text)
language sql stable
set search_path = ''
as $$
  select r.row_number, r.metric_id, r.occurred_at,
    coalesce(r.subject, i.subject, v.subject, k.subject),
    coalesce(r.conversation, i.conversation, nullif(k.conversation, '')),
    case when r.subject is not null then 'subject' when i.subject is not null then 'inference'
      when v.subject is not null then 'conversation' when k.subject is not null then 'key' end
  from private.import_readings r
  left join public.inferences i on i.workspace_id = r.workspace_id and i.id = r.inference_id
  left join lateral (
    select n.subject, n.conversation from public.outcome_keys n
    where n.workspace_id = r.workspace_id and n.key_type = r.key_type and n.key_value = r.key_value
    order by n.seen_at, n.subject, n.conversation limit 1
  ) as k on r.key_value is not null
  left join lateral (
    select seen.subject from (
      select n.subject, n.started_at as seen_at from public.inferences n
      where n.workspace_id = r.workspace_id and n.conversation = r.conversation
      union all
      select a.subject, a.assigned_at from public.assignments a
      where a.workspace_id = r.workspace_id and a.conversation = r.conversation
      union all
      select x.subject, x.exposed_at from public.exposures x
      where x.workspace_id = r.workspace_id and x.conversation = r.conversation) as seen
    order by seen.seen_at, seen.subject limit 1
  ) as v on r.subject is null and r.conversation is not null
  where r.import_id = import_places.import_id and r.standing = 'good'
$$;

comment on function private.import_places(uuid) is
'Whose the good rows of a file would be, by the rules of placed_outcomes: null while nobody is known by what they name.';

create or replace function private.import_matches(import public.metric_imports) returns jsonb
language sql stable
set search_path = ''
as $$
  with placed as materialized (select p.* from private.import_places((import).id) p),
  seen as materialized (
    select s.subject from (select distinct p.subject from placed p where p.subject is not null) s
    where exists (select from public.inferences i where i.workspace_id = (import).workspace_id and i.subject = s.subject)
      or exists (select from public.assignments a where a.workspace_id = (import).workspace_id and a.unit_id = s.subject)
      or exists (
        select from public.experiments e
        join public.exposures x on x.workspace_id = e.workspace_id and x.experiment_id = e.id and x.unit_id = s.subject
        where e.workspace_id = (import).workspace_id and e.assigned_by = 'external')
  ),
  judged as (select p.*, n.subject is not null as is_known from placed p left join seen n on n.subject = p.subject)
  select jsonb_build_object(
    'matched', count(*) filter (where j.is_known),
    'waiting', count(*) filter (where not j.is_known),
    'by', jsonb_build_object(
      'subject', count(*) filter (where j.is_known and j.how = 'subject'),
      'conversation', count(*) filter (where j.is_known and j.how = 'conversation'),
      'inference', count(*) filter (where j.is_known and j.how = 'inference'),
      'key', count(*) filter (where j.is_known and j.how = 'key')))
  from judged j
$$;

comment on function private.import_matches(public.metric_imports) is
'How many good rows belong to somebody who was seen, by what, and how many wait for somebody.';

create or replace function private.import_experiments(import public.metric_imports) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  -- Whose a million rows are is not looked up for nobody.
  if not exists (
    select from public.experiments e join public.experiment_metrics m on m.experiment_id = e.id
    where e.workspace_id = (import).workspace_id and e.environment_id = (import).environment_id)
  then
    return '[]'::jsonb;
  end if;
  return (
  with placed as materialized (select p.* from private.import_places((import).id) p),
  counted as (
    select e.id, e.key, m.key as metric, count(*) as rows, count(distinct w.unit_id) as units,
      count(*) filter (where p.occurred_at < u.exposed_at) as before_exposure,
      count(*) filter (where p.occurred_at >= u.exposed_at + m.attribution_window) as after_window
    from public.experiments e
    join public.experiment_metrics em on em.experiment_id = e.id
    join public.outcome_metrics m on m.id = em.metric_id
    join placed p on p.metric_id = m.id
    cross join lateral (select case e.unit when 'conversation' then p.conversation else p.subject end) as w (unit_id)
    join lateral (
      select min(x.exposed_at) as exposed_at from private.unit_exposures x
      where x.workspace_id = e.workspace_id and x.experiment_id = e.id and x.unit_id = w.unit_id
    ) as u on u.exposed_at is not null
    where e.workspace_id = (import).workspace_id and e.environment_id = (import).environment_id
    group by e.id, e.key, m.key
  )
  select coalesce(jsonb_agg(jsonb_build_object(
    'experiment_id', c.id, 'experiment', c.key, 'metric', c.metric, 'units', c.units,
    'counts', c.rows - c.before_exposure - c.after_window,
    'before_exposure', c.before_exposure, 'after_window', c.after_window) order by c.key, c.metric), '[]')
  from counted c);
end
$$;

comment on function private.import_experiments(public.metric_imports) is
'Per experiment and metric: how many rows of a file it would count, and how many fall before a first exposure or after the window.';

create or replace function private.import_metrics(import public.metric_imports) returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'metric', x.key, 'rows', x.rows, 'smallest', x.smallest, 'largest', x.largest, 'mean', x.mean) order by x.key), '[]')
  from (
    select m.key, count(*) as rows, min(r.value) as smallest, max(r.value) as largest, avg(r.value) as mean
    from private.import_readings r join public.outcome_metrics m on m.id = r.metric_id
    where r.import_id = (import).id and r.standing = 'good' group by m.key
  ) as x
$$;

comment on function private.import_metrics(public.metric_imports) is 'Per metric: how many good rows, and the range of their values.';

create or replace function private.import_twins(import public.metric_imports) returns bigint
language sql stable
set search_path = ''
return (
  select count(*)
  from private.import_readings r
  where r.import_id = (import).id and r.standing = 'good' and exists (
    select from public.outcomes o
    where o.metric_id = r.metric_id and o.environment_id = (import).environment_id and o.occurred_at = r.occurred_at
      and o.value = r.value and o.source <> (import).source and o.workspace_id = r.workspace_id
      and coalesce(o.subject = r.subject, o.conversation = r.conversation, o.inference_id = r.inference_id,
        o.key_value = r.key_value, false)));

comment on function private.import_twins(public.metric_imports) is
'Good rows for which another source has the same metric, time, value and owner: perhaps the same events.';

create or replace function private.import_report(import public.metric_imports) returns jsonb
language sql stable
set search_path = ''
as $$
  select jsonb_build_object(
    'rows', count(*), 'good', count(*) filter (where r.standing = 'good'), 'bad', count(*) filter (where r.standing = 'bad'),
    'empty', count(*) filter (where r.standing = 'empty'), 'repeats', count(*) filter (where r.standing = 'repeat'),
    'known', count(*) filter (where r.standing = 'known'),
    'first_at', min(r.occurred_at) filter (where r.standing = 'good'),
    'last_at', max(r.occurred_at) filter (where r.standing = 'good'),
    'in_future', count(*) filter (where r.standing = 'good' and r.occurred_at > private.now()),
    'twins', private.import_twins(import), 'metrics', private.import_metrics(import),
    'matches', private.import_matches(import), 'experiments', private.import_experiments(import),
    'errors', private.import_errors(import),
    'same_file', array(
      select i.id from public.metric_imports i
      where i.workspace_id = (import).workspace_id and i.sha256 = (import).sha256 and i.id <> (import).id
        and i.state in ('importing', 'imported') order by i.id))
  from private.import_readings r where r.import_id = (import).id
$$;

comment on function private.import_report(public.metric_imports) is 'Everything that a dry run found.';

create or replace function private.check_import(import_id uuid) returns public.metric_imports
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  import public.metric_imports := private.import_to_move(import_id, '{draft,checked}', 'check_import');
  first_row bigint := 1;
  last_row bigint;
begin
  if import.mapping is null then
    perform private.fail('bad_mapping', '{"field": "mapping", "expected": "there before the check"}');
  end if;
  delete from private.import_readings r where r.import_id = import.id;
  loop
    select max(x.row_number) into last_row from (
      select r.row_number from private.import_rows r
      where r.import_id = import.id and r.row_number >= first_row order by r.row_number limit 10000) as x;
    exit when last_row is null;
    perform private.read_import_part(import, first_row, last_row);
    first_row := last_row + 1;
  end loop;
  if first_row > 10000 then
    analyze private.import_readings;
  end if;
  perform private.mark_known(import);
  import.report := private.import_report(import);
  update public.metric_imports i
  set state = 'checked', report = import.report, checked_at = private.now(),
    rows_good = (import.report ->> 'good')::bigint, rows_bad = (import.report ->> 'bad')::bigint
  where i.id = import.id returning i.* into import;
  return import;
end
$$;

comment on function private.check_import(uuid) is
E'Reads all staged rows and keeps the report.\nDefiner: staged rows are closed to the API''s roles.';
