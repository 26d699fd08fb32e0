create or replace function private.enqueue(kind text, payload jsonb) returns bigint
language plpgsql
set search_path = ''
as $$
declare
  job bigint := (select s from pgmq.send('jobs', jsonb_build_object('kind', kind, 'payload', payload)) s);
begin
  perform realtime.send(jsonb_build_object('job_id', job, 'kind', kind), 'job_queued', 'jobs', true);
  return job;
end
$$;

comment on function private.enqueue(text, jsonb) is 'Queues a job in this transaction and wakes the workers when it commits.';

create or replace function private.claim_jobs(quantity integer, lease_seconds integer)
returns table (job_id bigint, kind text, payload jsonb, attempt integer, enqueued_at timestamptz)
language plpgsql security definer
set search_path = ''
as $$
begin
  if quantity not between 1 and 100 or lease_seconds not between 1 and 3600 then
    perform private.fail('bad_argument',
      '{"argument": "quantity and lease_seconds", "expected": "1 to 100 jobs and 1 to 3600 seconds"}');
  end if;
  return query
    select m.msg_id, m.message ->> 'kind', m.message -> 'payload', m.read_ct, m.enqueued_at
    from pgmq.read('jobs', lease_seconds, quantity) m;
end
$$;

comment on function private.claim_jobs(integer, integer) is
E'Leases jobs: nobody else sees them until the lease ends.\nDefiner: the queue''s schema is closed to the API''s roles.';

create or replace function private.extend_job(job_id bigint, lease_seconds integer) returns boolean
language sql security definer
set search_path = ''
begin atomic
  select count(*) > 0 from pgmq.set_vt('jobs', job_id, lease_seconds);
end;

comment on function private.extend_job(bigint, integer) is
E'Prolongs a lease from now on; false when the job is gone.\nDefiner: the queue''s schema is closed to the API''s roles.';

create or replace function private.complete_job(job_id bigint) returns boolean
language sql security definer
set search_path = ''
begin atomic
  select pgmq.archive('jobs', job_id);
end;

comment on function private.complete_job(bigint) is
E'Takes a finished job out of the queue into its archive; false when it is gone.\nDefiner: the queue''s schema is closed to the API''s roles.';

create or replace function private.fail_job(
  job_id bigint, error_code text, error_message text, retry_in_seconds integer
) returns boolean
language plpgsql security definer
set search_path = ''
as $$
declare
  job record;
begin
  -- A poison message still has to leave the queue: whatever it lacks is noted as absent.
  select q.read_ct, q.message ->> 'kind' as kind, coalesce(q.message -> 'payload', q.message, 'null') as payload into job
  from pgmq.q_jobs q where q.msg_id = job_id for update;
  if not found then
    return false;
  end if;
  insert into public.job_failures (workspace_id, job_id, kind, payload, attempt, error_code, error_message, is_dead)
  values ((select w.id from public.workspaces w where w.id = private.as_uuid(job.payload ->> 'workspace_id')),
    job_id, job.kind, job.payload, job.read_ct,
    error_code, error_message, retry_in_seconds is null);
  if retry_in_seconds is null then
    perform private.bury_run_chunk(job.payload, job.read_ct, error_code, error_message) where job.kind = 'run_chunk';
    perform pgmq.archive('jobs', job_id);
  else
    perform pgmq.set_vt('jobs', job_id, retry_in_seconds);
  end if;
  return true;
end
$$;

comment on function private.fail_job(bigint, text, text, integer) is
E'Notes a failed attempt; the job comes back after so many seconds, or never when that is null.\nDefiner: the queue''s schema is closed to the API''s roles.';
