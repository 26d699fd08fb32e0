create or replace function public.archive_object(object_kind text, object_id uuid) returns jsonb
language sql volatile
set search_path = ''
return private.set_archived(object_kind, object_id, true);

comment on function public.archive_object(text, uuid) is E'Takes a thing out of use: nothing new can refer to it, its history stays. {object_kind, object_id, archived_at}.\nobject_kind is capability, action, intent, environment, outcome_metric, prompt or test_case; lists for people to choose from ask for archived_at=is.null. What is live stays live. Refused with 409 still_used while an experiment in review, active or paused uses it. Twice is once.';

create or replace function public.restore_object(object_kind text, object_id uuid) returns jsonb
language sql volatile
set search_path = ''
return private.set_archived(object_kind, object_id, false);

comment on function public.restore_object(text, uuid) is E'Brings an archived thing back into use. {object_kind, object_id, archived_at: null}.\nAsks for the permission that archiving it asked for. Twice is once.';
