"""`python -m upshot_devstack`, as a person types it."""

import json
import os
import subprocess
import sys

import psycopg
import pytest


@pytest.fixture
def devstack(state_dir, project_dir):
    """Run a command on a stack of the test's own; it is stopped afterwards."""

    def run(command, *options):
        arguments = ("--project-dir", project_dir, "--state-dir", state_dir, *options)
        return subprocess.run(
            (sys.executable, "-m", "upshot_devstack", command, *arguments),
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
            env={**os.environ, "GATEWAY_SERVICES": "", "NO_COLOR": "1"},
        )

    yield run
    assert run("stop").returncode == 0


def values(text):
    return dict(line.split("=", 1) for line in text.splitlines())


def test_the_life_of_a_stack(devstack, project_dir):
    started = devstack("start", "--api-port", "0", "--db-port", "0", "--fast", "-o", "env")
    assert started.returncode == 0, started.stderr
    env = {name: value.strip('"') for name, value in values(started.stdout).items()}
    assert devstack("status", "-o", "json").stdout == json.dumps(env, indent=2) + "\n"

    (project_dir / "supabase" / "migrations" / "20260102000000_tags.sql").write_text("create table tags ();")
    assert "20260102000000_tags.sql" in devstack("migrate").stderr
    assert "Nothing to apply" in devstack("migrate").stderr
    with psycopg.connect(env["DB_URL"]) as connection:
        connection.execute("insert into notes values (7)")

    assert devstack("reset", "--api-port", "0", "--db-port", "0", "--fast").returncode == 0
    with psycopg.connect(env["DB_URL"]) as connection:
        assert connection.execute("select id from notes").fetchall() == [(1,)]

    assert devstack("stop").returncode == 0
    stopped = devstack("status")
    assert stopped.returncode == 1
    assert "start it first" in stopped.stderr


def test_a_broken_migration_is_told_in_words(devstack, project_dir):
    (project_dir / "supabase" / "migrations" / "20260103000000_oops.sql").write_text("create tabel x ();")
    started = devstack("start", "--api-port", "0", "--db-port", "0", "--fast")
    assert started.returncode == 1
    assert "20260103000000_oops.sql was not applied" in started.stderr
    assert "Traceback" not in started.stderr


def test_a_broken_configuration_is_told_in_words(devstack, project_dir):
    config = project_dir / "supabase" / "config.toml"
    config.write_text("[api]\nport = 'many'\n")
    started = devstack("start")
    assert (started.returncode, "api.port" in started.stderr, "Traceback" in started.stderr) == (1, True, False)
    config.write_text("")


def test_a_folder_without_postgres_is_refused(devstack, tmp_path):
    started = devstack("start", "--pg-bin", str(tmp_path))
    assert started.returncode == 1
    assert "has no pg_config" in started.stderr
