"""pytest fixtures: a real Postgres for the session, a fresh database for each test, a gateway on demand.

All processes of one test run share the server (pytest-xdist), and so do runs that overlap; the last one to leave stops
it. Its data stays, so the next run finds its templates ready.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import structlog

from upshot_devstack import paths
from upshot_devstack.gateway.settings import GatewaySettings
from upshot_devstack.gateway.tokens import generate_signing_key
from upshot_devstack.locks import Membership, exclusive
from upshot_devstack.postgres.cluster import Cluster, ClusterError, Server
from upshot_devstack.postgres.runtime import runtime
from upshot_devstack.postgres.templates import Database, Templates
from upshot_devstack.project import Project
from upshot_devstack.running import RunningGateway, running_gateway

log = structlog.get_logger(__name__)

GatewayFactory = Callable[..., RunningGateway]
"""Called with a database and settings that differ from the defaults, it serves until the test ends."""

__all__ = [
    "blank_db",
    "cluster",
    "cluster_home",
    "cluster_templates",
    "db",
    "gateway",
    "gateway_factory",
    "gateway_settings",
    "project",
    "signing_key",
]


@pytest.fixture(scope="session")
def project(pytestconfig: pytest.Config) -> Project:
    """The Supabase project at the root of the tests."""
    return Project(pytestconfig.rootpath)


@pytest.fixture(scope="session")
def cluster_home(pytestconfig: pytest.Config) -> Path:
    """Where the tests' server keeps its data: one place a checkout."""
    home = paths.checkout_home(pytestconfig.rootpath, "tests")
    paths.make_folder(home)
    return home


@pytest.fixture(scope="session")
def cluster(cluster_home: Path) -> Iterator[Server]:
    """A running server without crash safety. `.url(role, database)` says how to reach it."""
    turnstile = cluster_home / "turnstile.lock"
    own = Cluster(runtime(paths.cache_root()), cluster_home / "postgres")
    with exclusive(turnstile):
        membership = Membership(cluster_home / "users.lock")
        fresh = own.running() is None
        server = _start_or_rebuild(own)
        if fresh:
            Templates(server, cluster_home).sweep()
    yield server
    with exclusive(turnstile):
        if membership.last():
            own.stop()
        membership.leave()


def _start_or_rebuild(own: Cluster) -> Server:
    """Without crash safety a machine that went down may leave data that no longer starts; all of it is scratch."""
    try:
        return own.start(durable=False)
    except ClusterError as error:
        log.warning("test_cluster_rebuilt", reason=str(error))
        own.destroy()
        return own.start(durable=False)


@pytest.fixture(scope="session")
def cluster_templates(cluster: Server, cluster_home: Path) -> Templates:
    """The databases that tests are copied from."""
    return Templates(cluster, cluster_home)


@pytest.fixture(scope="session")
def _platform_template(cluster_templates: Templates, project: Project) -> str:
    return cluster_templates.platform(expose_new_tables=project.settings.api.auto_expose_new_tables)


@pytest.fixture(scope="session")
def _project_template(cluster_templates: Templates, project: Project) -> str:
    return cluster_templates.project(project)


@pytest.fixture
def blank_db(cluster_templates: Templates, _platform_template: str) -> Iterator[Database]:
    """A database that holds the platform and nothing else; gone after the test."""
    database = cluster_templates.clone(_platform_template)
    yield database
    cluster_templates.drop(database)


@pytest.fixture
def db(cluster_templates: Templates, _project_template: str) -> Iterator[Database]:
    """A database that holds the platform and the project's migrations; gone after the test."""
    database = cluster_templates.clone(_project_template)
    yield database
    cluster_templates.drop(database)


@pytest.fixture(scope="session")
def signing_key() -> str:
    """The ES256 private JWK that the tests' gateways sign with."""
    return generate_signing_key()


@pytest.fixture(scope="session")
def gateway_settings(signing_key: str) -> Callable[..., GatewaySettings]:
    """Makes the settings of a gateway for a database: a free port, quiet, otherwise as a local stack."""

    def make(database: Database, **overrides: Any) -> GatewaySettings:
        given: dict[str, Any] = {
            "db_uri": database.url("authenticator"),
            "admin_db_uri": database.url("supabase_admin"),
            "jwt_signing_key": signing_key,
            "port": 0,
            "access_log": False,
            "db_pool": 4,
        }
        return GatewaySettings(**{**given, **overrides})

    return make


@pytest.fixture
def gateway_factory(gateway_settings: Callable[..., GatewaySettings]) -> Iterator[GatewayFactory]:
    """`gateway_factory(database, **settings)` starts a real gateway on a free port; all stop after the test.

    Ask for the database's fixture before this one: a gateway must let go of its database before that is dropped.
    """
    with ExitStack() as running:

        def start(database: Database, **overrides: Any) -> RunningGateway:
            return running.enter_context(running_gateway(gateway_settings(database, **overrides)))

        yield start


@pytest.fixture
def gateway(db: Database, gateway_factory: GatewayFactory) -> RunningGateway:
    """A gateway over `db`, with all services."""
    return gateway_factory(db)
