create or replace function public.set_provider_key(
  provider text, secret text, name text default null, workspace_id uuid default null
) returns public.provider_keys
language sql volatile
set search_path = ''
return private.set_provider_key(provider, secret, name, workspace_id);

comment on function public.set_provider_key(text, text, text, uuid) is E'Stores the key of a language-model provider in Vault, or replaces it.\nNobody can read it back; the row that is returned shows its last four characters.';

create or replace function public.provider_key_v1(workspace_id uuid, provider text) returns text
language sql stable
set search_path = ''
return private.provider_key(workspace_id, provider);

comment on function public.provider_key_v1(uuid, text) is 'Worker only: a provider''s key in the clear.';
