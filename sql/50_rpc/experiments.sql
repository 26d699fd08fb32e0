create or replace function public.activate(experiment_id uuid, expected_revision integer, workspace_id uuid default null)
returns jsonb
language sql volatile
set search_path = ''
return private.move_experiment(experiment_id, 'activate', expected_revision, workspace_id);

comment on function public.activate(uuid, integer, uuid) is E'Starts an experiment: {experiment_id, state, revision}.\nRefused with 409 stale_revision when the experiment has changed since the revision that you name, and with 422 experiment_incomplete, saying what is missing.';

create or replace function public.pause(experiment_id uuid, expected_revision integer, workspace_id uuid default null)
returns jsonb
language sql volatile
set search_path = ''
return private.move_experiment(experiment_id, 'pause', expected_revision, workspace_id);

comment on function public.pause(uuid, integer, uuid) is E'Pauses an active experiment: every subject gets the live deployment until it resumes.\nReturns {experiment_id, state, revision}.';

create or replace function public.resume(experiment_id uuid, expected_revision integer, workspace_id uuid default null)
returns jsonb
language sql volatile
set search_path = ''
return private.move_experiment(experiment_id, 'resume', expected_revision, workspace_id);

comment on function public.resume(uuid, integer, uuid) is E'Resumes a paused experiment; if its arms or weights were changed, a new phase begins.\nReturns {experiment_id, state, revision}.';

create or replace function public.archive(experiment_id uuid, expected_revision integer, workspace_id uuid default null)
returns jsonb
language sql volatile
set search_path = ''
return private.move_experiment(experiment_id, 'archive', expected_revision, workspace_id);

comment on function public.archive(uuid, integer, uuid) is E'Ends an experiment for good; its results stay.\nReturns {experiment_id, state, revision}.';

create or replace function public.restore_variant(
  experiment_id uuid, variant text, expected_revision integer, reason text default '', workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.restore_variant(experiment_id, variant, expected_revision, reason, workspace_id);

comment on function public.restore_variant(uuid, text, integer, text, uuid) is E'Takes the rollback of an arm back, in a new phase: the subjects that have the arm get its version again from the next decide on, and new ones are drawn into it.\nSubjects that came before the rollback count until the rollback, in both arms, because they got the control in between; those that come now count in the new phase. Returns {experiment_id, variant_id, variant, state, revision, rolled_back_at}. Refused: 409 stale_revision, 409 not_rolled_back, 409 move_not_allowed for an archived experiment, 404 unknown_variant.';

create or replace function public.rollback_variant(
  experiment_id uuid, variant text, expected_revision integer, reason text default '', workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.rollback_variant(experiment_id, variant, expected_revision, reason, workspace_id);

comment on function public.rollback_variant(uuid, text, integer, text, uuid) is E'Stops an arm at once: its subjects get the control from the next decide on, and no new one is drawn into it.\nReturns {experiment_id, variant_id, variant, state, revision, rolled_back_at}. What was measured until now stays comparable.';
