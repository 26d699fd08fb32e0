"""The roles a migration may rely on: attributes, memberships and timeouts as hosted Supabase has them."""

import psycopg
import pytest

ATTRIBUTES = {
    # in the order: login, superuser, inherit, createrole, createdb, replication, bypassrls
    "anon": (False, False, True, False, False, False, False),
    "authenticated": (False, False, True, False, False, False, False),
    "service_role": (False, False, True, False, False, False, True),
    "authenticator": (True, False, False, False, False, False, False),
    "dashboard_user": (False, False, True, True, True, True, False),
    "pgbouncer": (True, False, True, False, False, False, False),
    "postgres": (True, False, True, True, True, True, True),
    "supabase_admin": (True, True, True, True, True, True, True),
    "supabase_auth_admin": (True, False, False, False, False, False, False),
    "supabase_etl_admin": (True, False, True, False, False, True, False),
    "supabase_functions_admin": (True, False, False, True, False, False, False),
    "supabase_read_only_user": (True, False, True, False, False, False, True),
    "supabase_realtime_admin": (True, False, False, True, False, True, False),
    "supabase_replication_admin": (True, False, True, False, False, True, False),
    "supabase_storage_admin": (True, False, False, True, False, False, False),
}
MEMBERSHIPS = {
    # (member, role, may pass it on)
    ("authenticator", "anon", False),
    ("authenticator", "authenticated", False),
    ("authenticator", "service_role", False),
    ("postgres", "anon", True),
    ("postgres", "authenticated", True),
    ("postgres", "authenticator", True),
    ("postgres", "pg_create_subscription", False),
    ("postgres", "pg_monitor", True),
    ("postgres", "pg_read_all_data", True),
    ("postgres", "pg_signal_backend", True),
    ("postgres", "service_role", True),
    ("supabase_etl_admin", "pg_read_all_data", False),
    ("supabase_read_only_user", "pg_read_all_data", False),
    ("supabase_realtime_admin", "anon", False),
    ("supabase_realtime_admin", "authenticated", False),
    ("supabase_realtime_admin", "service_role", False),
    ("supabase_storage_admin", "authenticator", False),
}
# Wider than hosted, where an extension of the platform's lets postgres write policies; the guard takes the rest away.
INHERITED_FOR_POLICIES = {
    ("postgres", "supabase_auth_admin", False),
    ("postgres", "supabase_realtime_admin", False),
    ("postgres", "supabase_storage_admin", False),
}


@pytest.fixture
def admin(blank_db):
    with psycopg.connect(blank_db.url("supabase_admin"), autocommit=True) as connection:
        yield connection


def test_attributes(admin):
    found = admin.execute(
        "select rolname, rolcanlogin, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls"
        " from pg_roles where not starts_with(rolname, 'pg_') and rolname = any(%s)",
        (list(ATTRIBUTES),),
    ).fetchall()
    assert {row[0]: row[1:] for row in found} == ATTRIBUTES


def test_memberships(admin):
    found = admin.execute(
        "select m.rolname, r.rolname, a.admin_option from pg_auth_members as a"
        " join pg_roles as m on m.oid = a.member join pg_roles as r on r.oid = a.roleid"
        " where m.rolname = any(%s) and r.rolname = any(%s)",
        (list(ATTRIBUTES), [role for _, role, _ in MEMBERSHIPS | INHERITED_FOR_POLICIES]),
    ).fetchall()
    assert set(found) == MEMBERSHIPS | INHERITED_FOR_POLICIES


@pytest.mark.parametrize(
    ("role", "setting", "value"),
    [
        ("anon", "statement_timeout", "3s"),
        ("authenticated", "statement_timeout", "8s"),
        ("authenticator", "statement_timeout", "8s"),
        ("authenticator", "lock_timeout", "8s"),
        ("supabase_auth_admin", "idle_in_transaction_session_timeout", "60000"),
        ("supabase_auth_admin", "search_path", "auth"),
        ("postgres", "search_path", '"$user", public, extensions'),
    ],
)
def test_settings(admin, role, setting, value):
    (settings,) = admin.execute("select rolconfig from pg_roles where rolname = %s", (role,)).fetchone()
    assert f"{setting}={value}" in settings


def test_a_statement_without_a_role_setting_stops_after_two_minutes(blank_db):
    with psycopg.connect(blank_db.url()) as connection:
        assert connection.execute("show statement_timeout").fetchone() == ("2min",)


def test_plans_carry_a_query_identifier_and_cost_the_same_everywhere(blank_db):
    with psycopg.connect(blank_db.url()) as connection:
        shown = [
            connection.execute(f"show {name}").fetchone()[0] for name in ("compute_query_id", "effective_cache_size")
        ]
    assert shown == ["on", "128MB"]


@pytest.mark.parametrize("role", ["postgres", "authenticator", "supabase_auth_admin", "supabase_realtime_admin"])
def test_login_roles_can_log_in(blank_db, role):
    with psycopg.connect(blank_db.url(role)) as connection:
        assert connection.execute("select current_user").fetchone() == (role,)


def test_the_password_is_asked_for(blank_db):
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(blank_db.url().replace(":postgres@", ":wrong@"))


def test_postgres_cannot_become_the_platform(blank_db):
    with psycopg.connect(blank_db.url()) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("set role supabase_realtime_admin")


def test_postgres_configures_the_api_through_its_login_role(blank_db):
    with psycopg.connect(blank_db.url()) as connection:
        connection.execute("alter role authenticator set pgrst.db_aggregates_enabled = 'true'")
        connection.rollback()
        connection.execute("set session_replication_role = replica")
