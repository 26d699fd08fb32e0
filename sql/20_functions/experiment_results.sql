-- Workers' results: stored once, never changed.
create or replace function private.store_result(entry jsonb) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  said constant jsonb := jsonb_strip_nulls(entry);
  made public.experiment_results := jsonb_populate_record(null::public.experiment_results, jsonb_build_object(
    'id', private.uuidv7(), 'inputs', '{}'::jsonb, 'created_at', private.now(),
    'inputs_hash', encode(sha256(convert_to((said - array['result', 'reason_code', 'grade'])::text, 'UTF8')), 'hex')) || said);
  kept uuid;
begin
  if made.result is null and made.reason_code is null then
    perform private.fail('bad_argument', '{"argument": "result", "expected": "numbers, or a reason_code"}');
  elsif made.grade not in ('A', 'B', 'C', 'not_separable') then
    perform private.fail('bad_argument', '{"argument": "grade", "expected": "A, B, C or not_separable"}');
  end if;
  insert into public.experiment_results select made.* on conflict on constraint experiment_results_once do nothing;
  select r.id into kept from public.experiment_results r
  where r.workspace_id = made.workspace_id and r.inputs_hash = made.inputs_hash;
  perform private.heed_result(made) where made.change_id is not null;
  return jsonb_build_object('result_id', kept, 'inputs_hash', made.inputs_hash, 'is_new', kept = made.id);
end
$$;

comment on function private.store_result(jsonb) is
E'Stores a worker''s result; the same computation again answers the first one''s row.\nDefiner: results are nobody''s to write by hand; the worker alone may call it.';
