"""Databases made once and copied often: the platform alone, and the platform with a project's migrations."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg

from upshot_devstack.locks import exclusive
from upshot_devstack.postgres import databases, migrations, platform
from upshot_devstack.postgres.cluster import SUPERUSER, Server, connect
from upshot_devstack.project import Project

KEPT_TEMPLATES = 4
CLONE_PREFIX = "clone_"
DRAFT_PREFIX = "draft_"


@dataclass(frozen=True)
class Database:
    """One database of a running server."""

    server: Server
    name: str

    def url(self, role: str = "postgres") -> str:
        """A connection URI for a role."""
        return self.server.url(role, self.name)


class Templates:
    """The templates of one server. Processes that share the server share them, by a lock file in `folder`."""

    def __init__(self, server: Server, folder: Path) -> None:
        self._server = server
        self._lock = folder / "templates.lock"

    def platform(self, *, expose_new_tables: bool = True) -> str:
        """The name of a template that holds the platform and nothing else."""
        suffix = "open" if expose_new_tables else "closed"
        # Realtime's messages lie in partitions of a day, which the platform makes for the days around its own.
        name = f"platform_{suffix}_{dt.datetime.now(dt.UTC):%Y%m%d}{platform.fingerprint()}"
        return self._ensure(
            name, lambda url: platform.install(url(SUPERUSER), expose_new_tables=expose_new_tables), databases.EMPTY
        )

    def project(self, project: Project) -> str:
        """The name of a template that holds the platform and a project's migrations."""
        base = self.platform(expose_new_tables=project.settings.api.auto_expose_new_tables)
        digest = hashlib.sha256(base.encode())
        for source in project.sources():
            digest.update(source.name.encode() + source.read_bytes())
        name = f"project_{digest.hexdigest()[:16]}"
        return self._ensure(name, lambda url: migrations.apply(url("postgres"), project.migrations), base)

    def clone(self, template: str) -> Database:
        """A fresh copy of a template."""
        database = Database(self._server, f"{CLONE_PREFIX}{uuid.uuid4().hex}")
        with self._admin() as connection:
            databases.create(connection, database.name, template)
            databases.copy_settings(connection, template, database.name)
            platform.open_database(connection, database.name)
        return database

    def drop(self, database: Database) -> None:
        """End the sessions of a database and delete it."""
        with self._admin() as connection:
            databases.drop(connection, database.name)

    def sweep(self) -> None:
        """Delete the copies that earlier processes left behind. For whoever has just started the server."""
        with self._admin() as connection:
            for name in (*databases.names(connection, CLONE_PREFIX), *databases.names(connection, DRAFT_PREFIX)):
                databases.drop(connection, name)

    def _ensure(self, name: str, build: Callable[[Callable[[str], str]], object], template: str) -> str:
        with exclusive(self._lock), self._admin() as connection:
            if name not in databases.names(connection, name):
                draft = Database(self._server, f"{DRAFT_PREFIX}{name}")
                databases.drop(connection, draft.name)
                databases.create(connection, draft.name, template)
                if template != databases.EMPTY:
                    platform.open_database(connection, draft.name)
                build(draft.url)
                databases.rename(connection, draft.name, name)
                self._forget_old(connection, name.rsplit("_", 1)[0])
        return name

    def _forget_old(self, connection: psycopg.Connection, kind: str) -> None:
        for name in databases.names(connection, f"{kind}_")[:-KEPT_TEMPLATES]:
            databases.drop(connection, name)

    def _admin(self) -> psycopg.Connection:
        return connect(self._server.url(SUPERUSER))
