create or replace function private.tg_experiments__rules() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' and old.started_at is not null then
    if (old.audience, old.layer_id) is distinct from (new.audience, new.layer_id) then
      perform private.fail('experiment_started', '{"what": "audience and layer"}');
    elsif (old.layer_from, old.layer_to) is distinct from (new.layer_from, new.layer_to) then
      -- Slots decide who is drawn from now on; whoever has an arm keeps it.
      perform private.require_permission(old.workspace_id, 'layers.write');
    end if;
  end if;
  if new.audience is not null and (tg_op = 'INSERT' or old.audience is distinct from new.audience) then
    perform private.check_audience(new.audience);
  end if;
  if new.layer_id is not null and new.state in ('active', 'paused') then
    -- Two experiments may take the same slots at once: the layer's row decides who is first.
    perform from public.layers l where l.id = new.layer_id for no key update;
    if private.slot_holder(new) is not null then
      perform private.fail('layer_slot_taken', jsonb_build_object(
        'layer_from', new.layer_from, 'layer_to', new.layer_to, 'holder', private.slot_holder(new)));
    end if;
  end if;
  return new;
end
$$;

comment on function private.tg_experiments__rules() is
E'Keeps audiences valid, and the slots of live experiments of a layer apart.\nDefiner: locks the layer and sees its experiments, whoever writes.';

create or replace trigger _110_rules before insert or update on public.experiments
  for each row execute function private.tg_experiments__rules();
