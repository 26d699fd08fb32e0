create or replace function private.check_mentions(mentions uuid[], tenant uuid) returns uuid[]
language plpgsql stable
set search_path = ''
as $$
declare
  stranger uuid;
begin
  if cardinality(mentions) > 100 then
    perform private.fail('bad_argument', '{"argument": "mentions", "expected": "at most 100 user ids"}');
  end if;
  select u into stranger from unnest(mentions) u
  where not exists (select from public.members m where m.workspace_id = tenant and m.user_id = u) limit 1;
  if found then
    perform private.fail('not_a_member', jsonb_build_object('user_id', stranger));
  end if;
  return array(select distinct u from unnest(mentions) u order by u);
end
$$;

comment on function private.check_mentions(uuid[], uuid) is 'The mentioned users, each once; raises not_a_member for anyone else.';

create or replace function private.add_comment(
  object_kind text, object_id uuid, body text, mentions uuid[], thread_id uuid, workspace_id uuid
) returns public.comments
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  tenant constant uuid := private.authorise_object(object_kind, object_id, workspace_id, 'comments.write');
  made public.comments;
begin
  perform private.require_text('body', body, 10000);
  if thread_id is not null and not exists (
    select from public.comments c
    where c.workspace_id = tenant and c.id = thread_id and c.thread_id is null
      and c.object_kind = object_kind and c.object_id = object_id
  ) then
    perform private.fail('unknown_comment', jsonb_build_object('comment_id', thread_id));
  end if;
  insert into public.comments (
    workspace_id, object_kind, object_id, thread_id, body, mentions, author_kind, author_id)
  values (tenant, object_kind, object_id, thread_id, body, private.check_mentions(mentions, tenant),
    private.actor_kind(), private.actor_id())
  returning * into made;
  return made;
end
$$;

comment on function private.add_comment(text, uuid, text, uuid[], uuid, uuid) is
E'Adds a comment to a thing, or a reply to a thread on it.\nDefiner: who said it, and about what, is not the caller''s to write.';

create or replace function private.lock_comment(comment_id uuid, own boolean) returns public.comments
language plpgsql
set search_path = ''
as $$
declare
  found_one public.comments;
begin
  select c.* into found_one from public.comments c where c.id = comment_id;
  perform private.authorise_row(found_one.workspace_id, null, 'comments.write', 'unknown_comment',
    jsonb_build_object('comment_id', comment_id));
  if own and (found_one.author_id is distinct from private.actor_id() or found_one.author_id is null) then
    perform private.fail('not_yours');
  end if;
  select c.* into found_one from public.comments c where c.id = comment_id for no key update;
  return found_one;
end
$$;

comment on function private.lock_comment(uuid, boolean) is
'A comment, locked; raises unknown_comment for a stranger, and not_yours where only its author may act.';

create or replace function private.edit_comment(comment_id uuid, body text, mentions uuid[]) returns public.comments
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  present public.comments := private.lock_comment(comment_id, true);
  edited public.comments;
begin
  perform private.require_text('body', body, 10000);
  if present.deleted_at is not null then
    perform private.fail('unknown_comment', jsonb_build_object('comment_id', comment_id));
  end if;
  update public.comments c set
    body = body, edited_at = private.now(),
    mentions = private.check_mentions(coalesce(mentions, present.mentions), present.workspace_id)
  where c.id = comment_id and (c.body, c.mentions) is distinct from (body, coalesce(mentions, present.mentions))
  returning c.* into edited;
  return case when edited.id is null then present else edited end;
end
$$;

comment on function private.edit_comment(uuid, text, uuid[]) is
E'Changes a comment of one''s own; the audit log keeps what it said before.\nDefiner: as add_comment.';

create or replace function private.delete_comment(comment_id uuid) returns public.comments
language plpgsql security definer
set search_path = ''
as $$
declare
  present public.comments := private.lock_comment(comment_id, true);
begin
  if present.deleted_at is null then
    update public.comments c set deleted_at = private.now(), body = '', mentions = '{}'
    where c.id = comment_id returning c.* into present;
  end if;
  return present;
end
$$;

comment on function private.delete_comment(uuid) is
E'Takes back a comment of one''s own; its place in the thread stays.\nDefiner: as add_comment.';

create or replace function private.resolve_thread(comment_id uuid, resolved boolean) returns public.comments
language plpgsql security definer
set search_path = ''
as $$
declare
  present public.comments := private.lock_comment(comment_id, false);
begin
  if present.thread_id is not null then
    present := private.lock_comment(present.thread_id, false);
  end if;
  if (present.resolved_at is not null) <> resolved then
    update public.comments c set
      resolved_at = case when resolved then private.now() end, resolved_by = case when resolved then auth.uid() end
    where c.id = present.id returning c.* into present;
  end if;
  return present;
end
$$;

comment on function private.resolve_thread(uuid, boolean) is
E'Settles a thread, or opens it again.\nDefiner: as add_comment.';
