-- Taking raw rows away, and every number that they made with them. The compactor does the sums: here the units are named.
create or replace function private.mark_units(workspace_id uuid, unit_kind text, units text[]) returns void
language sql
set search_path = ''
begin atomic
  -- In one order, so that two removals never wait for each other.
  select private.mark_unit(mark_units.workspace_id, mark_units.unit_kind, u)
  from (select distinct n as u from unnest(units) n where n is not null order by n) as x;
end;

comment on function private.mark_units(uuid, text, text[]) is 'mark_unit for many, each once.';

create or replace function private.refresh_days_of(workspace_id uuid, subjects text[]) returns void
language plpgsql
set search_path = ''
as $$
#variable_conflict use_variable
declare
  mark private.daily_watermark;
begin
  perform pg_advisory_xact_lock(private.daily_lock());
  select w.* into mark from private.daily_watermark w;
  perform private.touch_changes(array(
    select m from private.recount_days(array(
      select row(u.workspace_id, u.environment_id, u.capability_id, u.subject, u.day)::private.unit_day_key
      from private.unit_days u
      where u.workspace_id = workspace_id and u.subject = any (subjects) and u.day >= mark.kept_from), '{}', mark.lo) m));
end
$$;

comment on function private.refresh_days_of(uuid, text[]) is
E'Computes the days of some subjects anew from the raw rows that are left.\nDays whose raw rows were retired stay as they are.';

create or replace function private.forget_days_of(workspace_id uuid, subject text) returns void
language plpgsql
set search_path = ''
as $$
#variable_conflict use_variable
begin
  -- What the tier has not come to yet is gone when it comes.
  perform pg_advisory_xact_lock(private.daily_lock());
  perform private.add_hours(array(
    select h from private.hours_of(0, (select w.lo from private.daily_watermark w), workspace_id, subject) h), -1);
  perform private.touch_changes(array(
    select m from private.reset_unit_days(array(
      select u from private.unit_days u where u.workspace_id = workspace_id and u.subject = subject), '{}') m));
end
$$;

comment on function private.forget_days_of(uuid, text) is
'Takes a subject out of all days and hours: before its raw rows go, which say what it added to them.';

create or replace function private.remove_outcomes(gone public.outcomes[]) returns void
language plpgsql
set search_path = ''
as $$
declare
  tenant constant uuid := (gone[1]).workspace_id;
  subjects text[];
  conversations text[];
begin
  with unplaced as (
    delete from private.outcome_places p where p.outcome_id in (select g.id from unnest(gone) g)
    returning p.subject, p.conversation
  )
  select array_agg(distinct x.subject), array_agg(distinct x.conversation) into subjects, conversations
  from (select g.subject, g.conversation from unnest(gone) g union all select u.subject, u.conversation from unplaced u) as x;
  perform private.permit_removal('outcomes');
  delete from public.outcomes o
  using unnest(gone) g where o.id = g.id and o.received_at = g.received_at;
  perform private.end_removal();
  if tenant is not null then
    perform private.mark_units(tenant, 'subject', subjects);
    perform private.mark_units(tenant, 'conversation', conversations);
    perform private.refresh_days_of(tenant, subjects);
  end if;
end
$$;

comment on function private.remove_outcomes(public.outcomes[]) is
'Takes outcomes of one workspace away, where they were placed, and marks whose they were. Their claims are the caller''s.';
