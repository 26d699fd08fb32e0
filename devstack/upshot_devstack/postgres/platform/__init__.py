"""Makes an empty database into what a Supabase project finds: roles, schemas, auth, realtime, vault, storage.

`cluster/` holds what all databases of a server share (roles), `database/` what each has of its own. Every file may be
run again, so an older stack is brought up to date by running them all.
"""

import hashlib
import importlib.resources
from collections.abc import Sequence
from importlib.resources.abc import Traversable

import psycopg
from psycopg import sql

from upshot_devstack.postgres.cluster import PASSWORD, SUPERUSER, connect

LOGIN_ROLES = (
    "postgres",
    "authenticator",
    "supabase_auth_admin",
    "supabase_storage_admin",
    "supabase_realtime_admin",
    "supabase_functions_admin",
    "supabase_replication_admin",
    "supabase_read_only_user",
    "supabase_etl_admin",
    "pgbouncer",
)


def install(url: str, *, expose_new_tables: bool = True) -> None:
    """Install the platform in the database of `url`, a connection URI for supabase_admin.

    `expose_new_tables` is config.toml's `api.auto_expose_new_tables`.
    """
    with connect(url) as connection:
        _require_superuser(connection)
        with connection.transaction():
            # Roles belong to the server: two databases being prepared at once would trip over each other.
            connection.execute("select pg_advisory_xact_lock(hashtext('upshot-devstack roles'))")
            _run_all(connection, "cluster")
            _set_passwords(connection)
        with connection.transaction():
            open_database(connection, connection.info.dbname)
            _run_all(connection, "database")
            if not expose_new_tables:
                _run_all(connection, "exposure")


def fingerprint() -> str:
    """A hash of everything that `install` runs, our own extensions included."""
    digest = hashlib.sha256()
    extensions = importlib.resources.files("upshot_devstack.postgres") / "extensions"
    for folder in (*map(_folder, ("cluster", "database", "exposure")), *_sorted(extensions)):
        for file in _sorted(folder):
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def _require_superuser(connection: psycopg.Connection) -> None:
    if connection.info.user != SUPERUSER:
        raise ValueError(f"The platform is installed as {SUPERUSER}, not as {connection.info.user}.")


def _run_all(connection: psycopg.Connection, folder: str) -> None:
    for file in _sorted(_folder(folder)):
        try:
            connection.execute(file.read_bytes())
        except psycopg.Error as error:
            error.add_note(f"in platform/{folder}/{file.name}")
            raise


def _folder(name: str) -> Traversable:
    return importlib.resources.files(__name__) / name


def _sorted(folder: Traversable) -> Sequence[Traversable]:
    return sorted(folder.iterdir(), key=lambda file: file.name)


def _set_passwords(connection: psycopg.Connection) -> None:
    for role in LOGIN_ROLES:
        connection.execute(
            sql.SQL("alter role {} with password {}").format(sql.Identifier(role), sql.Literal(PASSWORD))
        )


def open_database(connection: psycopg.Connection, name: str) -> None:
    """Give a database the owner and grants of a project's. They belong to the database, so a copy does not inherit them."""
    database = sql.Identifier(name)
    connection.execute(sql.SQL("alter database {} owner to postgres").format(database))
    connection.execute(sql.SQL("grant all on database {} to postgres, dashboard_user").format(database))
    connection.execute(sql.SQL("grant create on database {} to supabase_auth_admin").format(database))
