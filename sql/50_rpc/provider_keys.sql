create or replace function public.set_provider_key(
  provider text, secret text, name text default null, workspace_id uuid default null
) returns public.provider_keys
language sql volatile
set search_path = ''
return private.set_provider_key(provider, secret, name, workspace_id);

comment on function public.set_provider_key(text, text, text, uuid) is E'Stores the key of a language-model provider in Vault, or replaces it.\nprovider is openai, anthropic or gemini: what the versions that shall run with it say. Nobody can read it back; the row that is returned shows its last four characters.';

create or replace function public.provider_key_v1(workspace_id uuid, provider text) returns text
language sql stable
set search_path = ''
return private.provider_key(workspace_id, provider);

comment on function public.provider_key_v1(uuid, text) is 'Worker only: a provider''s key in the clear.';

create or replace function public.test_provider_key(provider text, workspace_id uuid default null)
returns public.provider_keys
language sql volatile
set search_path = ''
return private.test_provider_key(provider, workspace_id);

comment on function public.test_provider_key(text, uuid) is E'Has a worker make the cheapest call that proves a provider''s key: it asks for the list of models, which costs nothing.\nReturns at once; the row of provider_keys then says last_tested_at, test_status and test_error_code. Asking again while the answer is to come queues nothing. Needs provider_keys.write.';

create or replace function public.delete_provider_key(
  provider text, force boolean default false, workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.delete_provider_key(provider, force, workspace_id);

comment on function public.delete_provider_key(text, boolean, uuid) is E'Removes a provider''s key from Vault for good: {provider, runs_waiting}. A worker forgets it within a minute.\nRefused while queued runs need it (provider_key_in_use), unless force is true: their calls then end with provider_key_missing. Needs provider_keys.write.';

create or replace function public.record_provider_key_test_v1(
  workspace_id uuid, provider text, rotated_at timestamptz, error_code text default null
) returns boolean
language sql volatile
set search_path = ''
return private.record_provider_key_test(workspace_id, provider, rotated_at, error_code);

comment on function public.record_provider_key_test_v1(uuid, text, timestamptz, text) is 'Worker only: what came of trying a provider''s key; no error code means that it works. False when the key has been replaced since.';
