-- A person's rows, wherever they are. Raw rows go; what was made of them is computed anew from what is left.
create type private.outcome_key_name as (type text, value text);

comment on type private.outcome_key_name is 'A business key by kind and value.';

create type private.traces as (subject text, conversations text[], inference_ids uuid[], keys private.outcome_key_name[]);

comment on type private.traces is 'What outcomes may name a person by.';

create or replace function private.traces_of(tenant uuid, subject text) returns private.traces
language sql stable
set search_path = ''
as $$
  select row(
    traces_of.subject,
    array(
      select distinct x.conversation from (
        select i.conversation from public.inferences i where i.workspace_id = tenant and i.subject = traces_of.subject
        union all
        select u.conversation from private.unit_exposures u where u.workspace_id = tenant and u.subject = traces_of.subject
      ) as x where x.conversation is not null),
    array(select i.id from public.inferences i where i.workspace_id = tenant and i.subject = traces_of.subject),
    array(
      select (k.key_type, k.key_value)::private.outcome_key_name from public.outcome_keys k
      where k.workspace_id = tenant and k.subject = traces_of.subject
        -- A key that was seen with somebody else before is not theirs.
        and not exists (
          select from public.outcome_keys o
          where o.workspace_id = tenant and o.key_type = k.key_type and o.key_value = k.key_value
            and o.subject <> k.subject and (o.seen_at, o.subject) < (k.seen_at, k.subject)))
  )::private.traces
$$;

comment on function private.traces_of(uuid, text) is 'The conversations, inferences and business keys of a subject.';

create or replace function private.outcomes_of(tenant uuid, traces private.traces) returns public.outcomes[]
language sql stable
set search_path = ''
as $$
  select array(
    select o from public.outcomes o where o.workspace_id = tenant and o.subject = (traces).subject
    union all
    select o from public.outcomes o
    where o.workspace_id = tenant and o.subject is null and o.id in (
      select p.outcome_id from private.outcome_places p where p.workspace_id = tenant and p.subject = (traces).subject)
    union all
    -- What came since the last tick has no place yet, nor has what could not be placed.
    select o from public.outcomes o
    where o.workspace_id = tenant and o.subject is null
      and o.tx >= (
        select case when exists (select from private.late_workspaces l where l.workspace_id = tenant) then 0 else w.lo end
        from private.watermark w)
      and o.id not in (select p.outcome_id from private.outcome_places p where p.workspace_id = tenant and p.subject is not null)
      and (o.inference_id = any ((traces).inference_ids) or o.conversation = any ((traces).conversations)
        or (o.key_type, o.key_value) in (select k.type, k.value from unnest((traces).keys) k)))
$$;

comment on function private.outcomes_of(uuid, private.traces) is
'The outcomes of a subject: those that name them, those that were placed with them, and those that would be.';

create or replace function private.erase_staged(tenant uuid, traces private.traces) returns bigint
language plpgsql
set search_path = ''
as $$
declare
  files constant uuid[] := array(select i.id from public.metric_imports i where i.workspace_id = tenant);
  said constant text[] := (traces).subject || (traces).conversations || array(select k.value from unnest((traces).keys) k);
  staged bigint;
begin
  delete from private.import_readings r
  where r.import_id = any (files)
    and (r.subject = (traces).subject or r.conversation = any (said) or r.key_value = any (said)
      or r.inference_id = any ((traces).inference_ids));
  delete from private.import_rows r where r.import_id = any (files) and r.cells ?| said;
  get diagnostics staged = row_count;
  return staged;
end
$$;

comment on function private.erase_staged(uuid, private.traces) is 'Deletes the rows of files that name a subject and have not landed.';

create or replace function private.erase_raw(tenant uuid, traces private.traces) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  counts jsonb;
begin
  perform private.permit_removal('inferences', 'outcome_keys', 'assignments', 'exposures');
  with calls as (delete from public.inferences r where r.workspace_id = tenant and r.subject = (traces).subject returning r.id),
  gone as (insert into private.erased_inferences (workspace_id, id) select tenant, c.id from calls c on conflict do nothing),
  keys as (delete from public.outcome_keys r where r.workspace_id = tenant and r.subject = (traces).subject returning 1),
  arms as (delete from public.assignments r where r.workspace_id = tenant and r.subject = (traces).subject returning 1),
  shown as (delete from public.exposures r where r.workspace_id = tenant and r.subject = (traces).subject returning 1)
  select jsonb_build_object(
    'inferences', (select count(*) from calls), 'outcome_keys', (select count(*) from keys),
    'assignments', (select count(*) from arms), 'exposures', (select count(*) from shown)) into counts;
  perform private.end_removal();
  return counts;
end
$$;

comment on function private.erase_raw(uuid, private.traces) is
'Deletes the inferences, keys, assignments and exposures of a subject; table to rows.';

create or replace function private.erase_subject(subject text, reason text, workspace_id uuid) returns public.erasures
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  tenant constant uuid := private.authorise(workspace_id, 'subjects.erase');
  traces private.traces;
  gone public.outcomes[];
  counts jsonb;
  receipt public.erasures;
begin
  perform private.require_text('subject', subject, 512);
  perform private.require_text('reason', reason, 1000);
  -- All that was sent before this call is there when it looks, and no tick keeps what it read before.
  perform private.await_ingest(tenant);
  perform pg_advisory_xact_lock(private.compactor_lock());
  traces := private.traces_of(tenant, subject);
  gone := private.outcomes_of(tenant, traces);
  perform private.forget_days_of(tenant, subject);
  perform private.remove_outcomes(gone);
  counts := private.erase_raw(tenant, traces) || jsonb_build_object(
    'outcomes', cardinality(gone), 'import_rows', private.erase_staged(tenant, traces));
  perform private.mark_unit(tenant, 'subject', subject);
  perform private.mark_units(tenant, 'conversation', (traces).conversations);
  perform private.audit_batch(c.key, 'delete', tenant, c.value::bigint, null, null)
  from jsonb_each_text(counts) c where c.value::bigint > 0 and c.key <> 'import_rows';
  insert into public.erasures (workspace_id, reason, rows, actor_kind, actor_id)
  values (tenant, reason, counts, private.actor_kind(), private.actor_id()) returning * into receipt;
  return receipt;
end
$$;

comment on function private.erase_subject(text, text, uuid) is
E'Takes a person out of everything, and leaves a receipt.\nDefiner: history is append-only for everybody, and this is one of the two ways out.';
