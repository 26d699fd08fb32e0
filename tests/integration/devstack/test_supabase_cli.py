"""The real Supabase CLI against devstack: migrations, linter, advisors, types. Its word is the gate."""

import json
import os
import subprocess

import psycopg
import pytest

from support.absent import absent

pytestmark = pytest.mark.cli

MIGRATION = """
create extension if not exists vector with schema extensions;
create extension if not exists pgmq;
create table public.notes (
  id uuid primary key default gen_random_uuid(),
  owner uuid not null references auth.users (id) on delete cascade,
  embedding extensions.vector(3)
);
create index notes_owner_idx on public.notes (owner);
alter table public.notes enable row level security;
revoke all on public.notes from anon, authenticated, service_role;
grant select on public.notes to authenticated;
create policy notes_select on public.notes for select to authenticated using (owner = (select auth.uid()));
create function public.double(x integer) returns integer language plpgsql set search_path = '' as 'begin return x * 2; end';
create policy topics on realtime.messages for select to authenticated using ((select realtime.topic()) like 'notes:%');
"""


@pytest.fixture(scope="session")
def program(pytestconfig):
    found = pytestconfig.rootpath / "tests" / "js" / "node_modules" / ".bin" / "supabase"
    if not found.exists():
        absent("the Supabase CLI; run scripts/setup")
    return found


@pytest.fixture
def quiet(tmp_path):
    """The CLI keeps its thoughts to itself, and its files in the test's folder."""
    words = ("SUPABASE_NO_UPDATE_NOTIFIER", "SUPABASE_TELEMETRY_DISABLED", "DO_NOT_TRACK", "NO_COLOR", "SUPABASE_YES",
             "SUPABASE_NO_KEYRING")  # fmt: skip
    return {**os.environ, **dict.fromkeys(words, "1"), "SUPABASE_HOME": str(tmp_path / "home")}


@pytest.fixture
def supabase(program, blank_db, tmp_path, quiet):
    """Run the CLI in a small project, with the test's database as its target."""
    migrations = tmp_path / "supabase" / "migrations"
    migrations.mkdir(parents=True)
    (tmp_path / "supabase" / "config.toml").write_text('project_id = "gate"\n')
    (migrations / "20260101000000_notes.sql").write_text(MIGRATION)

    def run(*arguments):
        command = (str(program), *arguments, f"--remote={blank_db.url()}")
        return subprocess.run(
            command, cwd=tmp_path, env=quiet, capture_output=True, text=True, check=False, timeout=100
        )

    return run


@pytest.fixture
def pushed(supabase):
    done = supabase("db", "push", "--yes")
    assert done.returncode == 0, done.stderr
    return supabase


def test_push_applies_and_records(pushed, blank_db):
    listed = pushed("migration", "list")
    assert listed.returncode == 0, listed.stderr
    assert listed.stdout.count("20260101000000") == 2
    with psycopg.connect(blank_db.url()) as connection:
        owner = connection.execute("select tableowner from pg_tables where tablename = 'notes'").fetchone()
    assert owner == ("postgres",)


def test_lint_finds_nothing(pushed):
    done = pushed("db", "lint", "-s", "public", "--fail-on", "error")
    if "plpgsql_check" in done.stderr and "not available" in done.stderr:
        pytest.skip("plpgsql_check could not be fetched on this machine")
    assert done.returncode == 0, done.stderr


def test_lint_finds_what_is_wrong(pushed, blank_db):
    with psycopg.connect(blank_db.url()) as connection:
        connection.execute(
            "create function public.wrong() returns integer language plpgsql set search_path = ''"
            " as 'begin return (select missing from public.notes); end'"
        )
    done = pushed("db", "lint", "-s", "public", "--fail-on", "error")
    if "plpgsql_check" in done.stderr and "not available" in done.stderr:
        pytest.skip("plpgsql_check could not be fetched on this machine")
    assert done.returncode == 1
    assert "missing" in done.stdout


def test_advisors_have_no_complaint_about_the_platform(pushed):
    done = pushed("db", "advisors", "--type", "all", "--level", "info", "--fail-on", "warn")
    assert done.returncode == 0, done.stdout + done.stderr
    assert {finding["metadata"]["schema"] for finding in json.loads(done.stdout)} <= {"public"}


def test_advisors_complain_about_an_open_table(pushed, blank_db):
    with psycopg.connect(blank_db.url()) as connection:
        connection.execute("create table public.open (id int primary key); grant select on public.open to anon")
    done = pushed("db", "advisors", "--type", "security", "--fail-on", "error")
    assert done.returncode == 1
    assert "rls_disabled_in_public" in done.stdout


def test_types_are_generated(pushed):
    done = pushed("gen", "types", "--lang", "typescript", "-s", "public")
    assert done.returncode == 0, done.stderr
    assert '"notes"' in done.stdout
    assert '"double"' in done.stdout


def test_statistics_can_be_inspected(pushed):
    for what in ("table-stats", "outliers"):
        done = pushed("inspect", "db", what)
        assert done.returncode == 0, done.stderr


def test_a_reset_by_the_cli_spares_the_platform(pushed, blank_db):
    with psycopg.connect(blank_db.url()) as connection:
        connection.execute("insert into auth.users (id) values (gen_random_uuid())")
        connection.execute("create table public.stray ()")
    done = pushed("db", "reset", "--yes")
    assert done.returncode == 0, done.stderr
    with psycopg.connect(blank_db.url()) as connection:
        row = connection.execute(
            "select to_regclass('public.stray'), to_regclass('public.notes') is not null,"
            " to_regclass('realtime.messages') is not null, (select count(*) from auth.users)"
        ).fetchone()
    assert row == (None, True, True, 0)


@pytest.fixture
def product(program, db, quiet, pytestconfig):
    """Run the CLI in this project's own folder, on a database that our runner has migrated."""

    def run(*arguments):
        command = (str(program), *arguments, f"--remote={db.url()}")
        return subprocess.run(
            command, cwd=pytestconfig.rootpath, env=quiet, capture_output=True, text=True, check=False, timeout=100
        )

    return run


def test_our_runners_history_is_the_clis(product, project):
    versions = [path.name.split("_")[0] for path in sorted(project.migrations.glob("*.sql"))]
    listed = product("migration", "list").stdout
    assert [listed.count(version) for version in versions] == [2] * len(versions)
    assert "Applying migration" not in product("db", "push", "--yes").stderr


def test_the_product_passes_the_linter(product):
    done = product("db", "lint", "--fail-on", "warning")
    if "plpgsql_check" in done.stderr and "not available" in done.stderr:
        pytest.skip("plpgsql_check could not be fetched on this machine")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_product_passes_the_advisors(product):
    done = product("db", "advisors", "--type", "all", "--fail-on", "warn")
    assert done.returncode == 0, done.stdout + done.stderr
