-- An API key that is scoped to environments sees and changes those alone: a restrictive policy on top of the others, on
-- every table that says its environment, and on the parts of experiments. Made from the catalog, so that a new table
-- cannot be forgotten. The first half of each condition is true for everybody else, and asked once a query.
create or replace function private.scope_to_environments(relation regclass, command text, inside text) returns void
language plpgsql
set search_path = ''
as $$
declare
  condition constant text := format('(select private.key_environments()) is null or (%s)', inside);
  policy constant text := format('%s_%s_scoped_key', (select relname from pg_class where oid = relation), command);
begin
  execute format('create policy %I on %s as restrictive for %s to authenticated %s%s', policy, relation, command,
    case when command <> 'insert' then format('using (%s)', condition) end,
    case when command in ('insert', 'update') then format(' with check (%s)', condition) end);
  execute format('comment on policy %I on %s is %L', policy, relation,
    'An API key that is scoped to environments reaches rows of those alone.');
end
$$;

comment on function private.scope_to_environments(regclass, text, text) is
'Adds the restrictive policy that keeps an API key within its environments, for one command of one table.';

select private.scope_to_environments(found.relation, found.command, found.inside)
from (
  select distinct on (c.oid, p.polcmd) c.oid::regclass as relation,
    case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' end as command,
    case
      when c.relname = 'environments' then 'id = any ((select private.key_environments())::uuid[])'
      when a.attname = 'environment_id' then 'environment_id = any ((select private.key_environments())::uuid[])'
      when a.attname = 'experiment_id' then 'experiment_id in (select e.id from public.experiments e)'
      else 'variant_id in (select v.id from public.variants v)'
    end as inside
  from pg_class c
  join pg_policy p on p.polrelid = c.oid and p.polpermissive
  join pg_attribute a on a.attrelid = c.oid and not a.attisdropped
    and (a.attname in ('environment_id', 'experiment_id', 'variant_id') or (c.relname = 'environments' and a.attname = 'id'))
  where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace) and c.relkind in ('r', 'p')
  order by c.oid, p.polcmd, a.attname <> 'environment_id', a.attname <> 'experiment_id'
) as found
order by found.relation::text, found.command;

-- What says its environment only through something else.
select private.scope_to_environments(said.relation, 'select', said.inside)
from (values
  ('public.ramp_steps'::regclass, 'ramp_id in (select r.id from public.ramps r)'),
  ('public.approval_reviews', 'request_id in (select q.id from public.approval_requests q)'),
  -- The log holds the rows of all environments, and a comment may be about any of them.
  ('public.audit_events', 'false'),
  ('public.comments', $$object_kind in ('action', 'branch', 'capability', 'intent', 'layer', 'outcome_metric', 'prompt',
    'prompt_template', 'prompt_version', 'test_case') or object_id in (select e.id from public.experiments e)$$)
) as said (relation, inside);
