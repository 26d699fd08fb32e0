-- What a row of a batch may hold. The verbs, their JSON Schemas and the error texts all read this one list.
create or replace view private.batch_fields as
select field.batch, field.name, field.type, field.is_required, row_number() over () as position
from (values
  ('inference', 'id', 'uuid', true),
  ('inference', 'environment', 'name', true),
  ('inference', 'subject', 'name', true),
  ('inference', 'conversation', 'name', false),
  ('inference', 'capability', 'name', true),
  ('inference', 'action', 'name', false),
  ('inference', 'intent', 'name', false),
  ('inference', 'version_id', 'uuid', true),
  ('inference', 'experiment_id', 'uuid', false),
  ('inference', 'variant_id', 'uuid', false),
  ('inference', 'provider', 'name', true),
  ('inference', 'requested_model', 'name', true),
  ('inference', 'resolved_model', 'name', false),
  ('inference', 'started_at', 'instant', true),
  ('inference', 'latency_ms', 'amount', true),
  ('inference', 'input_tokens', 'count', false),
  ('inference', 'output_tokens', 'count', false),
  ('inference', 'cost_usd', 'amount', false),
  ('inference', 'status', 'status', true),
  ('inference', 'error_code', 'name', false),
  ('inference', 'finish_reason', 'name', false),
  ('inference', 'output', 'text', false),
  ('inference', 'keys', 'keys', false),
  ('outcome', 'metric', 'name', true),
  ('outcome', 'value', 'value', true),
  ('outcome', 'environment', 'name', true),
  ('outcome', 'subject', 'name', false),
  ('outcome', 'conversation', 'name', false),
  ('outcome', 'inference_id', 'uuid', false),
  ('outcome', 'key', 'key', false),
  ('outcome', 'occurred_at', 'instant', true),
  ('outcome', 'source', 'source', true),
  ('outcome', 'source_event_id', 'name', true),
  ('exposure', 'experiment_id', 'uuid', true),
  ('exposure', 'phase_id', 'uuid', false),
  ('exposure', 'variant_id', 'uuid', false),
  ('exposure', 'variant', 'name', false),
  ('exposure', 'subject', 'name', true),
  ('exposure', 'conversation', 'name', false),
  ('exposure', 'intent', 'name', false),
  ('exposure', 'attributes', 'object', false),
  ('exposure', 'exposed_at', 'instant', false),
  ('exposure', 'source', 'source', false),
  ('exposure', 'source_event_id', 'name', false),
  ('result', 'version_id', 'uuid', true),
  ('result', 'test_case_id', 'uuid', true),
  ('result', 'repeat', 'count', true),
  ('result', 'status', 'status', true),
  ('result', 'output', 'text', false),
  ('result', 'finish_reason', 'name', false),
  ('result', 'latency_ms', 'amount', false),
  ('result', 'input_tokens', 'count', false),
  ('result', 'output_tokens', 'count', false),
  ('result', 'cost_usd', 'amount', false),
  ('result', 'error_code', 'name', false),
  ('result', 'error_message', 'text', false),
  ('result', 'attempts', 'count', false)
) as field (batch, name, type, is_required);

comment on view private.batch_fields is 'One row per field that a row of a batch may hold: its type, and whether it must be there.';

create or replace view private.field_types as
select t.type, t.expected
from (values
  ('uuid', 'a uuid'),
  ('name', 'a text of 1 to 512 characters'),
  ('source', 'a text of 1 to 512 characters that does not begin with import:'),
  ('text', 'a text'),
  ('instant', 'an ISO 8601 time with its zone, such as 2026-01-31T09:30:00Z'),
  ('amount', '0 or a number from 1e-60 to 1e60'),
  ('count', 'a whole number from 0 to 2147483647'),
  ('value', 'true, false, 0 or a number whose size is between 1e-60 and 1e60'),
  ('status', 'ok or error'),
  ('object', 'an object'),
  ('key', 'an object {type, value} of two texts'),
  ('keys', 'an array of objects {type, value} of two texts')
) as t (type, expected);

comment on view private.field_types is 'One row per type of field: what it must be, in words.';

create or replace function private.is_key(v jsonb) returns boolean
language sql immutable parallel safe
set search_path = ''
return coalesce(
  jsonb_typeof(v) = 'object'
  and jsonb_typeof(v -> 'type') = 'string' and v ->> 'type' ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'
  and jsonb_typeof(v -> 'value') = 'string' and length(v ->> 'value') between 1 and 512, false);

comment on function private.is_key(jsonb) is 'True for a business key {type, value}.';

create or replace function private.keys_fit(keys jsonb, subject text, conversation text) returns boolean
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  -- An entry of an index has 2,704 bytes; the rest of them are its ids and lengths.
  room constant integer := 2400 - octet_length(subject) - coalesce(octet_length(conversation), 0);
