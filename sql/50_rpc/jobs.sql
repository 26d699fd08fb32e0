create or replace function public.claim_jobs_v1(worker text, quantity integer, lease_seconds integer)
returns table (job_id bigint, kind text, payload jsonb, attempt integer, enqueued_at timestamptz)
language plpgsql volatile
set search_path = ''
as $$
begin
  perform private.require_text('worker', worker, 200);
  return query select * from private.claim_jobs(quantity, lease_seconds);
end
$$;

comment on function public.claim_jobs_v1(text, integer, integer) is E'Worker only: leases up to so many jobs.\nA job that is neither completed nor extended comes back when its lease ends.';

create or replace function public.extend_job_v1(job_id bigint, lease_seconds integer) returns boolean
language sql volatile
set search_path = ''
return private.extend_job(job_id, lease_seconds);

comment on function public.extend_job_v1(bigint, integer) is 'Worker only: prolongs a lease from now on; false when the job is gone.';

create or replace function public.complete_job_v1(job_id bigint) returns boolean
language sql volatile
set search_path = ''
return private.complete_job(job_id);

comment on function public.complete_job_v1(bigint) is 'Worker only: archives a finished job; false when it is gone.';

create or replace function public.fail_job_v1(
  job_id bigint, error_code text, error_message text, retry_in_seconds integer default null
) returns boolean
language sql volatile
set search_path = ''
return private.fail_job(job_id, error_code, error_message, retry_in_seconds);

comment on function public.fail_job_v1(bigint, text, text, integer) is E'Worker only: notes a failed attempt.\nThe job comes back after retry_in_seconds, or is given up when that is null: its calls then get this error as their result.';
