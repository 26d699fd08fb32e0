"""supabase/tests/database, as `supabase test db` would run it."""

from pathlib import Path

import psycopg
import pytest

FILES = sorted((Path(__file__).parents[2] / "supabase" / "tests" / "database").glob("*.test.sql"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_tap(db, path: Path):
    with psycopg.connect(db.url(), autocommit=True) as connection:
        cursor = connection.execute(path.read_bytes())
        lines: list[str] = []
        while True:
            if cursor.description:
                lines += [str(row[0]) for row in cursor.fetchall()]
            if not cursor.nextset():
                break
    told = [line for line in lines if line.startswith(("ok", "not ok", "1..", "#"))]
    planned = next(int(line.removeprefix("1..")) for line in told if line.startswith("1.."))
    assert [line for line in told if line.startswith(("not ok", "#"))] == []
    assert sum(line.startswith("ok") for line in told) == planned
