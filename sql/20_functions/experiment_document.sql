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
      'versions', (
        select coalesce(jsonb_object_agg(coalesce(x.key, '*'), r.prompt_version_id), '{}')
        from public.variant_versions r left join public.actions x on x.id = r.action_id
        where r.variant_id = a.id)) order by a.is_control desc, a.key collate "C"), '[]')
    from public.variants a
    where a.experiment_id = variants_document.experiment_id);
end
$$;

comment on function private.variants_document(uuid) is
'The arms: [{key, name, weight, is_control, versions: {action or *: version id}}], the control first.';

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
      'environment', (select t.key from public.environments t where t.id = e.environment_id),
      'capability', (select t.key from public.capabilities t where t.id = e.capability_id),
      'actions', (
        select coalesce(jsonb_agg(x.key order by x.position, x.key collate "C"), '[]')
        from public.experiment_actions s join public.actions x on x.id = s.action_id where s.experiment_id = e.id),
      'intents', (
        select coalesce(jsonb_agg(i.key order by i.key collate "C"), '[]')
        from public.experiment_intents s join public.intents i on i.id = s.intent_id where s.experiment_id = e.id),
      'audience', to_jsonb(e) -> 'audience', 'layer', to_jsonb(e) -> 'layer_id',
      'metrics', private.metrics_document(e.id),
      'variants', private.variants_document(e.id))
    from public.experiments e
    where e.id = experiment_document.experiment_id);
end
$$;

comment on function private.experiment_document(uuid) is
'Everything that defines an experiment, and nothing that merely happens to it: no state, no revision, no times.';

create or replace function private.experiment_hash(experiment_id uuid) returns text
language plpgsql stable
set search_path = ''
as $$
begin
  -- jsonb prints its keys in one order and its spaces in one way, so equal documents are equal texts.
  return encode(sha256(convert_to(private.experiment_document(experiment_id)::text, 'UTF8')), 'hex');
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
