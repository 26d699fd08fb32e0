"""The whole stack: Postgres with the platform and the project's migrations, and the gateway before it."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from types import TracebackType
from typing import Any, Self

from upshot_devstack import paths
from upshot_devstack.config import StackConfig
from upshot_devstack.gateway.settings import GatewaySettings
from upshot_devstack.gateway.tokens import Tokens
from upshot_devstack.gateway_process import GatewayProcess
from upshot_devstack.locks import exclusive
from upshot_devstack.ports import LOOPBACK
from upshot_devstack.postgres import databases, migrations, platform, selftest, vault
from upshot_devstack.postgres.cluster import SUPERUSER, Cluster, Server, connect
from upshot_devstack.postgres.runtime import Runtime, runtime
from upshot_devstack.project import Project
from upshot_devstack.project_gateway import gateway_settings_of
from upshot_devstack.signing import signing_key

DATABASE = "postgres"
MAINTENANCE = "template1"


class NotRunningError(RuntimeError):
    """The stack was asked for something that only a running one knows."""


@dataclass(frozen=True)
class Status:
    """What runs of a stack: the database server, and the port of the gateway."""

    server: Server | None
    api_port: int | None

    @property
    def running(self) -> bool:
        """Whether all of it runs."""
        return self.server is not None and self.api_port is not None


class Devstack:
    """Supabase without Docker, for one project. A context manager: started inside, stopped afterwards.

    `report` is told in a few words what is being done, for people who wait.
    """

    def __init__(self, config: StackConfig, report: Callable[[str], None] = lambda _: None) -> None:
        self.config = config
        self.project = None if config.project_dir is None else Project(config.project_dir)
        self._report = report
        self._gateway = GatewayProcess(config.state_dir / "gateway")
        paths.make_folder(config.state_dir)

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> Status:
        """Start what does not run yet and apply the migrations that the database has not seen. Safe to call twice.

        Raises ClusterError, MigrationError, GatewayProcessError, FetchError, NoServerError or ProjectError.
        """
        with self._alone():
            server = self._start_postgres()
            self._migrate(server)
            self._start_gateway(server)
        return self.status()

    def stop(self) -> None:
        """Stop the gateway, then Postgres. The data stays."""
        with self._alone():
            self._gateway.stop()
            self._cluster.stop()

    def reset(self) -> Status:
        """Empty the database, then install the platform, the migrations and the seed again. Keys and ports stay."""
        with self._alone():
            port = self._gateway.port()
            self._gateway.stop()
            server = self._cluster.start(self.config.db_port, durable=self.config.durable)
            self._report("Emptying the database")
            _recreate(server)
            self._prepare(server)
            self._migrate(server)
            self._start_gateway(server, port)
        return self.status()

    def migrate(self) -> Sequence[migrations.Migration]:
        """Apply the migrations that the running database has not seen. Raises NotRunningError, MigrationError."""
        with self._alone():
            return self._migrate(self._server())

    def status(self) -> Status:
        """What runs now."""
        return Status(self._cluster.running(), self._gateway.port())

    def env(self) -> dict[str, str]:
        """The names and values that `supabase status -o env` prints. Raises NotRunningError."""
        status = self.status()
        if status.server is None or status.api_port is None:
            part = "stack" if status.server is None else "gateway"
            raise NotRunningError(f"The {part} does not run: start it first.")
        settings = self.gateway_settings(status.server, status.api_port)
        tokens = Tokens(settings)
        return {
            "API_URL": settings.public_url,
            "REST_URL": f"{settings.public_url}/rest/v1",
            "AUTH_URL": settings.auth_url,
            "REALTIME_URL": f"{settings.public_url}/realtime/v1",
            "DB_URL": f"postgresql://postgres:postgres@{LOOPBACK}:{status.server.port}/{DATABASE}",
            "PUBLISHABLE_KEY": settings.publishable_key,
            "SECRET_KEY": settings.secret_key,
            "JWT_SECRET": settings.jwt_secret or "",
            "ANON_KEY": tokens.anon_key,
            "SERVICE_ROLE_KEY": tokens.service_role_key,
        }

    def gateway_settings(self, server: Server, port: int) -> GatewaySettings:
        """The settings that the gateway of this stack runs with."""
        return GatewaySettings(**self._settings(server), host=LOOPBACK, port=port)

    def _settings(self, server: Server) -> dict[str, Any]:
        own = {
            "db_uri": server.url("authenticator", DATABASE),
            "admin_db_uri": server.url(SUPERUSER, DATABASE),
            "jwt_signing_key": signing_key(self.config.state_dir, self.project),
        }
        chosen = {} if self.project is None else gateway_settings_of(self.project)
        return {**chosen, **own, **self.config.gateway}

    def _start_postgres(self) -> Server:
        self._report("Preparing Postgres")
        running = self._cluster.running()
        if running is not None:
            return running
        for extension, reason in self._runtime.missing.items():
            self._report(f"Going on without {extension}: {reason}")
        self._report("Starting Postgres")
        server = self._cluster.start(self.config.db_port, durable=self.config.durable)
        self._prepare(server)
        return server

    def _prepare(self, server: Server) -> None:
        self._report("Installing the platform")
        expose = True if self.project is None else self.project.settings.api.auto_expose_new_tables
        platform.install(server.url(SUPERUSER, DATABASE), expose_new_tables=expose)
        selftest.check_vector(server, DATABASE)

    def _migrate(self, server: Server) -> Sequence[migrations.Migration]:
        if self.project is None:
            return ()
        self._report("Applying migrations")
        url = server.url("postgres", DATABASE)
        vault.fill(url, self.project.settings.db.vault)
        migrations.refuse_changed(url, self.project.migrations)
        wanted = self.project.settings.db.migrations.enabled
        applied = migrations.apply(url, self.project.migrations) if wanted else ()
        migrations.seed(url, self.project.seeds())
        return applied

    def _start_gateway(self, server: Server, port: int | None = None) -> None:
        self._report("Starting the gateway")
        self._gateway.start(port or self.config.api_port, self._settings(server))

    def _server(self) -> Server:
        server = self._cluster.running()
        if server is None:
            raise NotRunningError("Postgres does not run: start the stack first.")
        return server

    @cached_property
    def _runtime(self) -> Runtime:
        return runtime(self.config.cache_dir, self.config.pg_bin)

    @cached_property
    def _cluster(self) -> Cluster:
        return Cluster(self._runtime, self.config.state_dir / "postgres")

    def _alone(self) -> AbstractContextManager[None]:
        return exclusive(self.config.state_dir / "stack.lock")


def _recreate(server: Server) -> None:
    with connect(server.url(SUPERUSER, MAINTENANCE)) as connection:
        databases.drop(connection, DATABASE)
        databases.create(connection, DATABASE)
