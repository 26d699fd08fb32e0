-- PostgREST calls gate.enter() at the start of every request, as the role that the token stands for. A request with
-- a good key in x-upshot-key goes on as `authenticated` without a user: what it may do, the predicates ask of the key.
create or replace function gate.note_use(api_key public.api_keys) returns void
language plpgsql
set search_path = ''
as $$
#variable_conflict use_column
begin
  -- At most one write a minute and key, never a wait, and nothing in a transaction that cannot write (GET).
  if current_setting('transaction_read_only')::boolean or exists (
    select from public.api_key_uses u
    where u.workspace_id = api_key.workspace_id and u.api_key_id = api_key.id
      and u.last_used_at > clock_timestamp() - interval '1 minute'
  ) then
    return;
  end if;
  if pg_try_advisory_xact_lock(hashtextextended('upshot.api_key_uses ' || api_key.id, 0)) then
    insert into public.api_key_uses (api_key_id, workspace_id, last_used_at)
    values (api_key.id, api_key.workspace_id, clock_timestamp())
    on conflict (workspace_id, api_key_id) do update set last_used_at = excluded.last_used_at;
  end if;
end
$$;

comment on function gate.note_use(public.api_keys) is 'Notes that a key is in use, at most once a minute.';

create or replace function gate.admit(secret text) returns uuid
language plpgsql security definer
set search_path = ''
as $$
declare
  hash constant text := private.secret_hash(secret);
  admitted public.api_keys;
begin
  if current_setting('role') <> 'anon' or auth.uid() is not null then
    perform private.fail('key_and_session');
  end if;
  perform set_config('upshot.api_key', hash, true);
  admitted := private.api_key();
  if admitted.id is null then
    perform private.fail('bad_api_key');
  end if;
  perform gate.note_use(admitted);
  return admitted.id;
end
$$;

comment on function gate.admit(text) is
E'Lets the request go on as the API key that the secret opens; raises for any other.\nDefiner: anon sees neither keys nor hashes.';

create or replace function gate.enter() returns void
language plpgsql
set search_path = ''
as $$
declare
  secret constant text := nullif(current_setting('request.headers', true), '')::json ->> 'x-upshot-key';
begin
  -- Whatever an earlier request may have left on this connection does not speak for this one.
  perform set_config('upshot.api_key', '', true);
  if secret is not null then
    perform gate.admit(secret);
    perform set_config('role', 'authenticated', true);
  end if;
end
$$;

comment on function gate.enter() is
'What PostgREST calls before each request: turns the header x-upshot-key into an identity; without it, nothing.';

revoke execute on all functions in schema gate from public, anon, authenticated, service_role;
grant usage on schema gate to anon, authenticated, service_role;
grant execute on function gate.enter(), gate.admit(text) to anon, authenticated, service_role;

-- The setting belongs to this database where the project allows it, else to the role, as Supabase documents it.
do $$
begin
  execute format('alter role authenticator in database %I set pgrst.db_pre_request = %L', current_database(), 'gate.enter');
exception when insufficient_privilege then
  begin
    alter role authenticator set pgrst.db_pre_request = 'gate.enter';
  exception when insufficient_privilege then
    raise warning 'API keys are off: set db-pre-request of PostgREST to gate.enter yourself.';
  end;
end
$$;

notify pgrst, 'reload config';
notify pgrst, 'reload schema';
