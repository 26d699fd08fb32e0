-- What the audit log keeps of each public table. One line a table: a table without one fails the catalogue's test.
create or replace view private.audited with (security_invoker = true) as
select listed.table_name, listed.mode, listed.secrets, listed.silent
from (values
  -- table, rows (each with before and after) or batch (one event a statement),
  -- columns that nobody may read in the log, columns whose change alone is no event
  ('actions', 'rows', '{}'::text[], '{}'::text[]),
  ('api_keys', 'rows', '{}', '{}'),
  ('approval_requests', 'rows', '{}', '{}'),
  ('approval_reviews', 'rows', '{}', '{}'),
  ('approval_rules', 'rows', '{}', '{}'),
  ('branches', 'rows', '{}', '{}'),
  ('capabilities', 'rows', '{}', '{}'),
  ('changes', 'rows', '{}', '{}'),
  ('comments', 'rows', '{}', '{}'),
  ('deployments', 'rows', '{}', '{}'),
  ('environments', 'rows', '{}', '{}'),
  ('erasures', 'rows', '{}', '{}'),
  ('experiment_actions', 'rows', '{}', '{}'),
  ('experiment_intents', 'rows', '{}', '{}'),
  ('experiment_metrics', 'rows', '{}', '{}'),
  ('experiment_phase_arms', 'rows', '{}', '{}'),
  ('experiment_phases', 'rows', '{}', '{}'),
  ('experiment_results', 'batch', '{}', '{}'),
  ('experiment_templates', 'rows', '{}', '{}'),
  ('experiments', 'rows', '{}', '{}'),
  ('exposures', 'batch', '{}', '{}'),
  ('factor_levels', 'rows', '{}', '{}'),
  ('factors', 'rows', '{}', '{}'),
  ('inferences', 'batch', '{}', '{}'),
  ('holdouts', 'rows', '{}', '{}'),
  ('intent_examples', 'rows', '{}', '{}'),
  ('intents', 'rows', '{}', '{}'),
  ('invitations', 'rows', '{}', '{}'),
  ('job_failures', 'batch', '{}', '{}'),
  ('layers', 'rows', '{}', '{}'),
  ('members', 'rows', '{}', '{}'),
  ('metric_imports', 'rows', '{report}', '{}'),
  ('outcome_keys', 'batch', '{}', '{}'),
  ('outcome_metrics', 'rows', '{}', '{}'),
  ('outcomes', 'batch', '{}', '{}'),
  ('prompt_template_versions', 'rows', '{}', '{}'),
  ('prompt_templates', 'rows', '{}', '{}'),
  ('prompt_versions', 'rows', '{}', '{}'),
  ('prompts', 'rows', '{}', '{}'),
  ('provider_keys', 'rows', '{}', '{}'),
  ('ramp_steps', 'rows', '{}', '{}'),
  ('ramps', 'rows', '{}', '{}'),
  ('role_permissions', 'rows', '{}', '{}'),
  ('roles', 'rows', '{}', '{}'),
  ('run_results', 'batch', '{}', '{}'),
  ('runs', 'rows', '{}', '{}'),
  ('tag_moves', 'rows', '{}', '{}'),
  ('tags', 'rows', '{}', '{}'),
  ('test_cases', 'rows', '{}', '{}'),
  ('variant_levels', 'rows', '{}', '{}'),
  ('variant_rollbacks', 'rows', '{}', '{}'),
  ('variant_versions', 'rows', '{}', '{}'),
  ('variants', 'rows', '{}', '{}'),
  ('workspaces', 'rows', '{}', '{}')
) as listed (table_name, mode, secrets, silent);

comment on view private.audited is 'One row per public table whose writes are in the audit log: how, and which columns are kept out.';

create or replace view private.audit_exempt with (security_invoker = true) as
select listed.table_name, listed.reason
from (values
  ('api_key_uses', 'When a key was last used: a clock that the gate moves, not a write of anybody.'),
  ('assignments', 'Append-only, and each row names its actor: it is its own record. A second one would slow decide by two fifths.'),
  ('audit_events', 'The log itself.'),
  ('experiment_revisions', 'A log itself: what the experiment was at each revision, and whose it is.'),
  ('experiment_moves', 'Reference data: the same for all workspaces, written by migrations alone.'),
  ('ingest_batches', 'A log itself: what of a batch did not land. What did is in the log by its own table.'),
  ('notification_mutes', 'A person''s own: who reads the log has no business with what somebody has muted.'),
  ('notification_preferences', 'A person''s own: as notification_mutes.'),
  ('notifications', 'Written by triggers about events that are in the log; when somebody reads them is their own affair.'),
  ('permissions', 'Reference data: the same for all workspaces, written by migrations alone.')
) as listed (table_name, reason);

