-- GraphQL is pg_graphql's reflection of the tables, with the same grants and policies. Its names come from directives in
-- comments; they are added only where the extension is, as HTML comments that OpenAPI's readers do not show.
create or replace function private.graphql_type(relation text) returns text
language sql immutable
set search_path = ''
return replace(initcap(replace(
  case
    when relation ~ 'ies$' then regexp_replace(relation, 'ies$', 'y')
    when relation ~ '(ch|sh|x|ss)es$' then regexp_replace(relation, 'es$', '')
    else regexp_replace(relation, '([^s])s$', '\1')
  end, '_', ' ')), ' ', '');

comment on function private.graphql_type(text) is 'The name of one row: prompt_versions become PromptVersion.';

create or replace function private.graphql_field(name text) returns text
language sql immutable
set search_path = ''
return lower(left(name, 1)) || substr(replace(initcap(replace(name, '_', ' ')), ' ', ''), 2);

comment on function private.graphql_field(text) is 'The name of a field: prompt_version becomes promptVersion.';

create or replace view private.graphql_links with (security_invoker = true) as
select k.oid, k.conrelid::regclass as relation, k.conname as name, s.relname as source, t.relname as target,
  regexp_replace((
    -- The column that names the row itself, not its workspace.
    select a.attname from unnest(k.conkey, k.confkey) with ordinality as c (own, other, n)
    join pg_attribute a on a.attrelid = k.conrelid and a.attnum = c.own
    join pg_attribute f on f.attrelid = k.confrelid and f.attnum = c.other
    order by f.attname = 'id' desc, c.n desc limit 1), '_id$', '') as role,
  count(*) over (partition by k.conrelid, k.confrelid) as siblings
from pg_constraint k
join pg_class s on s.oid = k.conrelid
join pg_class t on t.oid = k.confrelid
where k.contype = 'f' and s.relnamespace = 'public'::regnamespace and t.relnamespace = 'public'::regnamespace;

comment on view private.graphql_links is
'One row per foreign key between public tables: what the row that it points at is called, and how many keys join the two.';

create or replace view private.graphql_directives with (security_invoker = true) as
select 'schema' as kind, 'public' as object, null::text as relation, '{"inflect_names": true}'::jsonb as directive
union all
select 'table', c.oid::regclass::text, null,
  jsonb_build_object('name', private.graphql_type(c.relname), 'totalCount', '{"enabled": true}'::jsonb)
from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
union all
select 'view', c.oid::regclass::text, null, jsonb_build_object(
  'name', private.graphql_type(c.relname), 'primary_key_columns', to_jsonb(v.columns), 'totalCount', '{"enabled": true}'::jsonb)
from (values
  ('live_deployments', array['deployment_id']),
  ('experiment_effects', array['experiment_id', 'variant_id', 'metric_id']),
  ('experiment_arms', array['experiment_id', 'variant_id']),
  ('experiment_health', array['experiment_id']),
  ('action_effects', array['experiment_id', 'variant_id', 'metric_id', 'position']),
  ('factor_credits', array['experiment_id', 'metric_id', 'factor_id']),
  ('segment_effects', array['experiment_id', 'variant_id', 'metric_id', 'dimension', 'segment']),
  ('segment_summaries', array['experiment_id', 'variant_id', 'metric_id', 'dimension']),
  ('guardrail_status', array['experiment_id', 'variant_id', 'metric_id']),
  ('experiment_exclusions', array['experiment_id', 'metric_id', 'reason']),
  ('change_effects', array['change_id', 'metric_id', 'variant_id', 'factor_id']),
  ('ramp_guardrails', array['ramp_id', 'metric_id'])) as v (name, columns)
join pg_class c on c.relnamespace = 'public'::regnamespace and c.relname = v.name and c.relkind = 'v'
union all
select 'constraint', l.name, l.relation::text, jsonb_build_object(
  'foreign_name', private.graphql_field(l.role),
  'local_name', private.graphql_field(l.source) || case when l.siblings > 1
    then 'By' || replace(initcap(replace(l.role, '_', ' ')), ' ', '') else '' end)
from private.graphql_links l;

comment on view private.graphql_directives is 'One row per object whose comment tells pg_graphql a name: kind, object, its table for a constraint, directive.';

create or replace function private.with_directive(said text, directive jsonb) returns text
language sql immutable
set search_path = ''
-- The last of the comment: pg_graphql reads from @graphql( to the last closing parenthesis.
return rtrim(regexp_replace(coalesce(said, ''), E'<!-- @graphql\\(.*$', ''), E' \n') || format(E'\n\n<!-- @graphql(%s) -->', directive);

comment on function private.with_directive(text, jsonb) is 'A comment with a directive at its end, in place of an older one.';

create or replace function private.describe_for_graphql() returns void
language plpgsql
set search_path = ''
as $$
declare
  rule record;
  said text;
begin
  for rule in select d.* from private.graphql_directives d loop
    said := case rule.kind
      when 'schema' then obj_description('public'::regnamespace, 'pg_namespace')
      when 'constraint' then (select obj_description(l.oid, 'pg_constraint') from private.graphql_links l
        where l.name = rule.object and l.relation::text = rule.relation)
      else obj_description(rule.object::regclass, 'pg_class')
    end;
    execute format('comment on %s %s %s is %L', rule.kind,
      case when rule.kind in ('schema', 'constraint') then quote_ident(rule.object) else rule.object end,
      coalesce('on ' || rule.relation, ''), private.with_directive(said, rule.directive));
  end loop;
end
$$;

comment on function private.describe_for_graphql() is
'Writes pg_graphql''s names into the comments. Call it after switching GraphQL on by hand; calling it again changes nothing.';

revoke execute on function private.graphql_type(text), private.graphql_field(text), private.with_directive(text, jsonb),
  private.describe_for_graphql() from public, anon;

do $$
begin
  if exists (select from pg_available_extensions e where e.name = 'pg_graphql') then
    create extension if not exists pg_graphql;
    perform private.describe_for_graphql();
  end if;
exception
  when insufficient_privilege or object_not_in_prerequisite_state or feature_not_supported then
    raise notice 'GraphQL stays off: %', sqlerrm;
end
$$;
