create or replace function private.tg_variants__guard() returns trigger
language plpgsql
set search_path = ''
as $$
declare
  parent public.experiments;
begin
  select e.* into parent from public.experiments e
  where e.id = case tg_op when 'DELETE' then old.experiment_id else new.experiment_id end;
  if tg_op = 'UPDATE' and (old.key, old.weight, old.is_control) = (new.key, new.weight, new.is_control) then
    return new;
  elsif parent.state in ('active', 'archived') then
    perform private.fail('pause_first', jsonb_build_object('state', parent.state));
  elsif parent.started_at is not null and (
    tg_op <> 'UPDATE' and coalesce(new.is_control, old.is_control)
    or tg_op = 'UPDATE' and (old.key, old.is_control) <> (new.key, new.is_control)
  ) then
    perform private.fail('experiment_started', '{"what": "control and the keys of its arms"}');
  end if;
  return case tg_op when 'DELETE' then old else new end;
end
$$;

comment on function private.tg_variants__guard() is
'Lets arms and weights change only in a draft or in a pause, and never the control once it has run.';

create or replace trigger _100_guard before insert or update or delete on public.variants
  for each row execute function private.tg_variants__guard();

create or replace function private.tg_variant_versions__guard() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if exists (
    select from public.experiment_phase_arms a
    where a.variant_id = case tg_op when 'DELETE' then old.variant_id else new.variant_id end
  ) then
    perform private.fail('experiment_started', '{"what": "arms that have run and their versions"}');
  end if;
  return case tg_op when 'DELETE' then old else new end;
end
$$;

comment on function private.tg_variant_versions__guard() is 'Keeps the versions of an arm that has run.';

create or replace trigger _100_guard before insert or update or delete on public.variant_versions
  for each row execute function private.tg_variant_versions__guard();

create or replace function private.tg_variant_versions__revise() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform private.revise(a.experiment_id) from public.variants a
  where a.id = case tg_op when 'DELETE' then old.variant_id else new.variant_id end;
  return null;
end
$$;

comment on function private.tg_variant_versions__revise() is
E'What an arm runs is a part of its experiment.\nDefiner: the revision is nobody''s to write.';

create or replace trigger _200_revise after insert or update or delete on public.variant_versions
  for each row execute function private.tg_variant_versions__revise();

create or replace function private.tg_variant_versions__hold() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if current_user in ('authenticated', 'service_role') then
    perform private.hold_draft(a.experiment_id) from public.variants a
    where a.id = case tg_op when 'DELETE' then old.variant_id else new.variant_id end;
  end if;
  return case tg_op when 'DELETE' then old else new end;
end
$$;

comment on function private.tg_variant_versions__hold() is 'As tg_parts__hold, for what an arm runs.';

create or replace trigger _050_hold before insert or delete on public.variant_versions
  for each row execute function private.tg_variant_versions__hold();
