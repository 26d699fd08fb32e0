alter table public.comments enable row level security;
revoke all on public.comments from public, anon, authenticated, service_role;
grant select on public.comments to authenticated, service_role;

create policy comments_select_member on public.comments for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy comments_select_member on public.comments is
  'Members see what was said in their workspaces.';
