-- Making and changing experiments from documents. Nobody writes the rows of a live experiment by hand: whoever changes one
-- names the revision that they saw, under the lock of the experiment's row.
create or replace function private.put_document(experiment public.experiments, document jsonb) returns void
language plpgsql
set search_path = ''
as $$
declare
  factors jsonb := private.normal_factors(document -> 'factors');
  put public.experiments := private.put_scalars(experiment, document);
begin
  perform private.put_scope(put, document);
  if document ? 'metrics' then
    perform private.put_metrics(put, document -> 'metrics');
  end if;
  if document ? 'factors' then
    perform private.put_factors(put, factors);
  end if;
  if document ? 'variants' then
    perform private.put_variants(put, document -> 'variants');
  elsif document ? 'base' then
    perform private.put_variants(put, private.make_factorial(put, factors, document -> 'base'));
  end if;
  if document ? 'weights' then
    perform private.put_weights(put, document -> 'weights');
  end if;
end
$$;

comment on function private.put_document(public.experiments, jsonb) is
'Makes every part of an experiment that a checked document names what the document says.';

create or replace function private.experiment_answer(experiment_id uuid) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select jsonb_build_object('experiment_id', e.id, 'key', e.key, 'state', e.state, 'revision', e.revision,
      'parent_experiment_id', e.parent_experiment_id, 'content_hash', private.experiment_hash(e.id),
      'document', private.experiment_document(e.id))
    from public.experiments e where e.id = experiment_answer.experiment_id);
end
$$;

comment on function private.experiment_answer(uuid) is 'What the verbs on documents answer.';

create or replace function private.read_experiment(experiment_id uuid, workspace_id uuid) returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
begin
  return private.experiment_answer((private.permitted_experiment(experiment_id, 'workspace.read', workspace_id)).id);
end
$$;

comment on function private.read_experiment(uuid, uuid) is
E'An experiment as its document.\nDefiner: reads six tables for a caller whom it has asked for workspace.read once.';

create or replace function private.new_experiment(
  tenant uuid, document jsonb, parent uuid, source text
) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  experiment public.experiments;
  place uuid;
begin
  perform private.check_document(document, true);
  place := private.named_id('environment', tenant, document ->> 'environment', 'environment');
  perform private.require_environment(place);
  insert into public.experiments (workspace_id, key, name, environment_id, capability_id, parent_experiment_id, call_fingerprint)
  values (tenant, document ->> 'key', coalesce(document ->> 'name', document ->> 'key'), place,
    private.named_id('capability', tenant, document ->> 'capability', 'capability'), parent, source)
  on conflict on constraint experiments_key_unique do nothing
  returning * into experiment;
  if experiment.id is not null then
    perform private.put_document(experiment, document);
    return private.experiment_answer(experiment.id);
  end if;
  select e.* into experiment from public.experiments e where e.workspace_id = tenant and e.key = document ->> 'key';
  if experiment.call_fingerprint is distinct from source then
    perform private.fail('experiment_key_taken', jsonb_build_object('key', experiment.key, 'experiment_id', experiment.id));
  end if;
  return private.experiment_answer(experiment.id);
end
$$;

comment on function private.new_experiment(uuid, jsonb, uuid, text) is
'Drafts an experiment from a document; the same call again answers the experiment that it made.';

create or replace function private.create_experiment(document jsonb, workspace_id uuid) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
begin
  return private.new_experiment(private.authorise(workspace_id, 'experiments.write'), document, null,
    encode(sha256(convert_to('create ' || document::text, 'UTF8')), 'hex'));
end
$$;

comment on function private.create_experiment(jsonb, uuid) is
E'Drafts an experiment from one document.\nDefiner: what belongs to it is written in one piece, so that nobody sees a half.';

