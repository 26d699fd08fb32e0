-- Analyses that need matrices or iteration over rows are done by workers: asked for here, queued, stored as results.
create or replace view private.analysis_methods with (security_invoker = true) as
select m.method, m.reads
from (values
  ('ols', 'units'), ('anova', 'units'), ('regression_adjustment', 'units'), ('ipw', 'units'), ('aipw', 'units'),
  ('standardisation', 'units'), ('mediation', 'units'), ('bootstrap_quantile', 'units'),
  ('its_newey_west', 'days'), ('interrupted_series', 'days'), ('structural_counterfactual', 'days'), ('group_sequential', 'nothing')
) as m (method, reads);

comment on view private.analysis_methods is 'One row per method of the workers: whether it reads units, days, or nothing.';

create or replace function private.analysed_metric(experiment_id uuid, metric_id uuid) returns uuid
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_variable
declare
  chosen uuid := (
    select m.metric_id from public.experiment_metrics m
    where m.experiment_id = experiment_id and m.metric_id = coalesce(analysed_metric.metric_id, m.metric_id)
    order by m.role = 'primary' desc, m.metric_id limit 1);
begin
  if chosen is null then
    perform private.fail('unknown_metric', jsonb_build_object('metric', metric_id));
  end if;
  return chosen;
end
$$;

comment on function private.analysed_metric(uuid, uuid) is 'The named metric of the experiment, or its primary one; raises when it has none such.';

create or replace function private.check_analysis(
  experiment_id uuid, method text, inputs jsonb, variant_id uuid
) returns void
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_variable
begin
  if not exists (select from private.analysis_methods m where m.method = method) then
    perform private.fail('bad_argument', jsonb_build_object('argument', 'method',
      'expected', (select 'one of ' || string_agg(m.method, ', ' order by m.method) from private.analysis_methods m)));
  elsif coalesce(jsonb_typeof(inputs), 'null') <> 'object' or octet_length(inputs::text) > 20000 then
    perform private.fail('bad_argument', '{"argument": "inputs", "expected": "an object of at most 20,000 bytes"}');
  elsif variant_id is not null and not exists (
    select from public.variants v where v.id = variant_id and v.experiment_id = experiment_id and not v.is_control
  ) then
    perform private.fail('unknown_variant', jsonb_build_object('variant', variant_id));
  end if;
end
$$;

comment on function private.check_analysis(uuid, text, jsonb, uuid) is
'Raises unless the method is known, its inputs are an object, and the arm is one that is compared with the control.';

create or replace function private.request_analysis(
  experiment_id uuid, method text, inputs jsonb, metric_id uuid, variant_id uuid, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  experiment constant public.experiments := private.permitted_experiment(experiment_id, 'experiments.write', workspace_id);
  asked jsonb;
begin
  perform private.check_analysis(experiment_id, method, inputs, variant_id);
  asked := jsonb_build_object(
    'request_id', private.uuidv7(), 'workspace_id', experiment.workspace_id, 'experiment_id', experiment_id,
    'metric_id', private.analysed_metric(experiment_id, metric_id), 'variant_id', variant_id,
    'method', method, 'inputs', inputs, 'as_of', private.now());
  perform private.enqueue('analysis', asked);
  return asked;
end
$$;

comment on function private.request_analysis(uuid, text, jsonb, uuid, uuid, uuid) is
E'Queues an analysis for the workers.\nDefiner: the queue''s schema is closed to the API''s roles.';

create or replace function private.analysis_rows(
  experiment_id uuid, metric_id uuid, variant_id uuid, after_unit text, page_size integer
) returns table (
  unit_id text, variant text, is_control boolean, y double precision, d double precision, x double precision,
  w double precision, entered_at timestamptz, intent text, segments jsonb
)
language sql stable
set search_path = ''
rows 5000
as $$
  select u.unit_id, v.key, v.is_control,
    case when t.d > 0 or m.when_absent = 'zero' then coalesce(t.y, 0) end, coalesce(t.d, 0),
    coalesce(t.x, 0), coalesce(t.w, 0), u.entered_at, i.key, u.segments
  from private.experiment_units u
  join public.variants v on v.id = u.variant_id
  join public.outcome_metrics m on m.id = analysis_rows.metric_id
  left join private.unit_values t
    on t.experiment_id = u.experiment_id and t.unit_id = u.unit_id and t.metric_id = m.id
  left join public.intents i on i.id = u.intent_id
  -- The control of one phase is not that of another: only the last one is compared.
  where u.experiment_id = analysis_rows.experiment_id and u.standing = 'counted' and u.unit_id > after_unit
    and u.phase_id = (
      select p.id from public.experiment_phases p where p.experiment_id = analysis_rows.experiment_id
      order by p.number desc limit 1)
    and (v.is_control or v.id = coalesce(analysis_rows.variant_id, v.id))
  order by u.unit_id limit page_size
$$;

comment on function private.analysis_rows(uuid, uuid, uuid, text, integer) is
'A page of the units that the last phase compares, with what each is worth to a metric; y is null where there is no value to count.';

create or replace function private.analysis_units(
  experiment_id uuid, metric_id uuid, variant_id uuid, after_unit text, page_size integer
) returns jsonb
language sql stable security definer
set search_path = ''
as $$
  select jsonb_build_object(
    'kind', (select m.kind from public.outcome_metrics m where m.id = analysis_units.metric_id),
    'rows', coalesce(jsonb_agg(jsonb_build_object(
      'unit_id', r.unit_id, 'variant', r.variant, 'treated', 1 - r.is_control::integer, 'y', r.y, 'd', r.d, 'x', r.x,
      'w', r.w, 'entered_at', r.entered_at, 'intent', r.intent, 'segments', r.segments) order by r.unit_id), '[]'))
  from private.analysis_rows(experiment_id, metric_id, variant_id, after_unit, least(page_size, 10000)) r
$$;

comment on function private.analysis_units(uuid, uuid, uuid, text, integer) is
E'A page of units for a worker.\nDefiner: units and their values are closed to the API''s roles; the worker alone may call it.';

create or replace function private.experiment_days(experiment_id uuid, metric_id uuid) returns jsonb
language sql stable
set search_path = ''
as $$
  select jsonb_build_object('started_on', (e.started_at at time zone 'UTC')::date, 'rows', (
    select coalesce(jsonb_agg(jsonb_build_object('day', d.day, 'n', d.n, 'total', d.total) order by d.day), '[]')
    from (
      select (o.occurred_at at time zone 'UTC')::date as day, count(*) as n, sum(o.value) as total
      from public.outcomes o
      where o.workspace_id = e.workspace_id and o.environment_id = e.environment_id
        and o.metric_id = experiment_days.metric_id
      group by 1 order by 1 desc limit 4000
    ) as d))
  from public.experiments e where e.id = experiment_days.experiment_id
$$;

comment on function private.experiment_days(uuid, uuid) is
'A metric''s outcomes by UTC day in the experiment''s environment, the last 4,000 days that had any.';

create or replace function private.analysis_days(metric_id uuid, experiment_id uuid, change_id uuid) returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
begin
  return case when change_id is null then private.experiment_days(experiment_id, metric_id)
    else private.change_days(change_id, metric_id) end;
end
$$;

comment on function private.analysis_days(uuid, uuid, uuid) is
E'A metric by UTC day, of an experiment or of a change.\nDefiner: the worker reads no tables.';
