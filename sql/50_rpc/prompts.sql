create or replace function public.commit_version(
  prompt_id uuid, branch text default 'main', messages jsonb default null, variables jsonb default '{}',
  provider text default null, model text default null, params jsonb default '{}', tools jsonb default '[]',
  response_format jsonb default null, message text default '', expected_head uuid default null,
  workspace_id uuid default null
) returns public.prompt_versions
language sql volatile
set search_path = ''
return private.commit_version(
  prompt_id, branch, messages, variables, provider, model, params, tools,
  nullif(response_format, 'null'), message, expected_head, workspace_id);

comment on function public.commit_version(
  uuid, text, jsonb, jsonb, text, text, jsonb, jsonb, jsonb, text, uuid, uuid
) is E'Adds an immutable version to a branch of a prompt and returns it.\nmessages, provider and model must be given. An unchanged bundle is refused (nothing_changed). With expected_head, so is a commit on a branch that has moved on (stale_head).';