comment on view private.audit_exempt is 'One row per public table that is not in the audit log, with the reason.';

create or replace function private.actor_label(kind text, id uuid) returns text
language plpgsql stable
set search_path = ''
as $$
begin
  return case kind
    when 'user' then (select coalesce(nullif(u.email, ''), nullif(u.phone, '')) from auth.users u where u.id = actor_label.id)
    when 'api_key' then (select k.name from public.api_keys k where k.id = actor_label.id)
  end;
end
$$;

comment on function private.actor_label(text, uuid) is 'What an actor is called now: a person''s mail address, a key''s name.';

create or replace function private.audit_position(taken integer) returns integer
language plpgsql
set search_path = ''
as $$
declare
  before constant integer := coalesce(nullif(current_setting('upshot.audit_position', true), '')::integer, 0);
begin
  perform set_config('upshot.audit_position', (before + taken)::text, true);
  return before;
end
$$;

comment on function private.audit_position(integer) is 'Takes so many places in the transaction''s order of events; returns how many were taken before.';

create or replace function private.audit_entry(
  table_name text, operation text, row_count integer
) returns public.audit_events
language plpgsql
set search_path = ''
as $$
declare
  entry public.audit_events;
begin
  entry.occurred_at := private.now();
  entry.actor_kind := private.actor_kind();
  entry.actor_id := private.actor_id();
  if entry.actor_kind = 'user' and entry.actor_id is null then
    -- A role of the platform, say the one that deletes accounts: no person is signed in.
    entry.actor_kind := 'system';
  end if;
  entry.actor_label := private.actor_label(entry.actor_kind, entry.actor_id);
  entry.request_id := private.request_id();
  entry.position := private.audit_position(row_count);
  entry.verb := substring(current_setting('request.path', true) from '/rpc/([a-z0-9_]+)$');
  entry.operation := lower(operation);
  entry.table_name := table_name;
  return entry;
end
$$;

comment on function private.audit_entry(text, text, integer) is
'What all events of a statement share: actor, request, verb, table; position is the number of events before it.';

create or replace function private.audit_pairs(keys text[], before_rows jsonb[], after_rows jsonb[])
returns table (row_key jsonb, before jsonb, after jsonb, changed text[])
language plpgsql immutable
set search_path = ''
set plan_cache_mode = 'force_generic_plan'
as $$
begin
  if before_rows is null or after_rows is null then
    return query select (select jsonb_object_agg(k, r -> k) from unnest(keys) k),
      case when after_rows is null then r end, case when before_rows is null then r end, '{}'::text[]
    from unnest(coalesce(before_rows, after_rows)) r;
    return;
  end if;
  return query
  with old as (
    select (select jsonb_object_agg(k, r -> k) from unnest(keys) k) as key, r from unnest(before_rows) r
  ),
  fresh as (
    select (select jsonb_object_agg(k, r -> k) from unnest(keys) k) as key, r from unnest(after_rows) r
  )
  select coalesce(fresh.key, old.key), old.r, fresh.r,
    case when old.r is null or fresh.r is null then '{}' else array(
      select f.key from jsonb_each(fresh.r) f where f.value is distinct from old.r -> f.key order by f.key) end
  from old full join fresh on fresh.key = old.key;
end
$$;

comment on function private.audit_pairs(text[], jsonb[], jsonb[]) is
'The rows of a statement, before beside after by their primary key, with the columns that differ.';

create or replace function private.audit_rows(
  table_name text, operation text, keys text[], secrets text[], silent text[], before_rows jsonb[], after_rows jsonb[]
) returns void
language plpgsql
set search_path = ''
-- Planned once: for lists of any length it would be planned at every write.
set plan_cache_mode = 'force_generic_plan'
as $$
declare
  mask constant jsonb := coalesce((select jsonb_object_agg(s, '[redacted]') from unnest(secrets) s), '{}');
  id_column constant text := coalesce(
    (select k from unnest(keys) k where k = 'id'), (select k from unnest(keys) k where k <> 'workspace_id' limit 1));
  entry public.audit_events;
