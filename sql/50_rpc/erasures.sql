create or replace function public.erase_subject(subject text, reason text, workspace_id uuid default null)
returns public.erasures
language sql volatile
set search_path = ''
-- A person is looked for in every table, also where no index leads to them.
set statement_timeout = '300s'
return private.erase_subject(subject, reason, workspace_id);

comment on function public.erase_subject(text, text, uuid) is E'Erases a person: inferences with what the model said, outcomes, business keys, assignments, exposures, staged rows of files. Effects no longer hold them from the next tick on.\nReturns the receipt: rows per table, and nothing that tells who it was. Calling again erases what came since. What was claimed stays claimed, so that outcomes sent again do not bring them back.';
