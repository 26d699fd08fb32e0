-- Archiving takes a thing out of the lists that people choose from. It deletes nothing, and it changes no answer of
-- decide: what is live stays live, and history stays readable.
create or replace function private.live_use(object_kind text, object_id uuid) returns text
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    with used as (
      select e.* from public.experiments e
      where object_kind = 'environment' and e.environment_id = object_id
        or object_kind = 'capability' and e.capability_id = object_id
        or object_kind = 'action' and exists (
          select from public.experiment_actions a where a.experiment_id = e.id and a.action_id = object_id)
        or object_kind = 'intent' and exists (
          select from public.experiment_intents i where i.experiment_id = e.id and i.intent_id = object_id)
        or object_kind = 'outcome_metric' and exists (
          select from public.experiment_metrics m where m.experiment_id = e.id and m.metric_id = object_id)
        or object_kind = 'prompt' and exists (
          select from public.variants a
          join public.variant_versions r on r.variant_id = a.id
          join public.prompt_versions v on v.id = r.prompt_version_id
          where a.experiment_id = e.id and v.prompt_id = object_id)
    )
    select string_agg('the experiment ' || used.key, ', ' order by used.key)
    from used where used.state in ('in_review', 'active', 'paused'));
end
$$;

comment on function private.live_use(text, uuid) is
'The experiments in review, active or paused that use a thing, in words; null when there are none.';

create or replace function private.set_archived(object_kind text, object_id uuid, archived boolean) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  kept record;
  since timestamptz;
begin
  select k.* into kept from private.object_kinds k where k.object_kind = object_kind and k.permission is not null;
  if kept is null then
    perform private.fail('bad_argument', jsonb_build_object('argument', 'object_kind', 'expected', (
      select 'one of ' || string_agg(k.object_kind, ', ' order by k.object_kind)
      from private.object_kinds k where k.permission is not null)));
  end if;
  perform private.authorise_object(object_kind, object_id, null, kept.permission);
  perform private.require_environment(object_id) where object_kind = 'environment';
  if archived and private.live_use(object_kind, object_id) is not null then
    perform private.fail('still_used', jsonb_build_object(
      'object_kind', object_kind, 'what', private.live_use(object_kind, object_id)));
  end if;
  execute format(
    'update public.%1$I t set archived_at = case when $2 then private.now() end
     where t.id = $1 and (t.archived_at is not null) <> $2', kept.table_name) using object_id, archived;
  execute format('select t.archived_at from public.%I t where t.id = $1', kept.table_name) into since using object_id;
  return jsonb_build_object('object_kind', object_kind, 'object_id', object_id, 'archived_at', since);
end
$$;

comment on function private.set_archived(text, uuid, boolean) is
E'Archives a thing or restores it; the same again changes nothing.\nDefiner: archived_at is nobody''s to write by hand.';

create or replace function private.tg_refuse_archived() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  fresh constant jsonb := to_jsonb(new);
  used uuid;
  is_archived boolean;
begin
  -- Arguments in pairs: a column, and the kind of thing that it names.
  for n in 0 .. tg_nargs / 2 - 1 loop
    used := (fresh ->> tg_argv[2 * n])::uuid;
    if tg_argv[2 * n] = 'prompt_version_id' then
      used := (select v.prompt_id from public.prompt_versions v where v.id = used);
    end if;
    execute format('select exists (select from public.%I t where t.id = $1 and t.archived_at is not null)',
      (select k.table_name from private.object_kinds k where k.object_kind = tg_argv[2 * n + 1]))
      into is_archived using used;
    if is_archived then
      perform private.fail('archived', jsonb_build_object('object_kind', tg_argv[2 * n + 1], 'object_id', used));
    end if;
  end loop;
  return new;
end
$$;

comment on function private.tg_refuse_archived() is
E'Refuses new uses of what is archived. Arguments: pairs of a column and the kind of thing that it names.\nDefiner: looks at things whether or not the caller may.';
