create or replace function private.tg_prompts__first_branch() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  insert into public.branches (workspace_id, prompt_id, name) values (new.workspace_id, new.id, 'main');
  return null;
end
$$;

comment on function private.tg_prompts__first_branch() is
E'Gives a new prompt its branch main.\nDefiner: the branch belongs to the prompt, whoever made that.';

create or replace trigger _100_first_branch after insert on public.prompts
  for each row execute function private.tg_prompts__first_branch();
