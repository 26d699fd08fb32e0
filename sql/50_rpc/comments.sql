create or replace function public.add_comment(
  object_kind text, object_id uuid, body text, mentions uuid[] default '{}', thread_id uuid default null,
  workspace_id uuid default null
) returns public.comments
language sql volatile
set search_path = ''
return private.add_comment(object_kind, object_id, body, coalesce(mentions, '{}'), thread_id, workspace_id);

comment on function public.add_comment(text, uuid, text, uuid[], uuid, uuid) is E'Comments on a thing of the workspace; with thread_id, replies to the comment that began a thread there.\nobject_kind is the name of the thing in the singular (experiment, prompt_version, deployment, change, approval_request, run, …) and object_id its id. mentions are user ids of members, who are told. Returns the comment.';

create or replace function public.edit_comment(comment_id uuid, body text, mentions uuid[] default null)
returns public.comments
language sql volatile
set search_path = ''
return private.edit_comment(comment_id, body, mentions);

comment on function public.edit_comment(uuid, text, uuid[]) is E'Changes a comment of your own; mentions stay as they are when left out.\nReturns the comment. What it said before stays in the audit log.';

create or replace function public.delete_comment(comment_id uuid) returns public.comments
language sql volatile
set search_path = ''
return private.delete_comment(comment_id);

comment on function public.delete_comment(uuid) is E'Takes back a comment of your own: its words go, its place in the thread stays.\nReturns the comment.';

create or replace function public.resolve_thread(comment_id uuid, resolved boolean default true) returns public.comments
language sql volatile
set search_path = ''
return private.resolve_thread(comment_id, resolved);

comment on function public.resolve_thread(uuid, boolean) is E'Settles the thread that a comment belongs to, or opens it again (resolved false).\nReturns the comment that began it.';
