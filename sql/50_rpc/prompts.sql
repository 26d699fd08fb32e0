create or replace function public.create_prompt(
  key text, name text, capability text, action text default null, workspace_id uuid default null
) returns public.prompts
language plpgsql volatile
set search_path = ''
as $$
#variable_conflict use_variable
declare
  tenant uuid := private.authorise(workspace_id, 'prompts.write');
  owner_id uuid := (select c.id from public.capabilities c where c.workspace_id = tenant and c.key = capability);
  step uuid := (select a.id from public.actions a where a.capability_id = owner_id and a.key = action);
  made public.prompts;
begin
  if owner_id is null or (action is not null and step is null) then
    perform private.fail(case when owner_id is null then 'unknown_capability' else 'unknown_action' end,
      jsonb_build_object('capability', capability, 'action', action));
  end if;
  insert into public.prompts (workspace_id, key, name, capability_id, action_id)
  values (tenant, key, name, owner_id, step)
  on conflict on constraint prompts_key_unique do nothing
  returning * into made;
  if made.id is null then
    select p.* into made from public.prompts p where p.workspace_id = tenant and p.key = create_prompt.key;
    if made.capability_id is distinct from owner_id or made.action_id is distinct from step then
      perform private.fail('key_taken', jsonb_build_object('key', key));
    end if;
  end if;
  return made;
end
$$;

comment on function public.create_prompt(text, text, text, text, uuid) is E'Makes a prompt for a capability or one of its actions, by their keys, with a branch main, and returns it.\nThe same call again returns the same prompt; a key that a prompt of another capability or action bears is refused (409 key_taken).';

create or replace function public.commit_version(
  prompt_id uuid, branch text default 'main', messages jsonb default null, variables jsonb default '{}',
  provider text default null, model text default null, params jsonb default '{}', tools jsonb default '[]',
  response_format jsonb default null, message text default '', expected_head uuid default null,
  workspace_id uuid default null
) returns public.prompt_versions
language sql volatile
set search_path = ''
return private.commit_version(
  prompt_id, branch, messages, variables, provider, model, params, tools,
  nullif(response_format, 'null'), message, expected_head, workspace_id);

comment on function public.commit_version(
  uuid, text, jsonb, jsonb, text, text, jsonb, jsonb, jsonb, text, uuid, uuid
) is E'Adds an immutable version to a branch of a prompt and returns it.\nmessages, provider and model must be given. An unchanged bundle is refused (nothing_changed). With expected_head, so is a commit on a branch that has moved on (stale_head).';
