create or replace function public.create_api_key(
  name text, permissions text[], environments text[] default null, expires_at timestamptz default null,
  workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.create_api_key(name, permissions, environments, expires_at, workspace_id);

comment on function public.create_api_key(text, text[], text[], timestamptz, uuid) is E'Makes an API key for a server of yours: the row of api_keys, and with it `secret`, which is never shown again.\nThe key is sent in the header x-upshot-key, with the publishable key in apikey and no user''s token. It holds the named permissions, of those that you hold yourself and that are not for persons only, in the named environments (by key; all when left out), until expires_at. Needs api_keys.write and a signed-in user.\nRefuses: a name that a live key has (api_key_name_taken), a permission for persons only (not_for_keys) or above your own (above_your_own).';

create or replace function public.rotate_api_key(
  api_key_id uuid, expected_prefix text, grace_seconds integer default 3600, workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.rotate_api_key(api_key_id, expected_prefix, grace_seconds, workspace_id);

comment on function public.rotate_api_key(uuid, text, integer, uuid) is E'Gives an API key a new `secret`, shown once; the old one works for grace_seconds more (0 to thirty days, an hour when left out), so that servers can change over.\nName the prefix that you see: of two who rotate at once, the second is refused (stale_api_key). Needs api_keys.write, every permission that the key holds, and a signed-in user. Refuses revoked keys (api_key_revoked).';

create or replace function public.revoke_api_key(api_key_id uuid, workspace_id uuid default null)
returns public.api_keys
language sql volatile
set search_path = ''
return private.revoke_api_key(api_key_id, workspace_id);

comment on function public.revoke_api_key(uuid, uuid) is E'Closes an API key for good, with every secret that it has: the next request with it is refused.\nRevoking twice changes nothing. Needs api_keys.write and a signed-in user.';
