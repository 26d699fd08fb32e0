-- The one list of what is announced where: the triggers, frontend_contract/channels.md and their tests read it.
create or replace view private.hint_topics with (security_invoker = true) as
select rule.table_name, rule.topic, rule.topic_column, rule.events, rule.occasion
from (values
  ('workspaces', 'workspace', 'id', array['update'], 'the workspace was renamed'),
  ('members', 'workspace', 'workspace_id', array['insert', 'update', 'delete'], 'somebody joined, left or got another role'),
  ('members', 'user', 'user_id', array['insert', 'update', 'delete'], 'you joined, left or got another role'),
  ('roles', 'workspace', 'workspace_id', array['insert', 'update', 'delete'], 'the roles changed'),
  ('role_permissions', 'workspace', 'workspace_id', array['insert', 'delete'], 'what a role may do changed'),
  ('environments', 'workspace', 'workspace_id', array['insert', 'update', 'delete'], 'the environments changed'),
  ('capabilities', 'workspace', 'workspace_id', array['insert', 'update', 'delete'], 'the capabilities changed'),
  ('actions', 'workspace', 'workspace_id', array['insert', 'update', 'delete'], 'the actions changed'),
  ('intents', 'workspace', 'workspace_id', array['insert', 'update', 'delete'], 'the intents changed'),
  ('outcome_metrics', 'workspace', 'workspace_id', array['insert', 'update', 'delete'], 'the metrics changed'),
  ('provider_keys', 'workspace', 'workspace_id', array['insert', 'update', 'delete'], 'a provider''s key was stored or removed'),
  ('prompts', 'workspace', 'workspace_id', array['insert', 'update', 'delete'], 'a prompt was made or renamed'),
  ('prompts', 'prompt', 'id', array['update', 'delete'], 'the prompt was renamed'),
  ('prompt_versions', 'workspace', 'workspace_id', array['insert'], 'a version was committed'),
  ('prompt_versions', 'prompt', 'prompt_id', array['insert'], 'a version was committed'),
  ('branches', 'prompt', 'prompt_id', array['insert', 'update', 'delete'], 'a branch was made, removed, or its head moved'),
  ('test_cases', 'prompt', 'prompt_id', array['insert', 'update', 'delete'], 'the saved cases changed'),
  ('experiments', 'workspace', 'workspace_id', array['insert', 'update', 'delete'], 'an experiment was drafted, edited or moved'),
  ('experiments', 'experiment', 'id', array['update', 'delete'], 'the experiment was edited or moved; carries its revision'),
  ('experiment_actions', 'experiment', 'experiment_id', array['insert', 'update', 'delete'], 'its actions changed'),
  ('experiment_intents', 'experiment', 'experiment_id', array['insert', 'update', 'delete'], 'its intents changed'),
  ('experiment_metrics', 'experiment', 'experiment_id', array['insert', 'update', 'delete'], 'its metrics changed'),
  ('variants', 'experiment', 'experiment_id', array['insert', 'update', 'delete'], 'its arms changed, or one was rolled back'),
  ('experiment_phases', 'experiment', 'experiment_id', array['insert'], 'a new phase began'),
  ('results', 'experiment', 'experiment_id', array[]::text[],
    'outcomes that it counts were recorded, or it got new subjects or inferences: at most one a second for these'),
  ('deployments', 'workspace', 'workspace_id', array['insert'], 'a version was published or rolled back'),
  ('changes', 'workspace', 'workspace_id', array['insert'], 'the ledger has a new row'),
  ('runs', 'workspace', 'workspace_id', array['insert', 'update'], 'a run was queued, went on or ended'),
  ('runs', 'run', 'id', array['update'], 'the run went on or ended'),
  ('run_results', 'run', 'run_id', array['insert'], 'calls of the run have results')
) as rule (table_name, topic, topic_column, events, occasion);

comment on view private.hint_topics is E'One row per kind of change and topic that hears of it: table, topic, the column with the topic''s id, events, occasion.\nA row without events has its own triggers in result_hints.sql.';
