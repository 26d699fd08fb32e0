create or replace function private.fold_of(metric public.outcome_metrics) returns text
language plpgsql immutable
set search_path = ''
as $$
begin
  return coalesce((metric).per_subject, case
    when (metric).kind = 'proportion' then 'max'
    when (metric).kind = 'count' or (metric).when_absent = 'zero' then 'sum'
    else 'mean'
  end);
end
$$;

comment on function private.fold_of(public.outcome_metrics) is 'How several outcomes of one subject become one number: sum, mean or max.';
