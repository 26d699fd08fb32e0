"""A gateway over a database with one private topic family, its cast, and raw websockets to talk to it."""

import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import psycopg
import pytest

from contract.realtime.phoenix import PhoenixSocket, open_socket
from support.patience import streaming

# room:* is read by authenticated people and written by those whose token says so; lobby:* is for the presence tests.
POLICIES = """
create policy messages_select_rooms on realtime.messages for select to authenticated
  using (realtime.topic() like 'room:%' and coalesce((select auth.jwt()) ->> 'banned', 'no') = 'no');
create policy messages_insert_rooms on realtime.messages for insert to authenticated
  with check (realtime.topic() like 'room:%' and (select auth.jwt()) ->> 'writes' = 'yes');
create policy messages_select_read_presence on realtime.messages for select to authenticated
  using (extension = 'presence' and realtime.topic() like 'lobby:%');
"""


class Cast:
    """Tokens of the people in the tests."""

    def __init__(self, sign: Callable[[dict[str, Any]], str]) -> None:
        self._sign = sign

    def token(self, role: str = "authenticated", lives: float = 3600, **claims: Any) -> str:
        now = int(time.time())
        return self._sign({"role": role, "iat": now, "exp": now + int(lives), "sub": str(uuid.uuid4()), **claims})

    @property
    def writer(self) -> str:
        """May read and write room:*."""
        return self.token(writes="yes")

    @property
    def reader(self) -> str:
        """May read room:* only."""
        return self.token()

    @property
    def banned(self) -> str:
        return self.token(banned="yes")

    @property
    def service(self) -> str:
        return self.token(role="service_role")


@pytest.fixture
def rooms_db(blank_db: Any) -> Any:
    with psycopg.connect(blank_db.url("postgres"), autocommit=True) as connection:
        for statement in POLICIES.split(";\n")[:-1]:
            connection.execute(statement)
    return blank_db


@pytest.fixture
def server(rooms_db: Any, gateway_factory: Any) -> Any:
    return streaming(gateway_factory(rooms_db, services=("realtime",)))


@pytest.fixture
def cast(server: Any) -> Cast:
    return Cast(server.tokens.sign)


Connect = Callable[..., Awaitable[PhoenixSocket]]


@pytest.fixture(params=["1.0.0", "2.0.0"])
def vsn(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def connect(server: Any) -> AsyncIterator[Connect]:
    """`await connect(vsn="2.0.0", key=…)` opens a raw socket; all are closed after the test."""
    async with AsyncExitStack() as stack:

        async def opened(vsn: str = "2.0.0", key: str | None = None) -> PhoenixSocket:
            url = f"{server.websocket_url}/realtime/v1/websocket"
            return await stack.enter_async_context(open_socket(url, key or server.settings.publishable_key, vsn))

        yield opened


@pytest.fixture
async def sql(rooms_db: Any) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
    """A session of the project's owner, in autocommit mode."""
    async with await psycopg.AsyncConnection.connect(rooms_db.url("postgres"), autocommit=True) as connection:
        yield connection


@pytest.fixture
def topic() -> str:
    return f"room:{uuid.uuid4()}"
