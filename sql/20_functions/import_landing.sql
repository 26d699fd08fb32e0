-- In parts, each a short transaction: what keeps up with the outcomes never waits for a large file.
create or replace function private.land_import_part(import public.metric_imports) returns bigint
language sql
set search_path = ''
as $$
  with part as (
    delete from private.import_readings r
    using (
      select g.row_number from private.import_readings g
      where g.import_id = (import).id and g.standing = 'good' order by g.row_number limit 50000
    ) as next
    where r.import_id = (import).id and r.row_number = next.row_number
    returning r.*
  ),
  keyed as materialized (
    select c.row_number, c.claim
    from private.claims_of(import, (select array_agg(p::private.import_readings) from part p), array[private.import_claimer(import)]) c
  ),
  claimed as (
    insert into private.outcome_claims (key, metric_id, received_on)
    select k.claim, p.metric_id, (now() at time zone 'UTC')::date from keyed k join part p using (row_number) order by k.claim
    on conflict on constraint outcome_claims_pkey do nothing
    returning key
  ),
  landed as (
    insert into public.outcomes (
      workspace_id, environment_id, metric_id, value, subject, conversation, inference_id, key_type, key_value,
      occurred_at, source, source_event_id)
    select p.workspace_id, (import).environment_id, p.metric_id, p.value, p.subject, p.conversation, p.inference_id,
      p.key_type, p.key_value, p.occurred_at, (import).source, p.source_event_id
    from part p join keyed k using (row_number) join claimed c on c.key = k.claim order by p.row_number
    returning 1
  )
  select count(*) from landed
$$;

comment on function private.land_import_part(public.metric_imports) is
'Lands the next rows that the check found good; how many landed.';

create or replace function private.log_import(import public.metric_imports, summary text, landed bigint) returns void
language sql
set search_path = ''
begin atomic
  select private.log_change(jsonb_populate_record(null::public.changes, jsonb_build_object(
    'workspace_id', (import).workspace_id, 'kind', 'import', 'environment_id', (import).environment_id,
    'summary', log_import.summary,
    'detail', jsonb_build_object('import_id', (import).id, 'name', (import).name, 'state', (import).state,
      'outcomes', landed, 'metrics', (select jsonb_agg(m -> 'metric') from jsonb_array_elements((import).report -> 'metrics') m)))));
end;

comment on function private.log_import(public.metric_imports, text, bigint) is 'Writes an import, or that it was taken back, into the ledger.';

create or replace function private.commit_import(import_id uuid) returns public.metric_imports
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  import public.metric_imports := private.import_to_move(import_id, '{checked,importing,imported}', 'commit_import');
  landed bigint;
begin
  if import.state = 'imported' then
    return import;
  end if;
  perform private.join_ingest(import.workspace_id);
  landed := private.land_import_part(import);
  update public.metric_imports i
  set rows_landed = i.rows_landed + landed, state = 'importing'
  where i.id = import.id returning i.* into import;
  if not exists (select from private.import_readings r where r.import_id = import.id and r.standing = 'good') then
    perform private.clear_staging(import.id);
    update public.metric_imports i set state = 'imported', imported_at = private.now()
    where i.id = import.id returning i.* into import;
    perform private.log_import(import,
      format('Imported %s outcomes from %s', import.rows_landed, import.name), import.rows_landed);
  end if;
  return import;
end
$$;

comment on function private.commit_import(uuid) is
E'Lands the next part of an import; after the last it is imported.\nDefiner: outcomes are append-only, and no role may insert them by hand.';

create or replace function private.landed_part(import public.metric_imports) returns public.outcomes[]
language sql stable
set search_path = ''
as $$
  -- By what the index knows; the source alone is in none.
  select array(
    select o from public.outcomes o
    where o.metric_id in (
        select m.id from public.outcome_metrics m
        where m.workspace_id = (import).workspace_id and m.key in (
          select x ->> 'metric' from jsonb_array_elements((import).report -> 'metrics') x))
      and o.environment_id = (import).environment_id and o.workspace_id = (import).workspace_id
      and o.occurred_at between ((import).report ->> 'first_at')::timestamptz and ((import).report ->> 'last_at')::timestamptz
      and o.source = (import).source
    limit 50000)
$$;

comment on function private.landed_part(public.metric_imports) is 'Some of the outcomes that an import landed and that are still there.';

create or replace function private.take_back_part(import public.metric_imports) returns bigint
language plpgsql
set search_path = ''
as $$
declare
  gone constant public.outcomes[] := private.landed_part(import);
begin
  delete from private.outcome_claims c
  where c.key in (
    select k.claim from private.claims_of(import, array(
      select row((import).id, tenant, g.n, 'good', null, null, null, null, null, null, null, null, null, null, g.source_event_id
        )::private.import_readings
      from (select u.source_event_id, row_number() over () as n, u.workspace_id as tenant from unnest(gone) u) g),
      array[private.import_claimer(import)]) k);
  perform private.remove_outcomes(gone);
  return cardinality(gone);
end
$$;

comment on function private.take_back_part(public.metric_imports) is 'Removes the next outcomes that an import landed; how many.';

create or replace function private.undo_import(import_id uuid) returns public.metric_imports
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  import public.metric_imports :=
    private.import_to_move(import_id, '{draft,checked,importing,imported,undoing,undone}', 'undo_import');
  taken bigint := 0;
begin
  if import.state = 'undone' then
    return import;
  elsif import.state in ('importing', 'imported', 'undoing') then
    taken := private.take_back_part(import);
  end if;
  update public.metric_imports i set rows_undone = i.rows_undone + taken, state = 'undoing'
  where i.id = import.id returning i.* into import;
  if taken > 0 then
    perform private.audit_batch('outcomes', 'delete', import.workspace_id, taken, null, null);
  end if;
  if import.rows_undone >= import.rows_landed or taken = 0 then
    perform private.clear_staging(import.id);
    update public.metric_imports i set state = 'undone', undone_at = private.now()
    where i.id = import.id returning i.* into import;
    perform private.log_import(import,
      format('Took back %s outcomes of %s', import.rows_undone, import.name), import.rows_undone);
  end if;
  return import;
end
$$;

comment on function private.undo_import(uuid) is
E'Takes back the next part of what an import landed; after the last it is undone.\nDefiner: outcomes are append-only for everybody, and this is the one way back.';
