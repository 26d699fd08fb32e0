"""Applies `supabase/migrations` the way the Supabase CLI does, with the CLI's own history table.

Each file is one transaction, run as `postgres`, who is no superuser. Whatever is applied here counts as applied for
`supabase db push` and the other way round.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
import structlog

from upshot_devstack.postgres.cluster import connect

log = structlog.get_logger(__name__)

_NAME = re.compile(r"^(?P<version>\d+)_(?P<name>.+)\.sql$")

_HISTORY = """
create schema if not exists supabase_migrations;
create table if not exists supabase_migrations.schema_migrations (version text not null primary key);
alter table supabase_migrations.schema_migrations add column if not exists statements text[];
alter table supabase_migrations.schema_migrations add column if not exists name text;
create table if not exists supabase_migrations.seed_files (path text not null primary key, hash text not null);
"""


class MigrationError(RuntimeError):
    """A migration or seed failed and left nothing behind. The message names the file and what Postgres said."""


@dataclass(frozen=True, order=True)
class Migration:
    """One file of `supabase/migrations`: `<version>_<name>.sql`."""

    version: str
    name: str
    path: Path


def migrations(folder: Path) -> Sequence[Migration]:
    """The migrations of a folder in the order of their versions; none when there is no such folder."""
    if not folder.is_dir():
        return ()
    found = ((_NAME.match(path.name), path) for path in folder.glob("*.sql"))
    return sorted(Migration(match["version"], match["name"], path) for match, path in found if match)


def apply(url: str, folder: Path) -> Sequence[Migration]:
    """Apply what the database of `url` (role postgres) has not seen yet, and return it.

    Raises MigrationError; the files before the failing one stay applied.
    """
    with connect(url) as connection:
        connection.execute(_HISTORY)
        rows = connection.execute("select version from supabase_migrations.schema_migrations").fetchall()
        applied = {row[0] for row in rows}
        pending = [migration for migration in migrations(folder) if migration.version not in applied]
        for migration in pending:
            _apply_one(connection, migration)
    return pending


def _apply_one(connection: psycopg.Connection, migration: Migration) -> None:
    text = migration.path.read_text()
    connection.execute("reset all")
    try:
        with connection.transaction():
            connection.execute(text.encode())
            connection.execute(
                "insert into supabase_migrations.schema_migrations (version, statements, name) values (%s, %s, %s)",
                (migration.version, [text], migration.name),
            )
    except psycopg.Error as error:
        raise MigrationError(f"{migration.path.name} was not applied: {_explain(error, text)}") from error
    log.info("migration_applied", version=migration.version, name=migration.name)


def refuse_changed(url: str, folder: Path) -> None:
    """Raise MigrationError when a file is no longer what was applied: what runs on it expects another database."""
    with connect(url) as connection:
        connection.execute(_HISTORY)
        rows = connection.execute(
            "select version, statements[1] from supabase_migrations.schema_migrations where cardinality(statements) = 1"
        ).fetchall()
    applied = {version: _bare(text) for version, text in rows}
    for migration in migrations(folder):
        now = _bare(migration.path.read_text())
        if applied.get(migration.version, now) != now:
            raise MigrationError(
                f"{migration.path.name} has changed since this database was built from it.\n"
                "`scripts/dev reset` builds the database anew and drops what is in it; "
                "with `--state-dir DIR` a second one starts beside it."
            )


def _bare(text: str) -> str:
    """Without what the CLI takes off a statement before it records it."""
    return text.strip().removesuffix(";").strip()


def seed(url: str, paths: Iterable[Path]) -> Sequence[Path]:
    """Run the seed files that the database has never run, and return them. Raises MigrationError."""
    with connect(url) as connection:
        connection.execute(_HISTORY)
        return [path for path in paths if _seed_one(connection, path)]


def _seed_one(connection: psycopg.Connection, path: Path) -> bool:
    known = connection.execute("select from supabase_migrations.seed_files where path = %s", (path.name,)).fetchone()
    if known is not None:
        return False
    text = path.read_text()
    try:
        with connection.transaction():
            connection.execute(text.encode())
            connection.execute(
                "insert into supabase_migrations.seed_files (path, hash) values (%s, %s)",
                (path.name, hashlib.sha256(text.encode()).hexdigest()),
            )
    except psycopg.Error as error:
        raise MigrationError(f"{path.name} was not applied: {_explain(error, text)}") from error
    return True


def _explain(error: psycopg.Error, text: str) -> str:
    """What Postgres said, with the line of the file it points at."""
    diagnosis = error.diag
    said = [f"{diagnosis.message_primary or error} (SQLSTATE {diagnosis.sqlstate})"]
    said += [part for part in (diagnosis.message_detail, diagnosis.message_hint, diagnosis.context) if part]
    if diagnosis.statement_position:
        line = text.encode()[: int(diagnosis.statement_position)].count(b"\n") + 1
        said.append(f"line {line}: {text.splitlines()[line - 1].strip()}")
    return "\n".join(said)
