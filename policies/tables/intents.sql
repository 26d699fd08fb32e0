alter table public.intents enable row level security;
revoke all on public.intents from public, anon, authenticated, service_role;
grant select on public.intents to authenticated, service_role;

create policy intents_select_member on public.intents for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy intents_select_member on public.intents is 'Members see the intents of their workspaces.';

grant insert (workspace_id, key, name, description) on public.intents to authenticated, service_role;
create policy intents_insert_editor on public.intents for insert to authenticated
  with check (workspace_id in (select private.my_workspaces_with('catalog.write')));
comment on policy intents_insert_editor on public.intents is 'Who holds catalog.write adds the intents.';

grant update (key, name, description) on public.intents to authenticated, service_role;
create policy intents_update_editor on public.intents for update to authenticated
  using (workspace_id in (select private.my_workspaces_with('catalog.write')))
  with check (workspace_id in (select private.my_workspaces_with('catalog.write')));
comment on policy intents_update_editor on public.intents is 'Who holds catalog.write changes the intents.';

grant delete on public.intents to authenticated, service_role;
create policy intents_delete_editor on public.intents for delete to authenticated
  using (workspace_id in (select private.my_workspaces_with('catalog.write')));
comment on policy intents_delete_editor on public.intents is 'Who holds catalog.write removes the intents.';

alter table public.intent_examples enable row level security;
revoke all on public.intent_examples from public, anon, authenticated, service_role;
grant select on public.intent_examples to authenticated, service_role;

create policy intent_examples_select_member on public.intent_examples for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy intent_examples_select_member on public.intent_examples is
  'Members see the example phrases of their workspaces.';

grant insert (
  workspace_id, intent_id, text, embedding, embedder
) on public.intent_examples to authenticated, service_role;
create policy intent_examples_insert_editor on public.intent_examples for insert to authenticated
  with check (
    workspace_id in (select private.my_workspaces_with('catalog.write'))
    and exists (
      select from public.intents parent
      where parent.workspace_id = intent_examples.workspace_id and parent.id = intent_examples.intent_id));
comment on policy intent_examples_insert_editor on public.intent_examples is
  'Who holds catalog.write adds the example phrases.';

grant update (text, embedding, embedder) on public.intent_examples to authenticated, service_role;
create policy intent_examples_update_editor on public.intent_examples for update to authenticated
  using (workspace_id in (select private.my_workspaces_with('catalog.write')))
  with check (workspace_id in (select private.my_workspaces_with('catalog.write')));
comment on policy intent_examples_update_editor on public.intent_examples is
  'Who holds catalog.write changes the example phrases.';

grant delete on public.intent_examples to authenticated, service_role;
create policy intent_examples_delete_editor on public.intent_examples for delete to authenticated
  using (workspace_id in (select private.my_workspaces_with('catalog.write')));
comment on policy intent_examples_delete_editor on public.intent_examples is
  'Who holds catalog.write removes the example phrases.';
