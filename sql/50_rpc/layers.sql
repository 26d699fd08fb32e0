create or replace function public.set_holdout(
  environment text, share integer, expected_number integer default 0, reason text default '',
  workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.set_holdout(environment, share, expected_number, reason, workspace_id);

comment on function public.set_holdout(text, integer, integer, text, uuid) is E'Holds a share of an environment''s subjects out of every experiment: share in basis points, 500 is 5 %, 0 ends it.\nReturns the holdout {id, environment, environment_id, number, share, reason, created_by, created_at}. Name in expected_number the number that you saw, 0 for none; a stale one is refused with 409 stale_holdout. Subjects who have an arm in an experiment keep it; they enter no other. The same share again changes nothing. Needs layers.write.';