begin
  if coalesce(cardinality(before_rows), 0) + coalesce(cardinality(after_rows), 0) = 0 then
    return;
  end if;
  entry := private.audit_entry(table_name, operation, greatest(cardinality(before_rows), cardinality(after_rows)));
  insert into public.audit_events (
    workspace_id, occurred_at, actor_kind, actor_id, actor_label, request_id, position, verb, operation, table_name,
    row_id, row_key, changed, before, after)
  select w.workspace_id, entry.occurred_at, entry.actor_kind, entry.actor_id, entry.actor_label, entry.request_id,
    entry.position + row_number() over (), entry.verb, entry.operation, entry.table_name,
    case when pg_input_is_valid(p.row_key ->> id_column, 'uuid') then (p.row_key ->> id_column)::uuid end, p.row_key, p.changed, p.before || mask, p.after || mask
  from private.audit_pairs(keys, before_rows, after_rows) p
  cross join lateral (
    select (coalesce(p.after, p.before) ->> case entry.table_name when 'workspaces' then 'id' else 'workspace_id' end)::uuid
  ) as w (workspace_id)
  where w.workspace_id is not null
    -- An update that changes nothing, or nothing but a clock, is no event.
    and (p.before is null or p.after is null or not p.changed <@ silent);
end
$$;

comment on function private.audit_rows(text, text, text[], text[], text[], jsonb[], jsonb[]) is
'Appends one event for each row that a statement wrote, secrets masked.';

create or replace function private.tg_audit() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  before_set jsonb[];
  after_set jsonb[];
begin
  -- The transition tables exist only for the operations that have them.
  if tg_op <> 'INSERT' then
    before_set := array(select to_jsonb(r) from before_rows r);
  end if;
  if tg_op <> 'DELETE' then
    after_set := array(select to_jsonb(r) from after_rows r);
  end if;
  perform private.audit_rows(
    tg_table_name, tg_op, tg_argv[0]::text[], tg_argv[1]::text[], tg_argv[2]::text[], before_set, after_set);
  return null;
end
$$;

comment on function private.tg_audit() is
E'Writes what a statement did into the audit log, one event a row. Arguments: key columns, secret ones, silent ones.\nDefiner: the log is append-only and nobody inserts into it by hand.';

create or replace function private.audit_batch(
  table_name text, operation text, tenant uuid, quantity bigint, first_id text, last_id text
) returns void
language plpgsql
set search_path = ''
as $$
declare
  entry constant public.audit_events := private.audit_entry(table_name, operation, 1);
  said constant jsonb :=
    jsonb_strip_nulls(jsonb_build_object('rows', quantity, 'first_id', first_id, 'last_id', last_id));
begin
  insert into public.audit_events (
    workspace_id, occurred_at, actor_kind, actor_id, actor_label, request_id, position, verb, operation, table_name,
    row_id, row_count, before, after)
  values (
    tenant, entry.occurred_at, entry.actor_kind, entry.actor_id, entry.actor_label, entry.request_id,
    entry.position + 1, entry.verb, entry.operation, entry.table_name,
    case quantity when 1 then first_id::uuid end, quantity,
    case when entry.operation = 'delete' then said end, case when entry.operation <> 'delete' then said end);
end
$$;

comment on function private.audit_batch(text, text, uuid, bigint, text, text) is
'Appends the one event of a statement that added rows of evidence to a workspace, or took some back.';

create or replace function private.tg_audit_batch() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  if (tg_argv[0]::text[])[1] = 'id' then
    perform private.audit_batch(tg_table_name, tg_op, x.tenant, x.quantity, x.ids[1]::text, x.ids[x.quantity]::text)
    from (
      select r.workspace_id as tenant, count(*) as quantity, array_agg(r.id order by r.id) as ids
      from after_rows r where r.workspace_id is not null group by r.workspace_id
    ) as x;
  else
    perform private.audit_batch(tg_table_name, tg_op, x.tenant, x.quantity, null, null)
    from (select r.workspace_id as tenant, count(*) as quantity from after_rows r group by r.workspace_id) as x;
  end if;
  return null;
end
$$;

comment on function private.tg_audit_batch() is
E'Writes one event for a statement that adds evidence: how many rows, and between which ids. Argument: key columns.\nDefiner: as tg_audit.';
