create or replace function private.tg_experiments__compile() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform private.compile_rule(new.id);
  return null;
end
$$;

comment on function private.tg_experiments__compile() is
E'Keeps what decide reads equal to the experiment, in the same transaction.\nDefiner: compiled rules are nobody''s to write.';

create or replace trigger _300_compile_new after insert on public.experiments
  for each row when (new.state = 'active') execute function private.tg_experiments__compile();
create or replace trigger _300_compile after update on public.experiments
  for each row when (old.state = 'active' or new.state = 'active') execute function private.tg_experiments__compile();

create or replace function private.tg_variants__compile() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform private.compile_rule(new.experiment_id);
  return null;
end
$$;

comment on function private.tg_variants__compile() is
E'Keeps what decide reads equal to an arm that was stopped or taken up again.\nDefiner: as for experiments.';

create or replace trigger _300_compile after update of rolled_back_at on public.variants
  for each row when (old.rolled_back_at is distinct from new.rolled_back_at)
  execute function private.tg_variants__compile();
