create or replace function private.run_items(version_ids uuid[], test_case_ids uuid[], repeats integer)
returns table (workspace_id uuid, version_id uuid, test_case_id uuid, repeat integer)
language sql stable
set search_path = ''
as $$
  select v.workspace_id, v.id, t.id, r
  from public.prompt_versions v
  join public.test_cases t on t.workspace_id = v.workspace_id
    and (t.id = any (test_case_ids) or (test_case_ids is null and t.prompt_id = v.prompt_id))
  cross join generate_series(1, repeats) r
  where v.id = any (version_ids)
  order by v.id, t.id, r
$$;

comment on function private.run_items(uuid[], uuid[], integer) is
'The calls of a run: each version with each named test case, or with all of its own prompt''s.';

create or replace function private.check_run(
  version_ids uuid[], test_case_ids uuid[], repeats integer, tenant uuid
) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  stranger uuid;
begin
  if coalesce(cardinality(version_ids), 0) not between 1 and 100 or repeats not between 1 and 100 or repeats is null then
    perform private.fail('bad_argument',
      '{"argument": "version_ids and repeats", "expected": "1 to 100 ids and 1 to 100 repeats"}');
  end if;
  select w into stranger from unnest(version_ids) w
  where not exists (select from public.prompt_versions v where v.id = w and v.workspace_id = tenant) limit 1;
  if found then
    perform private.fail('unknown_version', jsonb_build_object('version_id', stranger));
  end if;
  select w into stranger from unnest(test_case_ids) w
  where not exists (select from public.test_cases t where t.id = w and t.workspace_id = tenant) limit 1;
  if found then
    perform private.fail('unknown_test_case', jsonb_build_object('test_case_id', stranger));
  end if;
end
$$;

comment on function private.check_run(uuid[], uuid[], integer, uuid) is
'Raises unless every version and test case is the workspace''s own and the numbers are in range.';

create or replace function private.enqueue_run(run public.runs, version_ids uuid[], test_case_ids uuid[], repeats integer)
returns void
language sql
set search_path = ''
begin atomic
  -- Chunks of twenty calls: small enough to lose little when a worker dies, large enough to share one round trip.
  select private.enqueue('run_chunk', jsonb_build_object(
    'run_id', (run).id, 'workspace_id', (run).workspace_id, 'items', chunk.items))
  from (
    select jsonb_agg(jsonb_build_object(
      'version_id', i.version_id, 'test_case_id', i.test_case_id, 'repeat', i.repeat) order by i.place) as items
    from (
      select x.*, row_number() over () as place from private.run_items(version_ids, test_case_ids, repeats) x
    ) as i
    group by (i.place - 1) / 20
  ) as chunk;
end;

comment on function private.enqueue_run(public.runs, uuid[], uuid[], integer) is 'Queues the calls of a run in chunks.';

create or replace function private.create_run(
  version_ids uuid[], test_case_ids uuid[], repeats integer, name text, workspace_id uuid
) returns public.runs
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  tenant uuid := private.authorise(workspace_id, 'runs.write');
  calls integer;
  run public.runs;
begin
  perform private.check_run(version_ids, test_case_ids, repeats, tenant);
  calls := (select count(*) from private.run_items(version_ids, test_case_ids, repeats));
  if calls not between 1 and 100000 then
    perform private.fail(case calls when 0 then 'nothing_to_run' else 'bad_argument' end,
      '{"argument": "version_ids, test_case_ids and repeats", "expected": "at most 100,000 calls together"}');
  end if;
  insert into public.runs (workspace_id, name, total, created_by)
  values (tenant, coalesce(name, format('%s versions, %s calls', cardinality(version_ids), calls)), calls, auth.uid())
  returning * into run;
  perform private.enqueue_run(run, version_ids, test_case_ids, repeats);
  return run;
end
$$;

comment on function private.create_run(uuid[], uuid[], integer, text, uuid) is
E'Makes a run and queues its calls in the same transaction.\nDefiner: the queue''s schema is closed to the API''s roles.';

