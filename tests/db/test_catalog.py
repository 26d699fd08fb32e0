"""The database keeps its own house rules; each is a query that must find nothing."""

from collections.abc import Iterator

import pytest

from support.laws import TABLES, laws
from support.world import World, world_of

OURS = "n.nspname in ('public', 'private', 'stats', 'gate')"

RULES = {
    "every table and view is described": f"""
        select c.oid::regclass::text as offender from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where {OURS} and c.relkind in ('r', 'v', 'p') and obj_description(c.oid, 'pg_class') is null""",
    "every column that the API shows is described": """
        select c.oid::regclass || '.' || a.attname as offender from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v', 'p')
          and col_description(c.oid, a.attnum) is null""",
    "every function and type is described": f"""
        select p.oid::regprocedure::text as offender from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where {OURS} and obj_description(p.oid, 'pg_proc') is null
        union all
        select t.oid::regtype::text from pg_type t join pg_namespace n on n.oid = t.typnamespace
        join pg_class c on c.oid = t.typrelid and c.relkind = 'c'
        where {OURS} and obj_description(t.oid, 'pg_type') is null""",
    "every policy has its sentence": """
        select p.polname::text as offender from pg_policy p join pg_class c on c.oid = p.polrelid
        join pg_namespace n on n.oid = c.relnamespace
        where n.nspname in ('public', 'private') and obj_description(p.oid, 'pg_policy') is null""",
    "a view says its grain first": """
        select c.relname::text as offender from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname in ('public', 'private') and c.relkind = 'v'
          and obj_description(c.oid, 'pg_class') not like 'One row per %'""",
    "row-level security is on everywhere": f"""
        select c.oid::regclass::text as offender from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where {OURS} and c.relkind in ('r', 'p') and not c.relrowsecurity""",
    "views run with their reader's rights": """
        select c.oid::regclass::text as offender from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname in ('public', 'private') and c.relkind = 'v'
          and not coalesce(c.reloptions @> '{security_invoker=true}', false)
          -- Lists of constants have no rows to protect.
          and c.relname not in ('errors', 'batch_fields', 'field_types', 'role_defaults')""",
    "functions pin an empty search_path": f"""
        select p.oid::regprocedure::text as offender from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where {OURS} and not coalesce(p.proconfig @> array['search_path=""'], false)""",
    "a definer says why": f"""
        select p.oid::regprocedure::text as offender from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where {OURS} and p.prosecdef and obj_description(p.oid, 'pg_proc') !~ E'\\nDefiner: .+'""",
    "no definer is exposed": """
        select p.oid::regprocedure::text as offender from pg_proc p
        where p.pronamespace = 'public'::regnamespace and p.prosecdef""",
    "anon may do nothing": f"""
        select p.oid::regprocedure::text as offender from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where {OURS} and has_function_privilege('anon', p.oid, 'execute')
          -- The door itself, which PostgREST calls and the API does not show.
          and p.oid not in ('gate.enter()'::regprocedure, 'gate.admit(text)'::regprocedure)
        union all
        select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where {OURS} and c.relkind in ('r', 'v', 'p')
          and (has_table_privilege('anon', c.oid, 'select, insert, update, delete, truncate, references, trigger, maintain')
            or has_any_column_privilege('anon', c.oid, 'select, insert, update, references'))""",
    "nobody truncates, references or hangs triggers through the API": f"""
        select c.oid::regclass::text as offender from pg_class c join pg_namespace n on n.oid = c.relnamespace
        cross join unnest(array['authenticated', 'service_role']) r
        where {OURS} and c.relkind in ('r', 'v', 'p')
          and has_table_privilege(r, c.oid, 'truncate, references, trigger, maintain')""",
    "every foreign key has an index that begins with its columns": f"""
        select k.conrelid::regclass || ' ' || k.conname as offender from pg_constraint k
        join pg_namespace n on n.oid = k.connamespace
        where {OURS} and k.contype = 'f' and not exists (
          select from pg_index i where i.indrelid = k.conrelid and i.indpred is null
            and (i.indkey::int2[])[0:cardinality(k.conkey) - 1] = k.conkey)""",
    "a foreign key between tenants' rows carries the workspace": """
        select k.conrelid::regclass || ' ' || k.conname as offender
        from pg_constraint k
        where k.contype = 'f' and k.connamespace in ('public'::regnamespace, 'private'::regnamespace)
          and k.confrelid not in ('public.workspaces'::regclass, 'public.permissions'::regclass, 'auth.users'::regclass)
          and k.conrelid <> 'private.deployment_heads'::regclass
          and not exists (
            select from pg_attribute a
            where a.attrelid = k.conrelid and a.attnum = any (k.conkey) and a.attname = 'workspace_id')""",
    "foreign keys are named by what they are, not by Postgres": """
        select k.conrelid::regclass || ' ' || k.conname as offender from pg_constraint k
        where k.contype = 'f' and k.connamespace = 'public'::regnamespace and k.conname !~ '_fkey$'""",
    "every foreign key says what happens on delete": f"""
        select k.conrelid::regclass || ' ' || k.conname as offender from pg_constraint k
        join pg_namespace n on n.oid = k.connamespace
        where {OURS} and k.contype = 'f' and k.confdeltype = 'a'""",
    "policies are named table_command_who and for one role": """
        select p.polname::text as offender from pg_policy p join pg_class c on c.oid = p.polrelid
        join pg_namespace n on n.oid = c.relnamespace
        where n.nspname in ('public', 'private') and (
          p.polname !~ ('^' || c.relname || '_' ||
            case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else '!' end
            || '_[a-z_]+$')
          or p.polroles <> array['authenticated'::regrole::oid])""",
    "policies ask once, not per row": """
        select p.polname::text as offender from pg_policy p
        cross join lateral (
          select coalesce(pg_get_expr(p.polqual, p.polrelid), '') || coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '')
        ) as e (words)
        where replace(e.words, 'SELECT auth.uid()', '') like '%auth.uid()%'""",
    "no enums": f"""
        select t.oid::regtype::text as offender from pg_type t join pg_namespace n on n.oid = t.typnamespace
        where {OURS} and t.typtype = 'e'""",
    "only policies of ours live in the platform's schemas": """
        select c.oid::regclass::text as offender from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname in ('auth', 'storage', 'realtime', 'vault') and c.relowner = 'postgres'::regrole
        union all
        select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname in ('auth', 'storage', 'realtime', 'vault') and p.proowner = 'postgres'::regrole""",
    "updates and deletes have a where: safeupdate refuses them on hosted": f"""
        select p.oid::regprocedure::text as offender from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        cross join lateral regexp_split_to_table(coalesce(pg_get_function_sqlbody(p.oid), p.prosrc), ';') as s (words)
        where {OURS} and s.words ~* '^\\s*(update|delete from)\\M' and s.words !~* '\\mwhere\\M'""",
    "triggers say their order": """
        select t.tgrelid::regclass || ' ' || t.tgname as offender from pg_trigger t
        join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
        where n.nspname in ('public', 'private') and not t.tgisinternal and t.tgname !~ '^_[0-9]{3}_[a-z_]+$'""",
    "every table is in the audit log, or says why not": """
        select c.oid::regclass::text as offender from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and 1 <> (
          (select count(*) from private.audited a where a.table_name = c.relname)
          + (select count(*) from private.audit_exempt x where x.table_name = c.relname and x.reason <> ''))
        union all
        select a.table_name from (
          select table_name from private.audited union all select table_name from private.audit_exempt) as a
        where to_regclass('public.' || a.table_name) is null""",
    "the audit log sees each operation that a table allows": """
        select a.table_name || ' ' || o.operation as offender
        from private.audited a
        join pg_class c on c.relname = a.table_name and c.relnamespace = 'public'::regnamespace
        cross join (values ('insert', 4), ('delete', 8), ('update', 16)) as o (operation, bit)
        where not exists (
            select from pg_trigger t
            where t.tgrelid = c.oid and t.tgname = '_950_audit_' || o.operation and t.tgtype & o.bit > 0
              and t.tgenabled = 'O')
          -- Evidence is only ever added: history that cannot change needs no trigger for changes.
          and not (a.mode = 'batch' and o.operation <> 'insert' and exists (
            select from pg_trigger t where t.tgrelid = c.oid and t.tgname = '_000_append_only'))""",
    "what smells of a secret is kept out of the audit log": r"""
        select c.relname || '.' || n.attname as offender
        from pg_class c
        join pg_attribute n on n.attrelid = c.oid and n.attnum > 0 and not n.attisdropped
        join private.audited a on a.table_name = c.relname
        where c.relnamespace = 'public'::regnamespace and a.mode = 'rows'
          and n.attname ~ '(secret|password|credential|token|digest|hash)'
          and n.attname !~ '^(content_hash|input_tokens|output_tokens|max_tokens)$'
          and not n.attname = any (a.secrets)""",
    "every id is a uuid": """
        select c.oid::regclass || '.' || a.attname as offender from pg_attribute a join pg_class c on c.oid = a.attrelid
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attname = 'id' and a.atttypid <> 'uuid'::regtype""",
}


