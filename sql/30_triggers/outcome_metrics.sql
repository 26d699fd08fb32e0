create or replace function private.tg_outcome_metrics__whole() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if new.kind = 'quantile' then
    new.quantile := coalesce(new.quantile, 0.5);
  end if;
  -- As its writer sees them: what is in another workspace is refused by the foreign key, and not spoken of here.
  if exists (
    select from public.outcome_metrics half
    where half.workspace_id = new.workspace_id and half.id in (new.numerator_metric_id, new.denominator_metric_id)
      and (half.kind in ('ratio', 'quantile') or half.id = new.id))
  then
    perform private.fail('bad_ratio');
  end if;
  return new;
end
$$;

comment on function private.tg_outcome_metrics__whole() is
'The median is the usual quantile, and the halves of a ratio are sums: neither a ratio nor a quantile.';

create or replace trigger _100_whole before insert or update on public.outcome_metrics
  for each row execute function private.tg_outcome_metrics__whole();
