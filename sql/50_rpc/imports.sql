create or replace function public.start_import(
  environment text, columns text[], name text default null, file_name text default null, sha256 text default null,
  workspace_id uuid default null
) returns public.metric_imports
language sql volatile
set search_path = ''
return private.start_import(environment, columns, name, file_name, sha256, workspace_id);

comment on function public.start_import(text, text[], text, text, text, uuid) is E'Begins an import of outcomes from a file: columns are the names in its header, sha256 the file''s.\nThe same name and sha256 again returns the import that is there, until it is undone. Then: stage_rows, map_columns, check_import, commit_import; undo_import takes it back.';

create or replace function public.stage_rows(import_id uuid, rows jsonb, first_row bigint default 1) returns jsonb
language sql volatile
set search_path = ''
set statement_timeout = '60s'
return private.stage_rows(import_id, rows, first_row);

comment on function public.stage_rows(uuid, jsonb, bigint) is E'Sends up to 10,000 rows of the file: an array of rows, each an array of its cells as texts (null for an empty one).\nfirst_row is the number of the first of them, from 1 without the header; rows that are there already stay as they are, so sending again is safe. Returns {staged, rows_staged}. Nothing is read or counted yet.';

create or replace function public.map_columns(import_id uuid, mapping jsonb) returns public.metric_imports
language sql volatile
set search_path = ''
return private.map_columns(import_id, mapping);

comment on function public.map_columns(uuid, jsonb) is E'Says what the columns are. Each field is {"column": name} or {"value": text for all rows}: metric, value, occurred_at, and at least one of subject, conversation, inference_id, key_type with key_value; event_id if the file has one, so that a row that comes again in another file is known.\nAnd how to read them: time_zone for times without one (Europe/Berlin), time_format (iso, dmy, mdy, epoch_s, epoch_ms), decimal ("." or ","), thousands, origin (the source that reports the same events through record_outcomes). May be called again until the import is committed.';

create or replace function public.check_import(import_id uuid) returns public.metric_imports
language sql volatile
set search_path = ''
-- A million rows are read in one go; PostgREST applies this to the whole call.
set statement_timeout = '600s'
return private.check_import(import_id);

comment on function public.check_import(uuid) is E'The dry run: reads every staged row as record_outcomes would and lands nothing. The answer''s report says rows good and bad with the first errors by row and column, rows known already, what they match, what each experiment would count, and the range of times and values.';

create or replace function public.commit_import(import_id uuid) returns public.metric_imports
language sql volatile
set search_path = ''
set statement_timeout = '60s'
return private.commit_import(import_id);

comment on function public.commit_import(uuid) is E'Lands the good rows that the last check found, up to 50,000 a call: call it until state is imported. Rows land once, whatever is sent again.\nA part at a time, so that live traffic does not wait for a large file.';

create or replace function public.undo_import(import_id uuid) returns public.metric_imports
language sql volatile
set search_path = ''
set statement_timeout = '60s'
return private.undo_import(import_id);

comment on function public.undo_import(uuid) is E'Takes back what the import landed, and nothing else, up to 50,000 outcomes a call: call it until state is undone.\nEffects move back with it; the audit log and the timeline say so.';