create or replace function private.edit_experiment(
  experiment_id uuid, expected_revision integer, changes jsonb, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  experiment public.experiments := private.lock_experiment(
    experiment_id, expected_revision, 'experiments.write', workspace_id);
  before jsonb := private.experiment_document(experiment.id);
begin
  if experiment.state = 'archived' then
    perform private.fail('move_not_allowed', '{"state": "archived", "verb": "be edited"}');
  elsif exists (select from public.ramps r where r.experiment_id = experiment.id and r.state = 'running') then
    perform private.fail('ramp_keeps_traffic');
  end if;
  perform private.check_document(changes, false);
  -- What is as it was is not a change: a client may send back the whole document that it read.
  changes := (select coalesce(jsonb_object_agg(c.key, c.value), '{}') from jsonb_each(changes) c
    where before -> c.key is distinct from c.value or c.key in ('factors', 'variants') and changes ? 'base');
  perform private.put_document(experiment, changes);
  -- Nor may it be moved to where the caller may not work.
  perform private.require_environment(e.environment_id) from public.experiments e where e.id = experiment.id;
  -- (That a running experiment is not widened past its reviewers, the trigger _700_widen sees to.)
  if experiment.state = 'in_review' and private.experiment_document(experiment.id) <> before then
    update public.experiments e set state = 'draft' where e.id = experiment.id;
  end if;
  return private.experiment_answer(experiment.id);
end
$$;

comment on function private.edit_experiment(uuid, integer, jsonb, uuid) is
E'Changes parts of an experiment by compare-and-swap on its revision; what is in review goes back to draft.\nDefiner: nobody changes the rows of an experiment by hand.';

create or replace function private.fork_experiment(experiment_id uuid, key text, name text, workspace_id uuid) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  source constant public.experiments := private.permitted_experiment(experiment_id, 'experiments.write', workspace_id);
begin
  return private.new_experiment(source.workspace_id,
    private.experiment_document(source.id) || jsonb_build_object('key', key, 'name', coalesce(name, source.name)), source.id,
    encode(sha256(convert_to(format('fork %s %s %s', source.id, key, name), 'UTF8')), 'hex'));
end
$$;

comment on function private.fork_experiment(uuid, text, text, uuid) is
E'Drafts a copy of an experiment that remembers where it comes from.\nDefiner: as create_experiment.';

create or replace function private.experiment_card(experiment public.experiments, depth integer) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
  return jsonb_build_object('experiment_id', experiment.id, 'key', experiment.key, 'name', experiment.name,
    'state', experiment.state, 'parent_experiment_id', experiment.parent_experiment_id,
    'started_at', experiment.started_at, 'ended_at', experiment.ended_at, 'distance', depth);
end
$$;

comment on function private.experiment_card(public.experiments, integer) is 'What identifies an experiment in its ancestry.';

create or replace function private.experiment_ancestry(experiment_id uuid, workspace_id uuid) returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
  self constant public.experiments := private.permitted_experiment(experiment_id, 'workspace.read', workspace_id);
begin
  return private.experiment_card(self, 0) || (
    with recursive up as (
      select p.id, p.parent_experiment_id, 1 as depth from public.experiments p where p.id = self.parent_experiment_id
      union all
      select p.id, p.parent_experiment_id, up.depth + 1 from up join public.experiments p on p.id = up.parent_experiment_id
    ),
    down as (
      select c.id, 1 as depth from public.experiments c
      where c.workspace_id = self.workspace_id and c.parent_experiment_id = self.id
      union all
      select c.id, down.depth + 1 from down
      join public.experiments c on c.workspace_id = self.workspace_id and c.parent_experiment_id = down.id
    )
    select jsonb_build_object(
      'parents', (select coalesce(jsonb_agg(private.experiment_card(e, up.depth) order by up.depth), '[]')
        from up join public.experiments e on e.id = up.id),
      'children', (select coalesce(jsonb_agg(private.experiment_card(e, down.depth) order by down.depth, e.created_at, e.id), '[]')
        from down join public.experiments e on e.id = down.id)));
end
$$;

comment on function private.experiment_ancestry(uuid, uuid) is
E'Where an experiment comes from, and what was made from it.\nDefiner: as read_experiment.';
