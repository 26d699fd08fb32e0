-- From cells to outcomes. The texts of a file are read here; whether the outcome is good, record_outcomes' own check says.
create or replace function private.import_cells(import public.metric_imports, first_row bigint, last_row bigint)
returns table (
  row_number bigint, width integer, metric text, value text, subject text, conversation text, inference_id text,
  key_type text, key_value text, occurred_at text, event_id text
)
language sql stable
set search_path = ''
as $$
  with plan as materialized (
    select array_agg(import.mapping #>> array[f.field, 'value'] order by f.position) as fixed,
      array_agg(array_position(import.columns, import.mapping #>> array[f.field, 'column']) - 1 order by f.position) as at
    from private.import_fields f
  )
  -- Written out: a function for each cell would cost more than all the rest.
  select r.row_number, jsonb_array_length(r.cells),
    nullif(btrim(coalesce(p.fixed[1], r.cells ->> p.at[1])), ''),
    nullif(btrim(coalesce(p.fixed[2], r.cells ->> p.at[2])), ''),
    nullif(btrim(coalesce(p.fixed[3], r.cells ->> p.at[3])), ''),
    nullif(btrim(coalesce(p.fixed[4], r.cells ->> p.at[4])), ''),
    nullif(btrim(coalesce(p.fixed[5], r.cells ->> p.at[5])), ''),
    nullif(btrim(coalesce(p.fixed[6], r.cells ->> p.at[6])), ''),
    nullif(btrim(coalesce(p.fixed[7], r.cells ->> p.at[7])), ''),
    nullif(btrim(coalesce(p.fixed[8], r.cells ->> p.at[8])), ''),
    nullif(btrim(coalesce(p.fixed[9], r.cells ->> p.at[9])), '')
  from private.import_rows r
  cross join plan p
  where r.import_id = (import).id and r.row_number between first_row and last_row
$$;

comment on function private.import_cells(public.metric_imports, bigint, bigint) is
'The mapped cells of some rows of a file, trimmed; an empty one is null.';

-- plpgsql: asked once a row, and a session keeps its plans.
create or replace function private.iso_instant(said text, time_zone text) returns timestamptz
language plpgsql stable
set search_path = ''
as $$
begin
  if said !~* '^\d{4}-\d{1,2}-\d{1,2}([t ]\s?\d{1,2}:\d\d(:\d\d(\.\d+)?)?\s?([ap]m)?)?\s?(z|[+-]\d\d(:?\d\d)?)?$' then
    return null;
  elsif said ~* ':\d\d.*(z|[+-]\d\d(:?\d\d)?)$' then
    return case when pg_input_is_valid(said, 'timestamptz') then said::timestamptz end;
  end if;
  return case when time_zone is not null and pg_input_is_valid(said, 'timestamp') then said::timestamp at time zone time_zone end;
end
$$;

comment on function private.iso_instant(text, text) is 'As instant_of, for a date that begins with the year.';

create or replace function private.instant_of(said text, time_format text, time_zone text) returns timestamptz
language plpgsql stable
set search_path = ''
as $$
declare
  shape constant text := translate(said, '123456789', '000000000');
begin
  -- Nearly every time in nearly every file; the close look below knows all other ways to write one.
  if time_format = 'iso' and time_zone is not null and shape in ('0000-00-00 00:00:00', '0000-00-00T00:00:00', '0000-00-00 00:00') then
    return case when pg_input_is_valid(said, 'timestamp') then said::timestamp at time zone time_zone end;
  elsif time_format = 'iso' and shape = any (private.instant_shapes()) then
    return case when pg_input_is_valid(said, 'timestamptz') then said::timestamptz end;
  elsif time_format in ('epoch_s', 'epoch_ms') then
    return case when said ~ case time_format when 'epoch_ms' then '^-?\d{1,14}(\.\d+)?$' else '^-?\d{1,11}(\.\d+)?$' end
      then to_timestamp(said::double precision / case time_format when 'epoch_ms' then 1000 else 1 end) end;
  elsif time_format in ('dmy', 'mdy') then
    return private.iso_instant(regexp_replace(said, '^(\d{1,2})[./-](\d{1,2})[./-](\d{4})',
      case time_format when 'dmy' then '\3-\2-\1' else '\3-\1-\2' end), time_zone);
  end if;
  return private.iso_instant(said, time_zone);
end
$$;

comment on function private.instant_of(text, text, text) is
'The instant that a cell names; null when it names none. A time without its zone is a local one of time_zone.';

create or replace function private.instant_words(time_format text, time_zone text) returns text
language sql immutable
set search_path = ''
return case time_format
  when 'epoch_s' then 'seconds since 1970' when 'epoch_ms' then 'milliseconds since 1970'
  else 'a time such as ' || case time_format when 'dmy' then '31.01.2026 09:30' when 'mdy' then '01/31/2026 09:30'
    else '2026-01-31 09:30' end || case when time_zone is null then ' with its zone (or say time_zone)' else '' end
end;

comment on function private.instant_words(text, text) is 'What a time in a file must be.';

create type private.reading_options as (
  width integer, environment text, number_shape text, thousands text, grouped text, decimal text, time_format text,
  time_zone text, instant_words text, has_ids boolean, has_metrics boolean
);

comment on type private.reading_options is 'How the cells of an import are read.';

create or replace function private.reading_options(import public.metric_imports) returns private.reading_options
language sql stable
set search_path = ''
as $$
  select row(
    cardinality(import.columns), e.key,
    format('^[+-]?(\d+([%1$s]\d*)?|[%1$s]\d+)([eE][+-]?\d{1,3})?$', d.decimal),
    d.thousands, case when d.thousands is not null then
      format('^[+-]?\d{1,3}([%s]\d{3})+($|[%s]\d*$)', d.thousands, d.decimal) end, d.decimal,
    coalesce(import.mapping ->> 'time_format', 'iso'), import.mapping ->> 'time_zone',
    private.instant_words(coalesce(import.mapping ->> 'time_format', 'iso'), import.mapping ->> 'time_zone'),
    import.mapping ? 'event_id', import.mapping #> '{metric,column}' is not null)::private.reading_options
  from public.environments e
  cross join lateral (
    select coalesce(import.mapping ->> 'decimal', '.'), import.mapping ->> 'thousands') as d (decimal, thousands)
  where e.id = (import).environment_id
$$;

comment on function private.reading_options(public.metric_imports) is 'What a mapping says of numbers, times and ids.';

create type private.import_text as (
  row_number bigint, field text, expected text, is_empty boolean, metric text, value numeric, subject text, conversation text,
  inference_id text, key_type text, key_value text, occurred_at timestamptz, source_event_id text
);

comment on type private.import_text is 'A row of a file as it was read, or the field that cannot be read and what it must be.';

create or replace function private.import_texts(import public.metric_imports, first_row bigint, last_row bigint)
returns setof private.import_text
language sql stable
set search_path = ''
as $$
  select c.row_number, w.field, w.expected, c.value is null, c.metric, n.number, c.subject, c.conversation, lower(c.inference_id),
    c.key_type, c.key_value, i.instant,
    -- Events of several metrics may share an id: record_outcomes wants one each.
    case when o.has_ids then concat_ws(':', c.event_id, case when o.has_metrics then c.metric end) else c.row_number::text end
  -- offset 0: each is computed once a row, however often it is named further down.
  from (select x.* from private.import_cells(import, first_row, last_row) x offset 0) c
  cross join (select r.* from private.reading_options(import) r offset 0) o
  cross join lateral (
    select case when c.value ~ o.grouped then replace(c.value, o.thousands, '') else c.value end offset 0) as v (plain)
  cross join lateral (select case
    when v.plain ~ o.number_shape then replace(v.plain, o.decimal, '.')::numeric
    when lower(v.plain) in ('true', 'yes') then 1
    when lower(v.plain) in ('false', 'no') then 0
  end offset 0) as n (number)
  cross join lateral (select private.instant_of(c.occurred_at, o.time_format, o.time_zone) offset 0) as i (instant)
  cross join lateral (
    select case when c.width <> o.width then '' when c.value is not null and n.number is null then 'value'
      when i.instant is null then 'occurred_at' when o.has_ids and c.event_id is null then 'event_id' end offset 0) as f (field)
  cross join lateral (
    select f.field, case f.field when '' then format('a row of %s cells, as the header has', o.width)
      when 'value' then format('a number such as 3%s5, or true or false', o.decimal)
      when 'occurred_at' then o.instant_words when 'event_id' then 'there in every row' end as expected offset 0) as w
$$;

comment on function private.import_texts(public.metric_imports, bigint, bigint) is
'Rows of a file, read as their mapping says.';

create or replace function private.import_outcome(said private.import_text, environment text) returns jsonb
language sql stable
set search_path = ''
return jsonb_strip_nulls(jsonb_build_object(
  'metric', (said).metric, 'value', (said).value, 'environment', environment, 'subject', (said).subject,
  'conversation', (said).conversation, 'inference_id', (said).inference_id,
  'key', case when (said).key_value is not null then jsonb_build_object('type', (said).key_type, 'value', (said).key_value) end,
  -- Any source: the claims are made later, in the name of import_claimer.
  'occurred_at', (said).occurred_at, 'source', 'file', 'source_event_id', (said).source_event_id));

comment on function private.import_outcome(private.import_text, text) is 'A row of a file as record_outcomes wants it.';

create or replace function private.clean_readings(import public.metric_imports, texts private.import_text[])
returns table (row_number bigint, metric_id uuid)
language sql stable rows 10000
set search_path = ''
as $$
  -- What record_outcomes would take without a word, seen at once; it may turn a good row down, and must never take a bad one.
  select t.row_number, m.id
  from unnest(texts) t
  join public.outcome_metrics m on m.workspace_id = (import).workspace_id and m.key = t.metric and m.kind <> 'ratio'
    and m.source = 'outcomes'
  where t.field is null and not t.is_empty
    and case when m.kind = 'proportion' then t.value in (0, 1) else t.value = 0 or abs(t.value) between 1e-59 and 1e59 end
    and t.occurred_at between '0001-01-02T00:00:00Z' and '9999-12-30T00:00:00Z'
    and octet_length(t.source_event_id) <= 512
    and (t.subject is null or octet_length(t.subject) <= 512)
    and (t.conversation is null or octet_length(t.conversation) <= 512)
    and (t.inference_id is null
      or t.inference_id like '________-____-____-____-____________' and pg_input_is_valid(t.inference_id, 'uuid'))
    and (t.key_value is null and t.key_type is null
      or private.is_key(jsonb_build_object('type', t.key_type, 'value', t.key_value)))
    and num_nonnulls(t.subject, t.conversation, t.inference_id, t.key_value) > 0
$$;

comment on function private.clean_readings(public.metric_imports, private.import_text[]) is
'The rows of a file that are good at first sight, with their metrics.';

create or replace function private.read_import_part(import public.metric_imports, first_row bigint, last_row bigint)
returns void
language plpgsql
set search_path = ''
as $$
declare
  texts constant private.import_text[] := array(select t from private.import_texts(import, first_row, last_row) t);
begin
  insert into private.import_readings (import_id, workspace_id, row_number, standing, metric_id, value, subject, conversation,
    inference_id, key_type, key_value, occurred_at, source_event_id)
  select import.id, import.workspace_id, t.row_number, 'good', c.metric_id, t.value::float8, t.subject, t.conversation,
    t.inference_id::uuid, case when t.key_value is not null then t.key_type end, t.key_value, t.occurred_at, t.source_event_id
  from private.clean_readings(import, texts) c join unnest(texts) t on t.row_number = c.row_number;
  perform private.read_doubtful(import, array(
    select t from unnest(texts) t
    where not exists (
      select from private.import_readings r where r.import_id = import.id and r.row_number = t.row_number)));
end
$$;

comment on function private.read_import_part(public.metric_imports, bigint, bigint) is
'Reads some rows of a file as record_outcomes would, and keeps what it read.';

create or replace function private.read_doubtful(import public.metric_imports, texts private.import_text[]) returns void
language sql
set search_path = ''
as $$
  with told as materialized (
    select t.*, case when t.field is null and not t.is_empty then private.import_outcome(t, e.key) end as outcome
    from unnest(texts) t join public.environments e on e.id = (import).environment_id
  ),
  numbered as materialized (select t.*, count(t.outcome) over (order by t.row_number) - 1 as index from told t),
  read as materialized (
    select s.* from private.read_outcomes((import).workspace_id,
      (select coalesce(jsonb_agg(n.outcome order by n.row_number), '[]') from numbered n where n.outcome is not null)) s
  )
  insert into private.import_readings (
    import_id, workspace_id, row_number, standing, field, fault, metric_id, value, subject, conversation, inference_id,
    key_type, key_value, occurred_at, source_event_id)
  select (import).id, (import).workspace_id, t.row_number,
    case when t.field is not null or r.fault is not null then 'bad' when t.is_empty then 'empty' else 'good' end,
    t.field, coalesce(r.fault, jsonb_build_object('expected', t.expected)),
    l.metric_id, l.value, l.subject, l.conversation, l.inference_id, l.key_type, l.key_value, l.occurred_at, l.source_event_id
  from numbered t
  left join read r on t.outcome is not null and r.index = t.index
  left join read l on l.index = r.index and l.fault is null
$$;

comment on function private.read_doubtful(public.metric_imports, private.import_text[]) is
'Reads rows of a file in which something may be wrong, each by the check and in the words of record_outcomes.';

create or replace function private.import_claimer(import public.metric_imports) returns text
language sql immutable
set search_path = ''
return case when (import).mapping ?& array['event_id', 'origin'] then (import).mapping ->> 'origin' else (import).source end;

comment on function private.import_claimer(public.metric_imports) is
'In whose name a file''s events are claimed: the origin''s, so that it cannot report them again, else the import''s own.';

create or replace function private.import_kin(import public.metric_imports) returns text[]
language sql stable
set search_path = ''
as $$
  select array(
    select private.import_claimer(i) from public.metric_imports i
    where (import).mapping ? 'event_id' and i.workspace_id = (import).workspace_id and i.mapping ? 'event_id'
      and i.environment_id = (import).environment_id and i.id <> (import).id and i.state in ('importing', 'imported')
    union
    select private.import_claimer(import))
$$;

comment on function private.import_kin(public.metric_imports) is
'The sources whose event ids are the same kind of id as those of the file: itself, its origin, other imports with ids.';

create or replace function private.claims_of(import public.metric_imports, readings private.import_readings[], sources text[])
returns table (row_number bigint, claim uuid)
language sql stable rows 10000
set search_path = ''
as $$
  -- As private.event_claim, in line: a function for each row would cost more than all the rest.
  select r.row_number, substr(encode(sha256(convert_to((import).workspace_id || '|' || (import).environment_id || '|'
    || length(s) || '|' || s || '|' || r.source_event_id, 'UTF8')), 'hex'), 1, 32)::uuid
  from unnest(readings) r cross join unnest(sources) s
$$;

comment on function private.claims_of(public.metric_imports, private.import_readings[], text[]) is
'The keys by which outcome_claims would know rows of a file, in the name of each of some sources.';

create or replace function private.mark_known(import public.metric_imports) returns void
language sql
set search_path = ''
begin atomic
  update private.import_readings r set standing = 'repeat'
  from (
    select g.row_number, row_number() over (partition by g.source_event_id order by g.row_number) as place
    from private.import_readings g where g.import_id = (import).id and g.standing = 'good'
  ) as x
  where r.import_id = (import).id and r.row_number = x.row_number and x.place > 1;
  update private.import_readings r set standing = 'known'
  from (
    select distinct x.row_number
    from (
      -- As claims_of, but never all rows of a large file in memory.
      select g.row_number, substr(encode(sha256(convert_to(
        (import).workspace_id || '|' || (import).environment_id || '|' || length(s) || '|' || s || '|' || g.source_event_id,
        'UTF8')), 'hex'), 1, 32)::uuid as claim
      from private.import_readings g cross join unnest(private.import_kin(import)) s
      where g.import_id = (import).id and g.standing = 'good'
    ) as x
    join private.outcome_claims c on c.key = x.claim
  ) as found
  where r.import_id = (import).id and r.row_number = found.row_number;
end;

comment on function private.mark_known(public.metric_imports) is
'Sets aside what a file says twice, and what another import or the origin has said before.';
