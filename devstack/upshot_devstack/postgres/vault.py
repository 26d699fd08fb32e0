"""Puts the secrets of config.toml's `[db.vault]` into the vault, as the CLI does before migrations."""

from collections.abc import Mapping

import psycopg

from upshot_devstack.postgres.cluster import connect


def fill(url: str, secrets: Mapping[str, str]) -> None:
    """Create or update each named secret in the database of `url` (role postgres)."""
    if not secrets:
        return
    with connect(url) as connection:
        for name, secret in secrets.items():
            _put(connection, name, secret)


def _put(connection: psycopg.Connection, name: str, secret: str) -> None:
    known = connection.execute("select id from vault.secrets where name = %s", (name,)).fetchone()
    if known is None:
        connection.execute("select vault.create_secret(%s, %s)", (secret, name))
    else:
        connection.execute("select vault.update_secret(%s, %s)", (known[0], secret))
