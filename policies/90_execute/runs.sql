grant execute on function
  public.create_run(uuid[], uuid[], integer, text, uuid), private.create_run(uuid[], uuid[], integer, text, uuid)
to authenticated, service_role;

-- The worker alone.
grant execute on function
  public.claim_jobs_v1(text, integer, integer), public.extend_job_v1(bigint, integer),
  public.complete_job_v1(bigint), public.fail_job_v1(bigint, text, text, integer),
  public.run_work_v1(uuid, jsonb), public.record_run_results_v1(uuid, jsonb),
  private.claim_jobs(integer, integer), private.extend_job(bigint, integer),
  private.complete_job(bigint), private.fail_job(bigint, text, text, integer),
  private.run_work(uuid, jsonb), private.record_run_results(uuid, jsonb), private.bundle(public.prompt_versions)
to service_role;
