"""Schemas, owners and default privileges: what new objects mean for the API roles."""

import psycopg
import pytest

OWNERS = {
    "auth": "supabase_admin",
    "extensions": "postgres",
    "graphql": "supabase_admin",
    "graphql_public": "supabase_admin",
    "public": "pg_database_owner",
    "realtime": "supabase_admin",
    "storage": "supabase_admin",
    "vault": "supabase_admin",
}
API_ROLES = ("anon", "authenticated", "service_role")
DATA = ("SELECT", "INSERT", "UPDATE", "DELETE")
REST = ("TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN")


@pytest.fixture
def postgres(blank_db):
    with psycopg.connect(blank_db.url(), autocommit=True) as connection:
        yield connection


@pytest.fixture
def template(cluster_templates):
    """Databases whose new tables are exposed, or not, whatever this project's config.toml says."""
    made = []

    def clone(*, expose_new_tables):
        made.append(cluster_templates.clone(cluster_templates.platform(expose_new_tables=expose_new_tables)))
        return made[-1]

    yield clone
    for database in made:
        cluster_templates.drop(database)


def privileges(connection, role, table, kinds):
    return [
        kind
        for kind in kinds
        if connection.execute("select has_table_privilege(%s, %s, %s)", (role, table, kind)).fetchone()[0]
    ]


def test_owners(postgres):
    found = postgres.execute(
        "select nspname, pg_get_userbyid(nspowner) from pg_namespace where nspname = any(%s)", (list(OWNERS),)
    ).fetchall()
    assert dict(found) == OWNERS


def test_the_database_is_the_projects(postgres, blank_db):
    owner = postgres.execute("select pg_get_userbyid(datdba) from pg_database where datname = %s", (blank_db.name,))
    assert owner.fetchone() == ("postgres",)


@pytest.mark.parametrize("role", API_ROLES)
@pytest.mark.parametrize("schema", ["public", "extensions", "auth", "realtime", "storage", "graphql_public"])
def test_api_roles_may_enter(postgres, role, schema):
    assert postgres.execute("select has_schema_privilege(%s, %s, 'usage')", (role, schema)).fetchone() == (True,)


@pytest.mark.parametrize("role", ["anon", "authenticated"])
def test_the_vault_is_closed_to_people(postgres, role):
    assert postgres.execute("select has_schema_privilege(%s, 'vault', 'usage')", (role,)).fetchone() == (False,)


@pytest.mark.parametrize("schema", ["auth", "realtime", "storage", "vault"])
def test_postgres_builds_nothing_in_the_platform(postgres, schema):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        postgres.execute(f"create table {schema}.mine (id int)")


@pytest.mark.parametrize("role", API_ROLES)
def test_exposed_new_objects_belong_to_everybody(template, role):
    with psycopg.connect(template(expose_new_tables=True).url()) as connection:
        connection.execute("create table t (id int generated always as identity)")
        connection.execute("create function f() returns int language sql as 'select 1'")
        assert privileges(connection, role, "t", DATA + REST) == list(DATA + REST)
        assert connection.execute("select has_sequence_privilege(%s, 't_id_seq', 'usage')", (role,)).fetchone()[0]


@pytest.mark.parametrize("role", API_ROLES)
def test_unexposed_new_objects_wait_for_a_grant(template, role):
    with psycopg.connect(template(expose_new_tables=False).url()) as connection:
        connection.execute("create table t (id int generated always as identity)")
        connection.execute("create function f() returns int language sql as 'select 1'")
        connection.execute("revoke execute on function f from public")
        assert privileges(connection, role, "t", DATA) == []
        assert privileges(connection, role, "t", REST) == list(REST)
        assert not connection.execute("select has_sequence_privilege(%s, 't_id_seq', 'usage')", (role,)).fetchone()[0]
        assert not connection.execute("select has_function_privilege(%s, 'f()', 'execute')", (role,)).fetchone()[0]


@pytest.mark.parametrize(
    "statement",
    [
        "create policy p on realtime.messages for select to authenticated using (true)",
        "create policy p on storage.objects for select to authenticated using (bucket_id = 'x')",
        "create policy p on auth.users for select to supabase_auth_admin using (true)",
        "create trigger t after insert on auth.users for each row execute function public.noted()",
        "create table public.owned (id uuid references auth.users (id) on delete cascade)",
        "create event trigger mine on ddl_command_end execute function public.noted_ddl()",
    ],
)
def test_what_a_project_may_do_to_the_platform(postgres, statement):
    postgres.execute("create function public.noted() returns trigger language plpgsql as 'begin return new; end'")
    if "event trigger" in statement:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            postgres.execute(statement)
        return
    postgres.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "alter table realtime.messages disable row level security",
        "alter table auth.users add column mine text",
        "drop table auth.identities",
        "drop function realtime.topic()",
        "create index on auth.users (created_at)",
        "create or replace function auth.uid() returns uuid language sql as 'select null::uuid'",
        "alter table storage.objects drop column metadata",
    ],
)
def test_what_a_project_may_not_do_to_the_platform(postgres, statement):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        postgres.execute(statement)


def test_policies_on_the_platform_can_be_taken_away_again(postgres):
    postgres.execute("create policy p on realtime.messages for select to authenticated using (true)")
    postgres.execute("alter policy p on realtime.messages using (false)")
    postgres.execute("drop policy p on realtime.messages")
    assert postgres.execute("select count(*) from pg_policies where schemaname = 'realtime'").fetchone() == (0,)


@pytest.mark.parametrize("role", API_ROLES)
def test_api_roles_call_what_extensions_leave_open_and_nothing_else(postgres, role):
    may = "select has_function_privilege(%s, %s, 'execute')"
    assert postgres.execute(may, (role, "extensions.gen_random_bytes(integer)")).fetchone() == (True,)
    assert postgres.execute(
        may, (role, "extensions.pg_stat_statements_reset(oid, oid, bigint, boolean)")
    ).fetchone() == (False,)
