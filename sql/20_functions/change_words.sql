create or replace function private.field_groups(fields text[]) returns integer
language sql immutable parallel safe
set search_path = ''
return (select count(distinct case
  when f in ('messages', 'variables', 'response_format') then 'prompt'
  when f in ('model', 'provider') then 'model'
  else f end)::integer from unnest(fields) f);

comment on function private.field_groups(text[]) is
'How many things changed: the prompt, the model, each parameter, the tools.';

create or replace function private.listed(words text[]) returns text
language sql immutable parallel safe
set search_path = ''
return case cardinality(words) when 0 then '' when 1 then words[1]
  else array_to_string(words[:cardinality(words) - 1], ', ') || ' and ' || words[cardinality(words)] end;

comment on function private.listed(text[]) is 'a, b and c.';

create or replace function private.fields_words(fields text[], is_factorial boolean) returns text
language sql immutable parallel safe
set search_path = ''
return case when private.field_groups(fields) > 1 then format(
  case when is_factorial then 'It changed %s at once; a factorial experiment ran every combination: the rows with a field say what each of them did.'
    else 'It changed %s at once: what each of them did is not separable, this is what they did together.' end,
  private.listed(fields)) end;

comment on function private.fields_words(text[], boolean) is 'What can be said of the parts of a deployment; null when it changed one thing.';

create or replace function private.assumption_of(found private.change_estimates) returns text
language sql stable
set search_path = ''
return case (found).grade
  when 'B' then case when (found).method = 'interrupted_series' then format(
      'Without it, these customers would have gone on along the line and the weekdays of the %s days before it, and nothing else moved them then.',
      (found).days_before)
    else format('Without it, its customers would have gone on as those of the other %s did: before it, both moved alike.',
      (found).compared_with) end
  when 'C' then format('Nothing else moved these customers'' outcome then: %s days after it are set against the same weekdays and intents of %s days before.',
      (found).days_after, (found).days_before)
    || case when (found).pre_trend_p_value < 0.05 then ' They were on the move before it already, so part of it may have come anyway.' else '' end
  when 'not separable' then format(
    'It cannot be told from what came within a week of it: this is what they did together. The others: %s.', (
      select string_agg(c.summary, '; ' order by c.occurred_at, c.id) from public.changes c
      where c.workspace_id = (found).workspace_id and c.id = any ((found).joint_with)))
end;

comment on function private.assumption_of(private.change_estimates) is
'What has to be true for a difference to be a change''s doing, in words.';
