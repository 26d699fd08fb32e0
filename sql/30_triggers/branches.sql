create or replace function private.tg_branches__keep_main() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  perform private.fail('main_stays');
  return null;
end
$$;

comment on function private.tg_branches__keep_main() is 'Refuses to rename main: it is where commits go that name no branch.';

create or replace trigger _000_keep_main before update of name on public.branches
  for each row when (old.name = 'main' and new.name <> old.name) execute function private.tg_branches__keep_main();
