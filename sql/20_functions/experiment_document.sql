-- What defines an experiment, as one document: create_experiment takes it, edit_experiment takes parts of it, an approval
-- is bound to its hash. Keys where people name things by keys, ids where only an id says exactly what runs.
create or replace function private.variants_document(experiment_id uuid) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object(
      'key', a.key, 'name', a.name, 'weight', a.weight, 'is_control', a.is_control,
      'levels', (
        select coalesce(jsonb_object_agg(f.key, l.key), '{}')
        from public.variant_levels c join public.factors f on f.id = c.factor_id join public.factor_levels l on l.id = c.level_id
        where c.variant_id = a.id),
      'versions', (
        select coalesce(jsonb_object_agg(coalesce(x.key, '*'), r.prompt_version_id), '{}')
        from public.variant_versions r left join public.actions x on x.id = r.action_id
        where r.variant_id = a.id)) order by a.is_control desc, a.key collate "C"), '[]')
    from public.variants a
    where a.experiment_id = variants_document.experiment_id);
end
$$;

comment on function private.variants_document(uuid) is
'The arms: [{key, name, weight, is_control, levels: {factor: level}, versions: {action or *: version id}}], the control first.';

create or replace function private.metrics_document(experiment_id uuid) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select coalesce(jsonb_agg(
      jsonb_strip_nulls(jsonb_build_object('metric', m.key, 'role', em.role, 'margin', em.margin))
      order by array_position(array['primary', 'secondary', 'guardrail'], em.role), m.key collate "C"), '[]')
    from public.experiment_metrics em join public.outcome_metrics m on m.id = em.metric_id
    where em.experiment_id = metrics_document.experiment_id);
end
$$;

comment on function private.metrics_document(uuid) is 'What it is judged by: [{metric, role, margin}], the primary first.';

create or replace function private.experiment_document(experiment_id uuid) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select jsonb_build_object(
      'key', e.key, 'name', e.name, 'hypothesis', e.hypothesis, 'unit', e.unit, 'traffic', e.traffic,
      'assigned_by', e.assigned_by, 'switchers', e.switchers, 'segments', to_jsonb(e.segments),
      'environment', (select t.key from public.environments t where t.id = e.environment_id),
      'capability', (select t.key from public.capabilities t where t.id = e.capability_id),
      'actions', (
        select coalesce(jsonb_agg(x.key order by x.position, x.key collate "C"), '[]')
        from public.experiment_actions s join public.actions x on x.id = s.action_id where s.experiment_id = e.id),
      'intents', (
        select coalesce(jsonb_agg(i.key order by i.key collate "C"), '[]')
        from public.experiment_intents s join public.intents i on i.id = s.intent_id where s.experiment_id = e.id),
      'audience', e.audience, 'minimum_effect', e.minimum_effect, 'planned_units', e.planned_units,
      'layer', (select jsonb_build_object('key', l.key, 'from', e.layer_from, 'to', e.layer_to)
        from public.layers l where l.id = e.layer_id),
      'metrics', private.metrics_document(e.id), 'factors', private.factors_document(e.id),
      'variants', private.variants_document(e.id))
    from public.experiments e
    where e.id = experiment_document.experiment_id);
end
$$;

comment on function private.experiment_document(uuid) is
'Everything that defines an experiment, and nothing that merely happens to it: no state, no revision, no times.';

create or replace function private.experiment_references(experiment_id uuid) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select jsonb_build_array(e.environment_id, e.capability_id, e.layer_id,
      array(select s.action_id from public.experiment_actions s where s.experiment_id = e.id order by 1),
      array(select s.intent_id from public.experiment_intents s where s.experiment_id = e.id order by 1),
      array(select s.metric_id from public.experiment_metrics s where s.experiment_id = e.id order by 1),
      array(select r.action_id || ' ' || a.key || ' ' || r.prompt_version_id
        from public.variants a join public.variant_versions r on r.variant_id = a.id
        where a.experiment_id = e.id and r.action_id is not null order by 1))
    from public.experiments e
    where e.id = experiment_references.experiment_id);
end
$$;

comment on function private.experiment_references(uuid) is
'The ids of what an experiment''s document calls by keys, in one order.';

create or replace function private.experiment_hash(experiment_id uuid) returns text
language plpgsql stable
set search_path = ''
as $$
begin
  -- jsonb prints its keys in one order and its spaces in one way, so equal documents are equal texts.
  -- Names may move to other things, so what the names mean now is hashed with them.
  return encode(sha256(convert_to(
    private.experiment_document(experiment_id)::text || private.experiment_references(experiment_id)::text, 'UTF8')), 'hex');
end
$$;

comment on function private.experiment_hash(uuid) is
'SHA-256, in hex, of the experiment''s document: what an approval is bound to.';

create or replace function private.revise(experiment_id uuid) returns void
language plpgsql
set search_path = ''
as $$
begin
  -- Once a transaction: a draft that is written row by row in one call is one revision.
  if current_setting('upshot.revised', true) is distinct from revise.experiment_id || '@' || pg_current_xact_id() then
    update public.experiments e set updated_at = private.now() where e.id = revise.experiment_id;
  end if;
end
$$;

comment on function private.revise(uuid) is
'Counts an experiment''s revision up because something that belongs to it changed.';

create or replace function private.changed_since(experiment public.experiments, revision integer) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  then_ public.experiment_revisions;
begin
  select r.* into then_ from public.experiment_revisions r
  where r.experiment_id = experiment.id and r.revision = changed_since.revision;
  return (
    select jsonb_object_agg(coalesce(a.key, b.key), jsonb_build_object('then', a.value, 'now', b.value))
    from jsonb_each(then_.document || jsonb_build_object('state', then_.state)) a
    full join jsonb_each(private.experiment_document(experiment.id) || jsonb_build_object('state', experiment.state)) b
      on b.key = a.key
    where then_.revision is not null and a.value is distinct from b.value);
end
$$;

comment on function private.changed_since(public.experiments, integer) is
'What is another now than it was at a revision: {field: {then, now}}; null when that revision is not known.';
