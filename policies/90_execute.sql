-- Who may call what. Everything is taken away first: PUBLIC gets EXECUTE on every new function, and a project's
-- default privileges may have given more.
revoke execute on all functions in schema public, private, stats from public, anon, authenticated, service_role;
revoke all on all sequences in schema public, private from public, anon, authenticated, service_role;

revoke all on
  public.live_deployments, public.experiment_arms, public.experiment_health, public.experiment_effects,
  private.errors, private.batch_fields, private.field_types, private.role_defaults,
  private.phase_arms, private.placed_outcomes, private.unit_outcomes, private.comparisons,
  private.comparison_subjects, private.comparison_cells
from public, anon, authenticated, service_role;

-- Views run with their reader's rights, so the reader needs every view on the way; the policies decide on rows.
grant select on
  public.live_deployments, public.experiment_arms, public.experiment_health, public.experiment_effects,
  private.errors, private.phase_arms, private.placed_outcomes, private.unit_outcomes, private.comparisons,
  private.comparison_subjects, private.comparison_cells
to authenticated, service_role;

-- Used by defaults, policies, triggers and views that run with the caller's rights.
grant execute on all functions in schema stats to authenticated, service_role;
grant execute on function
  private.now(), private.uuidv7(), private.my_workspaces(), private.my_workspaces_with(text),
  private.my_owned_workspaces(), private.fill(text, jsonb), private.fail(text, jsonb),
  private.caller_is_server(), private.may_enter(uuid), private.only_workspace(), private.authorise(uuid, text),
  private.require_permission(uuid, text), private.moments_of(uuid),
  private.bundle_hash(jsonb, jsonb, text, text, jsonb, jsonb, jsonb)
to authenticated, service_role;

-- The verbs, and the definers behind them: those check the caller's permission themselves.
grant execute on function
  public.create_workspace(text, text),
  public.create_prompt(text, text, text, text, uuid),
  public.commit_version(uuid, text, jsonb, jsonb, text, text, jsonb, jsonb, jsonb, text, uuid, uuid),
  public.decide(text, text, text, text, text, text, jsonb, uuid),
  public.publish(text, text, uuid, uuid, text, text, text, uuid),
  public.rollback(text, text, uuid, text, text, uuid, text, uuid),
  public.activate(uuid, integer, uuid),
  public.pause(uuid, integer, uuid),
  public.resume(uuid, integer, uuid),
  public.archive(uuid, integer, uuid),
  public.rollback_variant(uuid, text, integer, text, uuid),
  public.record_inferences(jsonb, uuid),
  public.record_outcomes(jsonb, uuid),
  public.set_provider_key(text, text, text, uuid),
  public.create_run(uuid[], uuid[], integer, text, uuid),
  private.create_workspace(text, text),
  private.commit_version(uuid, text, jsonb, jsonb, text, text, jsonb, jsonb, jsonb, text, uuid, uuid),
  private.decide(text, text, text, text, text, text, jsonb, uuid),
  private.publish(text, text, uuid, uuid, text, text, text, uuid),
  private.rollback(text, text, uuid, text, text, uuid, text, uuid),
  private.move_experiment(uuid, text, integer, uuid),
  private.rollback_variant(uuid, text, integer, text, uuid),
  private.record_inferences(jsonb, uuid),
  private.record_outcomes(jsonb, uuid),
  private.set_provider_key(text, text, text, uuid),
  private.create_run(uuid[], uuid[], integer, text, uuid)
to authenticated, service_role;

-- The worker alone.
grant execute on function
  public.claim_jobs_v1(text, integer, integer), public.extend_job_v1(bigint, integer),
  public.complete_job_v1(bigint), public.fail_job_v1(bigint, text, text, integer),
  public.run_work_v1(uuid, jsonb), public.record_run_results_v1(uuid, jsonb), public.provider_key_v1(uuid, text),
  private.claim_jobs(integer, integer), private.extend_job(bigint, integer),
  private.complete_job(bigint), private.fail_job(bigint, text, text, integer),
  private.run_work(uuid, jsonb), private.record_run_results(uuid, jsonb), private.provider_key(uuid, text),
  private.require_text(text, text, integer), private.bundle(public.prompt_versions)
to service_role;
