-- A file of outcomes on its way in: begun, staged, mapped, checked, landed in parts, taken back in parts.
-- The browser reads the file; what comes here are its cells as texts, so that one reading serves everybody.
create or replace function private.import_to_move(import_id uuid, states text[], verb text) returns public.metric_imports
language plpgsql
set search_path = ''
as $$
#variable_conflict use_variable
declare
  import public.metric_imports;
begin
  select i.* into import from public.metric_imports i where i.id = import_id;
  perform private.authorise_row(import.workspace_id, null, 'imports.write', 'unknown_import',
    jsonb_build_object('import_id', import_id));
  perform private.require_environment(import.environment_id);
  select i.* into import from public.metric_imports i where i.id = import_id for no key update;
  if not (import.state = any (states)) then
    perform private.fail('import_state', jsonb_build_object('state', import.state, 'verb', verb));
  end if;
  return import;
end
$$;

comment on function private.import_to_move(uuid, text[], text) is
'The import, locked; raises unless the caller may move it and it is in one of the states.';

create or replace function private.require_columns(columns text[]) returns void
language plpgsql immutable
set search_path = ''
as $$
#variable_conflict use_variable
begin
  if coalesce(cardinality(columns), 0) not between 1 and 500
    or exists (select from unnest(columns) c where c is null or length(c) not between 1 and 512)
    or cardinality(columns) <> (select count(distinct c) from unnest(columns) c)
  then
    perform private.fail('bad_argument',
      '{"argument": "columns", "expected": "1 to 500 names of columns, each of them once"}');
  end if;
end
$$;

comment on function private.require_columns(text[]) is 'Raises bad_argument unless these can be the names of a file''s columns.';

create or replace function private.start_import(
  environment text, columns text[], name text, file_name text, sha256 text, workspace_id uuid
) returns public.metric_imports
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  tenant constant uuid := private.authorise(workspace_id, 'imports.write');
  place constant uuid := (select e.id from public.environments e where e.workspace_id = tenant and e.key = environment);
  called constant text := coalesce(name, file_name, 'Import');
  import public.metric_imports;
begin
  if place is null then
    perform private.fail('unknown_environment', jsonb_build_object('environment', environment));
  end if;
  perform private.require_environment(place);
  perform private.require_columns(columns);
  perform private.require_text('name', called, 200);
  if file_name is not null then
    perform private.require_text('file_name', file_name, 255);
  end if;
  if sha256 !~ '^[0-9a-f]{64}$' then
    perform private.fail('bad_argument', '{"argument": "sha256", "expected": "64 hexadecimal digits in lower case"}');
  end if;
  perform pg_advisory_xact_lock(hashtextextended(place || called || coalesce(sha256, ''), 0));
  select i.* into import from public.metric_imports i
  where i.workspace_id = tenant and i.environment_id = place and i.name = called and i.sha256 = sha256
    and i.columns = columns and i.state <> 'undone' order by i.id limit 1;
  if not found then
    insert into public.metric_imports (workspace_id, environment_id, name, file_name, sha256, columns, actor_kind, actor_id)
    values (tenant, place, called, file_name, sha256, columns, private.actor_kind(), private.actor_id())
    returning * into import;
  end if;
  return import;
end
$$;

comment on function private.start_import(text, text[], text, text, text, uuid) is
E'Makes an import, or finds the one of the same file and name.\nDefiner: imports are moved by their verbs alone.';

create or replace function private.stage_rows(import_id uuid, rows jsonb, first_row bigint) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  import public.metric_imports := private.import_to_move(import_id, '{draft,checked}', 'stage_rows');
  staged bigint;
begin
  if jsonb_typeof(rows) is distinct from 'array' or not coalesce(first_row between 1 and 1000000000, false) then
    perform private.fail('bad_argument',
      '{"argument": "rows and first_row", "expected": "an array of rows, and the number of the first of them, from 1 to 1000000000"}');
  elsif jsonb_array_length(rows) > 10000 then
    perform private.fail('batch_too_large', jsonb_build_object('rows', jsonb_array_length(rows)));
  elsif exists (select from jsonb_array_elements(rows) r where jsonb_typeof(r) <> 'array') then
    perform private.fail('bad_argument', '{"argument": "rows", "expected": "an array of rows, each an array of cells"}');
  end if;
  insert into private.import_rows (import_id, workspace_id, row_number, cells)
  select import.id, import.workspace_id, first_row + r.ordinality - 1, r.value
  from jsonb_array_elements(rows) with ordinality as r
  on conflict on constraint import_rows_pkey do nothing;
  get diagnostics staged = row_count;
  update public.metric_imports i set rows_staged = i.rows_staged + staged, state = 'draft'
  where i.id = import.id and staged > 0;
  return jsonb_build_object('staged', staged, 'rows_staged', import.rows_staged + staged);
end
$$;

comment on function private.stage_rows(uuid, jsonb, bigint) is
E'Keeps rows of a file, each number once.\nDefiner: staged rows are closed to the API''s roles.';

create or replace function private.clear_staging(import_id uuid) returns void
language sql
set search_path = ''
begin atomic
  delete from private.import_rows r where r.import_id = clear_staging.import_id;
  delete from private.import_readings r where r.import_id = clear_staging.import_id;
end;

comment on function private.clear_staging(uuid) is 'Lets go of the rows of a file: what it landed stands in outcomes.';
