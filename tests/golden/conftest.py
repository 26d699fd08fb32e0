import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from upshot_devstack import paths
from upshot_devstack.postgres.runtime import runtime

UPDATE = "UPDATE_GOLDEN"


@pytest.fixture
def dump() -> Callable[[Any], str]:
    """pg_dump's word for what a database's own schemas look like, without what differs from run to run."""
    program = runtime(paths.cache_root()).program("pg_dump")

    def run(database: Any) -> str:
        schemas = [f"--schema={name}" for name in ("public", "private", "stats", "gate")]
        done = subprocess.run(
            [program, "--schema-only", *schemas, database.url()],
            capture_output=True,
            text=True,
            check=True,
            timeout=100,
        )
        noise = ("\\restrict", "\\unrestrict", "-- Dumped", "SET ", "SELECT pg_catalog.set_config")
        lines = [
            line for line in done.stdout.splitlines() if line.strip() not in ("", "--") and not line.startswith(noise)
        ]
        return "\n".join(lines) + "\n"

    return run


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with the file of that name beside the test; UPDATE_GOLDEN=1 writes it instead."""
    folder = Path(request.path).parent

    def compare(name: str, text: str) -> None:
        path = folder / name
        if os.environ.get(UPDATE):
            path.write_text(text)
        assert path.read_text().splitlines() == text.splitlines(), (
            f"{name} has changed. If that is meant: {UPDATE}=1 .venv/bin/pytest tests/golden, read the diff, commit it."
        )

    return compare


@pytest.fixture
def query() -> Callable[[Any, str], list[tuple[Any, ...]]]:
    """Rows of a query, as the owner of the schema."""

    def run(database: Any, statement: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(database.url()) as connection:
            return connection.execute(statement.encode()).fetchall()

    return run
