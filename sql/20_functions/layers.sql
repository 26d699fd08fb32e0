create or replace function private.slot_holder(experiment public.experiments) returns text
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select e.key from public.experiments e
    where e.workspace_id = experiment.workspace_id
      and e.layer_id = experiment.layer_id
      and e.environment_id = experiment.environment_id
      and e.id <> experiment.id
      and e.state in ('active', 'paused')
      and e.layer_from < experiment.layer_to
      and experiment.layer_from < e.layer_to
    order by e.layer_from
    limit 1);
end
$$;

comment on function private.slot_holder(public.experiments) is
'The key of a live experiment that holds some of the same slots in the same environment; null when none does.';

create or replace function private.set_holdout(
  environment text, share integer, expected_number integer, reason text, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  tenant uuid := private.authorise(workspace_id, 'layers.write');
  place uuid := private.environment_id(tenant, environment);
  present public.holdouts;
  made public.holdouts;
begin
  if share is null or share not between 0 and 10000 then
    perform private.fail('bad_argument', '{"argument": "share", "expected": "basis points from 0 to 10000"}');
  end if;
  perform pg_advisory_xact_lock(hashtextextended('holdout:' || place, 0));
  select h.* into present from public.holdouts h where h.environment_id = place order by h.number desc limit 1;
  if coalesce(present.number, 0) is distinct from coalesce(expected_number, 0) then
    perform private.fail('stale_holdout', jsonb_build_object(
      'expected_number', expected_number, 'number', coalesce(present.number, 0)));
  elsif present.share is distinct from share then
    insert into public.holdouts (workspace_id, environment_id, number, share, salt, reason, created_by)
    values (tenant, place, coalesce(present.number, 0) + 1, share,
      coalesce(present.salt, encode(sha256(uuid_send(gen_random_uuid())), 'hex')), coalesce(reason, ''), auth.uid())
    returning * into made;
    perform private.log_holdout(made, coalesce(present.share, 0), environment);
    present := made;
  end if;
  return to_jsonb(present) - 'salt' || jsonb_build_object('environment', environment);
end
$$;

comment on function private.set_holdout(text, integer, integer, text, uuid) is
E'Changes the share of subjects that an environment keeps out of every experiment, by compare-and-swap.\nDefiner: holdouts are append-only and numbered under a lock, so nobody may insert them by hand.';

create or replace function private.log_holdout(made public.holdouts, before integer, environment text) returns void
language plpgsql
set search_path = ''
as $$
begin
  perform private.log_change(jsonb_populate_record(null::public.changes, jsonb_build_object(
    'workspace_id', made.workspace_id, 'kind', 'holdout_changed', 'environment_id', made.environment_id,
    'summary', format('Changed the holdout of %s from %s %% to %s %%', environment,
      trim_scale(before / 100.0), trim_scale(made.share / 100.0)),
    'detail', jsonb_build_object('number', made.number, 'from', before, 'to', made.share, 'reason', made.reason))));
end
$$;

comment on function private.log_holdout(public.holdouts, integer, text) is 'The ledger''s row for a holdout that was changed.';