begin
  return jsonb_typeof(keys) <> 'array' or octet_length(keys::text) <= room or not exists (
    select from jsonb_array_elements(keys) k where octet_length(k ->> 'type') + octet_length(k ->> 'value') > room);
end
$$;

comment on function private.keys_fit(jsonb, text, text) is
'Whether each business key can stand beside whom it was seen with: names of 512 characters may have 2,048 bytes.';

create or replace function private.field_fault(field text, type text, v jsonb) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return private.fault(
    case when v is null or v = 'null' then 'missing_field' else 'bad_field' end,
    jsonb_build_object('field', field, 'expected', (
      select t.expected from private.field_types t where t.type = field_fault.type)));
end
$$;

comment on function private.field_fault(text, text, jsonb) is 'The error of a field that is missing or of a wrong type.';

create or replace function private.wrong_fields(kind text, batch jsonb)
returns table (index integer, field text, type text, v jsonb)
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
begin
  return query
  -- One pass over rows × fields, the tests in line: a function call for each would cost more than all the rest.
  with fields as materialized (
    select b.* from private.batch_fields b where b.batch = kind
  )
  select distinct on (e.ordinality) (e.ordinality - 1)::integer, f.name, f.type, x.v
  from jsonb_array_elements(wrong_fields.batch) with ordinality as e
  cross join fields f
  cross join lateral (select nullif(e.value -> f.name, 'null'), e.value ->> f.name) as x (v, t)
  where jsonb_typeof(e.value) = 'object'
    and case
      when x.v is null then f.is_required
      when f.type in ('uuid', 'name', 'source', 'text', 'instant') and jsonb_typeof(x.v) <> 'string' then true
      when f.type in ('amount', 'count') and jsonb_typeof(x.v) <> 'number' then true
      else not case f.type
        when 'name' then length(x.t) between 1 and 512
        -- Those are the imports' own: what stands under them is what undo_import takes back.
        when 'source' then length(x.t) between 1 and 512 and x.t not like 'import:%'
        when 'uuid' then x.t ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
        when 'text' then true
        when 'instant' then
          x.t ~* '^\d{4}-\d\d-\d\d[t ]\d\d:\d\d(:\d\d(\.\d+)?)?\s?(z|[+-]\d\d(:?\d\d)?)$'
          and pg_input_is_valid(x.t, 'timestamptz')
        when 'amount' then x.v = '0' or x.v::numeric between 1e-60 and 1e60
        when 'count' then x.t ~ '^\d+$' and pg_input_is_valid(x.t, 'int4')
        when 'value' then jsonb_typeof(x.v) = 'boolean'
          or (jsonb_typeof(x.v) = 'number' and (x.v = '0' or abs(x.v::numeric) between 1e-60 and 1e60))
        when 'status' then x.v in ('"ok"', '"error"')
        when 'object' then jsonb_typeof(x.v) = 'object'
        when 'key' then private.is_key(x.v)
        when 'keys' then jsonb_typeof(x.v) = 'array'
          and not exists (select from jsonb_array_elements(x.v) k where not private.is_key(k))
        else false
      end
    end
  order by e.ordinality, f.position;
end
$$;

comment on function private.wrong_fields(text, jsonb) is
'One row per row of the batch that has a field of a wrong type or lacks one: the first such field.';

create or replace function private.require_batch(batch jsonb) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if jsonb_typeof(batch) is distinct from 'array' then
    perform private.fail('bad_batch');
  elsif jsonb_array_length(batch) > 10000 then
    perform private.fail('batch_too_large', jsonb_build_object('rows', jsonb_array_length(batch)));
  end if;
end
$$;

comment on function private.require_batch(jsonb) is 'Raises when the whole is no batch.';

create or replace function private.row_faults(kind text, batch jsonb) returns table (place integer, fault jsonb)
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
begin
  return query
  select (e.ordinality - 1)::integer, case
    when jsonb_typeof(e.value) <> 'object' then private.fault('bad_row')
    else private.field_fault(w.field, w.type, w.v)
  end
  from jsonb_array_elements(batch) with ordinality as e
  left join private.wrong_fields(kind, batch) w on w.index = e.ordinality - 1
  where jsonb_typeof(e.value) <> 'object' or w.field is not null;
end
$$;

comment on function private.row_faults(text, jsonb) is 'The first error of type of each row that has one; rows are counted from 0.';

create or replace function private.open_batch(kind text, batch jsonb)
returns table (index integer, r jsonb, fault jsonb)
language plpgsql stable
set search_path = ''
as $$
begin
  perform private.require_batch(batch);
  return query
    select (e.ordinality - 1)::integer, e.value, f.fault
    from jsonb_array_elements(batch) with ordinality as e
    left join private.row_faults(kind, batch) f on f.place = e.ordinality - 1;
