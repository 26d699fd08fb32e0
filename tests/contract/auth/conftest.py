"""A gateway with the auth service alone."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.rows import dict_row

from contract.auth.support import AuthApi


@pytest.fixture
def make_api(blank_db, gateway_factory) -> Iterator[Callable[..., AuthApi]]:
    """`make_api(**settings)` serves auth over an empty project."""
    with ExitStack() as clients:

        def make(**overrides: Any) -> AuthApi:
            given = {"services": ("auth",), "password_bcrypt_cost": 4, "sms_provider": "mailbox", **overrides}
            gateway = gateway_factory(blank_db, **given)
            prefix = "" if given.get("root_service") else "/auth/v1"
            return AuthApi(clients.enter_context(httpx.Client(base_url=gateway.url + prefix, timeout=60)), gateway)

        yield make


@pytest.fixture
def api(make_api) -> AuthApi:
    """Sign-ups are confirmed at once, as on a local stack."""
    return make_api()


@pytest.fixture
def strict_api(make_api) -> AuthApi:
    """Sign-ups must be confirmed by mail or text message."""
    return make_api(mailer_autoconfirm=False, phone_autoconfirm=False)


@pytest.fixture
def sql(blank_db) -> Iterator[Callable[..., list[dict[str, Any]]]]:
    """Runs a statement as the database's superuser."""
    with psycopg.connect(blank_db.url("supabase_admin"), autocommit=True, row_factory=dict_row) as connection:

        def run(query: str, *values: Any) -> list[dict[str, Any]]:
            cursor = connection.execute(query, values)
            return cursor.fetchall() if cursor.description else []

        yield run