create or replace function private.run_work(run_id uuid, items jsonb) returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'version_id', v.id, 'test_case_id', t.id, 'repeat', i.repeat,
    'bundle', private.bundle(v), 'variables', t.variables, 'expected', t.expected) order by v.id, t.id, i.repeat), '[]')
  from public.runs r
  cross join lateral jsonb_to_recordset(items) as i (version_id uuid, test_case_id uuid, repeat integer)
  join public.prompt_versions v on v.workspace_id = r.workspace_id and v.id = i.version_id
  join public.test_cases t on t.workspace_id = r.workspace_id and t.id = i.test_case_id
  where r.id = run_work.run_id
    and not exists (
      select from public.run_results s
      where s.run_id = r.id and s.version_id = v.id and s.test_case_id = t.id and s.repeat = i.repeat)
$$;

comment on function private.run_work(uuid, jsonb) is
'What the worker needs for the items that have no result yet: bundle, variables, expected.';

create or replace function private.count_results(run_id uuid, landed integer, failures integer) returns void
language sql
set search_path = ''
begin atomic
  update public.runs r set
    done = r.done + landed,
    failed = r.failed + failures,
    state = case when r.done + landed = r.total then 'done' else 'running' end,
    finished_at = case when r.done + landed = r.total then private.now() end
  where r.id = count_results.run_id and landed > 0;
end;

comment on function private.count_results(uuid, integer, integer) is 'Adds results to a run''s counts and ends it with the last.';

create or replace function private.record_run_results(run_id uuid, results jsonb) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  tenant uuid := (select r.workspace_id from public.runs r where r.id = run_id for no key update);
  fault jsonb := (select b.fault from private.open_batch('result', results) b where b.fault is not null limit 1);
  landed integer;
  failures integer;
begin
  if tenant is null then
    perform private.fail('unknown_run', jsonb_build_object('run_id', run_id));
  elsif fault is not null then
    raise exception using errcode = 'PT422', message = fault ->> 'message', hint = fault ->> 'hint', detail = fault::text;
  end if;
  with fresh as (
    insert into public.run_results (
      workspace_id, run_id, version_id, test_case_id, repeat, status, output, finish_reason, latency_ms,
      input_tokens, output_tokens, cost_usd, error_code, error_message, attempts)
    select tenant, run_id, x.version_id, x.test_case_id, x.repeat, x.status, x.output, x.finish_reason, x.latency_ms,
      x.input_tokens, x.output_tokens, x.cost_usd, x.error_code, x.error_message, coalesce(x.attempts, 1)
    from jsonb_populate_recordset(null::public.run_results, results) x
    on conflict on constraint run_results_once do nothing
    returning status
  )
  select count(*), count(*) filter (where f.status = 'error') into landed, failures from fresh f;
  perform private.count_results(run_id, landed, failures);
  return jsonb_build_object('accepted', landed, 'duplicates', jsonb_array_length(results) - landed);
end
$$;

comment on function private.record_run_results(uuid, jsonb) is
E'Keeps results once each and counts them into the run.\nDefiner: results are append-only, and no role may insert them by hand.';

create or replace function private.readable_items(payload jsonb) returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(i), '[]')
  from jsonb_array_elements(case jsonb_typeof(payload -> 'items') when 'array' then payload -> 'items' end) i
  where pg_input_is_valid(i ->> 'version_id', 'uuid')
    and pg_input_is_valid(i ->> 'test_case_id', 'uuid')
    and i ->> 'repeat' ~ '^[1-9]\d{0,8}$'
$$;

comment on function private.readable_items(jsonb) is
'The items of a job that name a call. Other things in its payload, or no payload at all, are passed over.';

create or replace function private.bury_run_chunk(
  payload jsonb, attempts integer, error_code text, error_message text
) returns void
language sql
set search_path = ''
begin atomic
  -- A call that will never be made still ends its run: it gets the job's error as its result.
  select private.record_run_results(r.id, buried.results)
  from public.runs r
  cross join lateral (
    select coalesce(jsonb_agg(jsonb_build_object(
      'version_id', w -> 'version_id', 'test_case_id', w -> 'test_case_id', 'repeat', w -> 'repeat',
      'status', 'error', 'error_code', error_code, 'error_message', error_message, 'attempts', attempts)), '[]') as results
    from (
      -- Never more than the run still waits for, nor than a batch may hold.
      select w from jsonb_array_elements(private.run_work(r.id, private.readable_items(payload))) w
      limit least(r.total - r.done, 10000)
    ) as unanswered
  ) as buried
  where r.id = private.as_uuid(payload ->> 'run_id');
end;

comment on function private.bury_run_chunk(jsonb, integer, text, text) is
'Gives the calls of a dead job that have no result the job''s error; a payload that names no run has none.';
