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
  moved private.unit_days[];
begin
  perform pg_advisory_xact_lock(private.daily_lock());
  moved := private.replace_unit_days(array(
    select row(u.workspace_id, u.environment_id, u.capability_id, u.subject, u.day)::private.unit_day_key
    from private.unit_days u where u.workspace_id = workspace_id and u.subject = any (subjects)));
  -- The next tick estimates anew what the ledger says of these days.
  update private.change_marks m set refresh_at = private.now()
  from private.change_estimates e
  where e.change_id = m.change_id and e.workspace_id = workspace_id and exists (
    select from unnest(moved) u where u.environment_id = e.environment_id and u.day between e.first_day and e.last_day);
end
$$;

comment on function private.refresh_days_of(uuid, text[]) is 'Computes the days of some subjects anew from the raw rows that are left.';

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
