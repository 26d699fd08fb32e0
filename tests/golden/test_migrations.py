"""supabase/migrations records what sql/ and policies/ declare: two databases, one from each, are the same."""

import subprocess
import sys

import psycopg


def test_the_baseline_is_not_stale(pytestconfig):
    done = subprocess.run(
        [sys.executable, "scripts/build_migrations.py", "--check"],
        cwd=pytestconfig.rootpath, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_sources_and_migrations_make_the_same_database(pytestconfig, blank_db, db, dump, query):
    listed = subprocess.run(
        [sys.executable, "scripts/build_migrations.py", "--list"],
        cwd=pytestconfig.rootpath, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    for source in listed:
        # A session of its own for each file: none may lean on what another one set.
        with psycopg.connect(blank_db.url()) as connection:
            connection.execute((pytestconfig.rootpath / source).read_bytes())

    assert dump(blank_db) == dump(db)
    for table in ("permissions", "experiment_moves"):
        assert query(blank_db, f"select * from public.{table} order by 1, 2") == query(
            db, f"select * from public.{table} order by 1, 2"
        )


def test_the_schema_is_what_was_reviewed(db, dump, golden):
    golden("schema.sql", dump(db))
