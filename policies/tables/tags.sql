alter table public.tags enable row level security;
revoke all on public.tags from public, anon, authenticated, service_role;
grant select on public.tags to authenticated, service_role;

create policy tags_select_member on public.tags for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy tags_select_member on public.tags is 'Members see the tags of their workspaces.';

alter table public.tag_moves enable row level security;
revoke all on public.tag_moves from public, anon, authenticated, service_role;
grant select on public.tag_moves to authenticated, service_role;

create policy tag_moves_select_member on public.tag_moves for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy tag_moves_select_member on public.tag_moves is 'Members see where tags pointed before.';
