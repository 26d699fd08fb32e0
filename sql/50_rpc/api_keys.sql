create or replace function public.create_api_key(
  name text, permissions text[], environments text[] default null, expires_at timestamptz default null,
  workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.create_api_key(name, permissions, environments, expires_at, workspace_id);

comment on function public.create_api_key(text, text[], text[], timestamptz, uuid) is E'Makes an API key for a server of yours: the row of api_keys, and with it `secret`, which is never shown again.\nThe key is sent in the header x-upshot-key, with the publishable key in apikey and no user''s token. It holds the named permissions, of those that you hold yourself and that are not for persons only, in the named environments (by key; all when left out), until expires_at. Needs api_keys.write and a signed-in user.\nRefuses: a name that a live key has (api_key_name_taken), a permission for persons only (not_for_keys) or above your own (above_your_own).';
