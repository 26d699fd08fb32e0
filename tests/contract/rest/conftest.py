"""A gateway with the REST service alone over the library; one for each test module, as its own PostgREST."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from upshot_devstack.postgres.templates import Database
from upshot_devstack.running import RunningGateway, running_gateway

LIBRARY = Path(__file__).with_name("library.sql")


@pytest.fixture(scope="module")
def library_db(cluster_templates, _platform_template) -> Iterator[Database]:
    """A database with the library in it, shared by the module: a test that writes uses rows of its own."""
    database = cluster_templates.clone(_platform_template)
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        connection.execute(LIBRARY.read_text())
    yield database
    cluster_templates.drop(database)


@pytest.fixture(scope="module")
def library(library_db, gateway_settings) -> Iterator[Callable[..., RunningGateway]]:
    """`library(**settings)` serves it at the root, without keys, as a plain PostgREST."""
    with ExitStack() as running:

        def start(**overrides: Any) -> RunningGateway:
            given = {"services": ("rest",), "root_service": "rest", "require_apikey": False, **overrides}
            return running.enter_context(running_gateway(gateway_settings(library_db, **given)))

        yield start


@pytest.fixture(scope="module")
def gateway_of_module(library) -> RunningGateway:
    return library()


@pytest.fixture(scope="module")
def api(gateway_of_module) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=gateway_of_module.url, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def make_api(library) -> Iterator[Callable[..., httpx.Client]]:
    """`make_api(**settings)` is a client of a gateway that is configured otherwise."""
    with ExitStack() as clients:

        def make(**overrides: Any) -> httpx.Client:
            return clients.enter_context(httpx.Client(base_url=library(**overrides).url, timeout=60))

        yield make


@pytest.fixture
def as_user(gateway_of_module) -> Callable[..., dict[str, str]]:
    """Headers of a signed-in user."""

    def headers(sub: str = "u1", role: str = "authenticated", **claims: Any) -> dict[str, str]:
        token = gateway_of_module.tokens.sign({"sub": sub, "role": role, **claims})
        return {"Authorization": f"Bearer {token}"}

    return headers