end
$$;

comment on function private.open_batch(text, jsonb) is
'The rows of a batch, counted from 0, each with its first error of type; raises when the whole is no batch.';

-- How instants are usually written, every digit a zero: what has another shape is looked at more closely.
create or replace function private.instant_shapes() returns text[]
language sql immutable parallel safe
set search_path = ''
return array['0000-00-00T00:00:00Z', '0000-00-00T00:00:00.000Z', '0000-00-00T00:00:00.000000Z',
  '0000-00-00T00:00:00+00:00', '0000-00-00T00:00:00.000+00:00', '0000-00-00T00:00:00.000000+00:00'];

comment on function private.instant_shapes() is 'How instants are usually written, every digit a zero.';

create or replace function private.plain_objects(batch jsonb) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  if batch @? 'strict $[*].type() ? (@ != "object")' then
    return (select jsonb_agg(case jsonb_typeof(e.value) when 'object' then e.value else '{}' end order by e.ordinality)
      from jsonb_array_elements(batch) with ordinality as e);
  end if;
  return batch;
end
$$;

comment on function private.plain_objects(jsonb) is 'A batch with an empty object in the place of each row that is none.';

-- Not language sql: with a pinned search_path that would be planned at each call, for a tenth of a millisecond.
create or replace function private.batch_answer(valid bigint, landed bigint, errors jsonb) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
  return jsonb_build_object('accepted', landed, 'duplicates', valid - landed, 'errors', coalesce(errors, '[]'));
end
$$;

comment on function private.batch_answer(bigint, bigint, jsonb) is
'What a batch verb answers: rows that landed, rows that were known already, and the errors by index.';

create type private.batch_count as (
  environment_id uuid, metric_id uuid, experiment_id uuid, code text, landed boolean, rows bigint
);

comment on type private.batch_count is 'How many rows of a batch had one fate: a code, or none for those that just landed.';

create or replace function private.log_batch(tenant uuid, verb text, counts private.batch_count[]) returns void
language sql
set search_path = ''
begin atomic
  insert into public.ingest_batches (workspace_id, environment_id, verb, rows, accepted, duplicates, errors, counts)
  select tenant, c.environment_id, verb, sum(c.rows), coalesce(sum(c.rows) filter (where c.landed), 0),
    coalesce(sum(c.rows) filter (where c.code = 'duplicate'), 0),
    coalesce(sum(c.rows) filter (where not c.landed and c.code <> 'duplicate'), 0),
    jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
      'code', c.code, 'metric_id', c.metric_id, 'experiment_id', c.experiment_id, 'rows', c.rows))
      order by c.code, c.metric_id, c.experiment_id) filter (where c.code is not null)
  from unnest(counts) c
  group by c.environment_id
  having count(c.code) > 0;
end;

comment on function private.log_batch(uuid, text, private.batch_count[]) is
'Writes what of a batch did not land, or landed oddly, into the ledger; nothing for a batch that was clean.';

create or replace function private.ingest_lock(tenant uuid) returns bigint
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return hashtextextended('upshot.ingest ' || tenant, 0);
end
$$;

comment on function private.ingest_lock(uuid) is 'The advisory lock that whoever writes raw events of a workspace shares until they are committed.';

create or replace function private.join_ingest(tenant uuid) returns void
language plpgsql
set search_path = ''
as $$
begin
  perform pg_advisory_xact_lock_shared(private.ingest_lock(tenant));
end
$$;

comment on function private.join_ingest(uuid) is 'Makes whoever must see all that is on its way (erase_subject) wait for this transaction.';

create or replace function private.await_ingest(tenant uuid) returns void
language plpgsql
set search_path = ''
as $$
begin
  -- Held for a moment alone: who began before is done, and who comes later does not wait for what the caller does next.
  begin
    perform pg_advisory_xact_lock(private.ingest_lock(tenant));
    raise exception 'held';
  exception
    when raise_exception then
      null;  -- what the block did is undone, the lock with it
  end;
end
$$;

comment on function private.await_ingest(uuid) is 'Waits until all raw events of a workspace that are on their way are committed or gone.';

create or replace function private.names_erased(tenant uuid, batch jsonb) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
  -- Nearly nobody erased anybody, and then this is one look into an index.
  if not exists (select from private.erased_inferences g where g.workspace_id = tenant) then
    return false;
  end if;
  return exists (
    select from jsonb_to_recordset(batch) as r (id uuid)
    join private.erased_inferences g on g.workspace_id = tenant and g.id = r.id);
end
$$;

comment on function private.names_erased(uuid, jsonb) is 'Whether a batch has a call that was erased with its subject.';
