create or replace function public.annotate(
  summary text, kind text default 'annotation', occurred_at timestamptz default null,
  environment text default null, capability text default null, action text default null, intent text default null,
  experiment_id uuid default null, supersedes uuid default null, detail jsonb default '{}',
  workspace_id uuid default null
) returns public.changes
language sql volatile
set search_path = ''
return private.annotate(
  summary, kind, occurred_at, environment, capability, action, intent, experiment_id, supersedes, detail, workspace_id);

comment on function public.annotate(
  text, text, timestamptz, text, text, text, text, uuid, uuid, jsonb, uuid
) is E'Marks the timeline with something that may have moved an outcome: a campaign, a holiday, an outage.\nkind is annotation or incident; occurred_at is when it happened (now when left out); environment, capability, action, intent and experiment_id say what it concerns, detail is the caller''s own object. supersedes corrects an earlier mark: both rows stay in changes, timeline shows the last. Returns the row.';