@pytest.fixture(scope="module")
def catalog(cluster_templates, project) -> Iterator[World]:
    """One database serves all rules, for they only read."""
    database = cluster_templates.clone(cluster_templates.project(project))
    with world_of(database) as world:
        yield world
    cluster_templates.drop(database)


@pytest.fixture(scope="module")
def found(catalog: World) -> dict[str, list[str]]:
    """What each rule finds."""
    postgres = catalog.postgres()
    return {rule: [row["offender"] for row in postgres.rows(query)] for rule, query in RULES.items()}


@pytest.mark.parametrize("rule", RULES)
def test_house_rule(found, rule):
    assert found[rule] == []


def test_every_table_has_its_law(catalog: World):
    tables = {row["name"] for row in catalog.postgres().rows(TABLES)}
    assert tables - set(laws()) == set(), "say who may do what: a Law in tests/rls/test_<family>.py"
    assert set(laws()) - tables == set()


def test_sources_policies_and_tests_come_in_families(pytestconfig):
    root = pytestconfig.rootpath
    tables = {path.stem for path in (root / "sql" / "10_tables").glob("*.sql")}
    policies = {path.stem for path in (root / "policies" / "tables").glob("*.sql")}
    tests = {path.stem.removeprefix("test_") for path in (root / "tests" / "rls").glob("test_*.py")}
    assert tables == policies == tests - {"every_table"}
