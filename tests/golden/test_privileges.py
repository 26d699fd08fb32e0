"""Who may do what, as one page: every grant that an API role holds on every object of ours."""

RELATIONS = """
select n.nspname || '.' || c.relname || ' ' || r.role || ': ' || string_agg(distinct p.words, ', ' order by p.words)
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
cross join unnest(array['anon', 'authenticated', 'service_role']) as r (role)
cross join lateral (
  select v || '' as words from unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger', 'maintain']) v
  where has_table_privilege(r.role, c.oid, v)
  union all
  select v || ' (' || string_agg(a.attname, ' ' order by a.attnum) || ')'
  from unnest(array['select', 'insert', 'update']) v
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where not has_table_privilege(r.role, c.oid, v) and has_column_privilege(r.role, c.oid, a.attnum, v)
  group by v
) as p
where n.nspname in ('public', 'private', 'stats', 'gate') and c.relkind in ('r', 'v', 'p')
group by n.nspname, c.relname, r.role
order by 1
"""

FUNCTIONS = """
select p.oid::regprocedure || case when p.prosecdef then ' (definer)' else '' end || ': '
  || string_agg(r.role, ', ' order by r.role)
from pg_proc p
join pg_namespace n on n.oid = p.pronamespace
join unnest(array['anon', 'authenticated', 'service_role']) as r (role) on has_function_privilege(r.role, p.oid, 'execute')
where n.nspname in ('public', 'private', 'stats', 'gate')
group by p.oid, p.prosecdef
order by p.oid::regprocedure::text
"""

POLICIES = """
select p.schemaname || '.' || p.tablename || ' ' || p.policyname
  || case when p.permissive = 'RESTRICTIVE' then ' (restrictive)' else '' end || ' for ' || lower(p.cmd) || ' to ' || p.roles::text
  || coalesce(' using ' || regexp_replace(p.qual, '\\s+', ' ', 'g'), '')
  || coalesce(' check ' || regexp_replace(p.with_check, '\\s+', ' ', 'g'), '')
from pg_policies p
where p.schemaname in ('public', 'private') or p.policyname like 'messages_%'
order by 1
"""

SCHEMAS = """
select n.nspname || ' ' || r.role || ': ' || string_agg(v, ', ' order by v desc)
from pg_namespace n
cross join unnest(array['anon', 'authenticated', 'service_role']) as r (role)
join unnest(array['usage', 'create']) v on has_schema_privilege(r.role, n.oid, v)
where n.nspname in ('public', 'private', 'stats', 'gate', 'vault', 'pgmq', 'realtime', 'auth')
group by n.nspname, r.role
order by 1
"""

SEQUENCES = """
select c.oid::regclass || ' ' || r.role || ': ' || string_agg(v, ', ' order by v)
from pg_class c join pg_namespace n on n.oid = c.relnamespace
cross join unnest(array['anon', 'authenticated', 'service_role']) as r (role)
join unnest(array['usage', 'select', 'update']) v on has_sequence_privilege(r.role, c.oid, v)
where n.nspname in ('public', 'private', 'stats') and c.relkind = 'S'
group by c.oid, r.role
order by 1
"""

# What an object that is made tomorrow gives away by itself: nothing, but to its owner.
DEFAULTS = """
select coalesce(n.nspname, 'everywhere') || ' ' || case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences'
  when 'f' then 'functions' when 'T' then 'types' when 'n' then 'schemas' else d.defaclobjtype::text end || ' to '
  || coalesce(nullif(a.grantee, 0)::regrole::text, 'public') || ': '
  || string_agg(lower(a.privilege_type), ', ' order by a.privilege_type)
from pg_default_acl d
left join pg_namespace n on n.oid = d.defaclnamespace
cross join lateral aclexplode(d.defaclacl) as a
where d.defaclrole = 'postgres'::regrole and (n.nspname is null or n.nspname in ('public', 'private', 'stats', 'gate'))
group by n.nspname, d.defaclobjtype, a.grantee
order by 1
"""

REALTIME = """
select 'published: ' || p.schemaname || '.' || p.tablename from pg_publication_tables p
where p.pubname = 'supabase_realtime' and p.schemaname in ('public', 'private')
union all
select distinct 'topic: ' || m[1] from regexp_matches(
  pg_get_functiondef('private.may_hear(text)'::regprocedure), $$when '(\\w+)'$$, 'gi') m
order by 1
"""

SETTINGS = """
select s.setrole::regrole || ': ' || c from pg_db_role_setting s cross join unnest(s.setconfig) c
where s.setrole = 'authenticator'::regrole and c like 'pgrst.%'
  and s.setdatabase = (select oid from pg_database where datname = current_database())
order by 1
"""

DEFINERS = """
select p.oid::regprocedure::text || ': ' || substring(obj_description(p.oid, 'pg_proc') from E'\\nDefiner: (.+)$')
from pg_proc p
join pg_namespace n on n.oid = p.pronamespace
where n.nspname in ('public', 'private', 'stats', 'gate') and p.prosecdef
order by 1
"""


def page(rows) -> str:
    return "".join(f"{row[0]}\n" for row in rows)


def test_privileges_are_what_was_reviewed(db, query, golden):
    sections = {"Tables and views": RELATIONS, "Functions": FUNCTIONS, "Policies": POLICIES}
    sections |= {"Schemas": SCHEMAS, "Sequences": SEQUENCES, "What new objects give away": DEFAULTS}
    sections |= {"Realtime": REALTIME, "Settings of the API": SETTINGS}
    golden("privileges.txt", "\n".join(f"## {title}\n{page(query(db, sql))}" for title, sql in sections.items()))


def test_definers_are_counted_and_each_says_why(db, query, golden):
    golden("definers.txt", page(query(db, DEFINERS)))
