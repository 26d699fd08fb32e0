"""The real Supabase CLI against the product's own migrations: its findings are mended, not muted."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from support.absent import absent

pytestmark = pytest.mark.cli

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def program(pytestconfig) -> Path:
    found = pytestconfig.rootpath / "tests" / "js" / "node_modules" / ".bin" / "supabase"
    if not found.exists():
        absent("the Supabase CLI; run scripts/setup")
    return found


@pytest.fixture
def cli(program: Path, tmp_path: Path, pytestconfig) -> Run:
    """Run the CLI on a copy of the project, for it writes notes beside the migrations."""
    words = (
        "SUPABASE_NO_UPDATE_NOTIFIER",
        "SUPABASE_TELEMETRY_DISABLED",
        "DO_NOT_TRACK",
        "NO_COLOR",
        "SUPABASE_YES",
        "SUPABASE_NO_KEYRING",
    )
    quiet = {**os.environ, **dict.fromkeys(words, "1"), "SUPABASE_HOME": str(tmp_path / "home")}
    for name in ("sql", "policies"):
        (tmp_path / name).symlink_to(pytestconfig.rootpath / name)
    copy = tmp_path / "supabase"
    copy.mkdir()
    for name in ("config.toml", "seed.sql", "migrations"):
        (copy / name).symlink_to(pytestconfig.rootpath / "supabase" / name)

    def run(database, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = (str(program), *arguments, f"--remote={database.url()}")
        return subprocess.run(
            command, cwd=tmp_path, env=quiet, capture_output=True, text=True, check=False, timeout=110
        )

    return run


def test_db_push_applies_the_migrations_and_the_seed(cli: Run, blank_db):
    done = cli(blank_db, "db", "push", "--include-seed", "--yes")
    assert done.returncode == 0, done.stderr
    with psycopg.connect(blank_db.url("postgres")) as connection:
        assert connection.execute("select slug from public.workspaces").fetchall() == [("northside",)]


@pytest.mark.parametrize("kind", ["security", "performance"])
def test_advisors_find_nothing(cli: Run, db, kind):
    done = cli(db, "db", "advisors", "--type", kind, "--level", "info", "--fail-on", "warn", "--output-format", "json")
    assert done.returncode == 0, done.stdout + done.stderr
    # A database without traffic uses no index; and in private, no policy means nobody.
    expected = {("unused_index", "public"), ("unused_index", "private"), ("rls_enabled_no_policy", "private")}
    findings = json.loads(done.stdout)["results"]
    assert {(f["name"], f["metadata"]["schema"]) for f in findings} <= expected


def test_lint_finds_nothing(cli: Run, db):
    done = cli(db, "db", "lint", "-s", "public,private,stats", "--level", "warning", "--fail-on", "warning")
    if "plpgsql_check" in done.stderr and "not available" in done.stderr:
        pytest.skip("plpgsql_check is not installed in this Postgres")
    assert done.returncode == 0, done.stdout + done.stderr
