-- Nothing new uses what is archived. (A rollback is nothing new: it returns to what was live.)
create or replace trigger _050_present before insert on public.actions
  for each row execute function private.tg_refuse_archived('capability_id', 'capability');
create or replace trigger _050_present before insert on public.prompts
  for each row execute function private.tg_refuse_archived('capability_id', 'capability', 'action_id', 'action');
create or replace trigger _050_present before insert on public.prompt_versions
  for each row execute function private.tg_refuse_archived('prompt_id', 'prompt');
create or replace trigger _050_present before insert on public.test_cases
  for each row execute function private.tg_refuse_archived('prompt_id', 'prompt');
create or replace trigger _050_present before insert on public.intent_examples
  for each row execute function private.tg_refuse_archived('intent_id', 'intent');
create or replace trigger _050_present_insert before insert on public.experiments
  for each row execute function private.tg_refuse_archived('environment_id', 'environment', 'capability_id', 'capability');
create or replace trigger _050_present_update before update of state, environment_id, capability_id on public.experiments
  for each row when (
    new.state = 'active' and old.state <> 'active'
    or new.environment_id <> old.environment_id or new.capability_id <> old.capability_id)
  execute function private.tg_refuse_archived('environment_id', 'environment', 'capability_id', 'capability');
create or replace trigger _050_present before insert on public.experiment_actions
  for each row execute function private.tg_refuse_archived('action_id', 'action');
create or replace trigger _050_present before insert on public.experiment_intents
  for each row execute function private.tg_refuse_archived('intent_id', 'intent');
create or replace trigger _050_present before insert on public.experiment_metrics
  for each row execute function private.tg_refuse_archived('metric_id', 'outcome_metric');
create or replace trigger _050_present before insert or update of prompt_version_id on public.variant_versions
  for each row execute function private.tg_refuse_archived('prompt_version_id', 'prompt');
create or replace trigger _050_present before insert on public.deployments
  for each row when (new.kind = 'publish')
  execute function private.tg_refuse_archived(
    'environment_id', 'environment', 'capability_id', 'capability', 'action_id', 'action', 'intent_id', 'intent',
    'prompt_version_id', 'prompt');
