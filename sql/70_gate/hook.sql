-- What Auth calls when it makes an access token. The claim is for screens: which workspaces to offer, what to grey out.
-- Nothing here trusts it: every policy and verb reads the tables, so that who is removed is out at once.
create or replace function gate.custom_access_token_hook(event jsonb) returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
  roles constant jsonb := (
    select jsonb_object_agg(m.workspace_id, m.role)
    from (
      select mine.workspace_id, mine.role from public.members mine
      where mine.user_id = private.as_uuid(event ->> 'user_id')
      order by mine.created_at, mine.workspace_id limit 50
    ) as m);
begin
  return jsonb_set(event, '{claims,upshot}', jsonb_build_object('workspaces', coalesce(roles, '{}')));
end
$$;

comment on function gate.custom_access_token_hook(jsonb) is
E'Adds the claim upshot.workspaces to access tokens: {workspace id: role}, fifty at most. For screens, never for rights.\nDefiner: Auth''s role sees no table of ours.';

revoke execute on function gate.custom_access_token_hook(jsonb) from public, anon, authenticated, service_role;
grant usage on schema gate to supabase_auth_admin;
grant execute on function gate.custom_access_token_hook(jsonb) to supabase_auth_admin;
