-- History cannot be rewritten, by anyone: not even by a function that means well.
create or replace trigger _000_append_only before update or delete or truncate on public.prompt_versions
  for each statement execute function private.tg_refuse_change();
create or replace trigger _000_append_only before update or delete or truncate on public.prompt_template_versions
  for each statement execute function private.tg_refuse_change();
create or replace trigger _000_append_only before update or delete or truncate on public.tag_moves
  for each statement execute function private.tg_refuse_change();
create or replace trigger _000_append_only before update or delete or truncate on public.deployments
  for each statement execute function private.tg_refuse_change();
create or replace trigger _000_append_only before update or delete or truncate on public.assignments
  for each statement execute function private.tg_refuse_change();
create or replace trigger _000_append_only before update or delete or truncate on public.inferences
  for each statement execute function private.tg_refuse_change();
create or replace trigger _000_append_only before update or delete or truncate on public.outcomes
  for each statement execute function private.tg_refuse_change();
create or replace trigger _000_append_only before update or delete or truncate on public.outcome_keys
  for each statement execute function private.tg_refuse_change();
create or replace trigger _000_append_only before update or delete or truncate on public.exposures
  for each statement execute function private.tg_refuse_change();
create or replace trigger _000_append_only before update or delete or truncate on public.ingest_batches
  for each statement execute function private.tg_refuse_change();
-- A statement that names a partition does not ask the whole.
create or replace trigger _000_append_only before update or delete or truncate on private.inferences_before
  for each statement execute function private.tg_refuse_change();
create or replace trigger _000_append_only before update or delete or truncate on private.inferences_after
  for each statement execute function private.tg_refuse_change();
create or replace trigger _000_append_only before update or delete or truncate on private.inferences_default
  for each statement execute function private.tg_refuse_change();
create or replace trigger _000_append_only before update or delete or truncate on private.outcomes_default
  for each statement execute function private.tg_refuse_change();
create or replace trigger _000_append_only before update or delete or truncate on private.exposures_default
  for each statement execute function private.tg_refuse_change();
create or replace trigger _000_append_only before update or delete or truncate on public.changes
  for each statement execute function private.tg_refuse_change();
create or replace trigger _000_append_only before update or delete or truncate on public.experiment_phases
  for each statement execute function private.tg_refuse_change();
create or replace trigger _000_append_only before update or delete or truncate on public.experiment_phase_arms
  for each statement execute function private.tg_refuse_change();
create or replace trigger _000_append_only before update or truncate on public.variant_rollbacks
  for each statement execute function private.tg_refuse_change();
create or replace trigger _000_append_only before update or delete or truncate on public.run_results
  for each statement execute function private.tg_refuse_change();
create or replace trigger _000_append_only before update or delete or truncate on public.job_failures
  for each statement execute function private.tg_refuse_change();
create or replace trigger _000_append_only before update or delete or truncate on public.holdouts
  for each statement execute function private.tg_refuse_change();
create or replace trigger _000_append_only before update or delete or truncate on public.audit_events
  for each statement execute function private.tg_refuse_change();
create or replace trigger _000_append_only before update or delete or truncate on public.experiment_results
  for each statement execute function private.tg_refuse_change();
create or replace trigger _000_append_only before update or delete or truncate on public.erasures
  for each statement execute function private.tg_refuse_change();
