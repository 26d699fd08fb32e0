"""The realtime service: an ASGI application with a life of its own behind it."""

import asyncio
from typing import Any

import structlog
from psycopg_pool import AsyncConnectionPool
from starlette.types import Receive, Scope, Send

from upshot_devstack.gateway.realtime.authorize import Authorizer, Pool
from upshot_devstack.gateway.realtime.changes.feed import ChangesFeed
from upshot_devstack.gateway.realtime.handshake import HandshakeRefused, opened
from upshot_devstack.gateway.realtime.http import HttpApi
from upshot_devstack.gateway.realtime.hub import Hub
from upshot_devstack.gateway.realtime.limits import Limits, RateLimit
from upshot_devstack.gateway.realtime.partitions import Janitor
from upshot_devstack.gateway.realtime.presence import PresenceBook
from upshot_devstack.gateway.realtime.runtime import Runtime
from upshot_devstack.gateway.realtime.socket import Connection
from upshot_devstack.gateway.realtime.tail import MessageTail
from upshot_devstack.gateway.responses import refuse_socket
from upshot_devstack.gateway.settings import GatewaySettings
from upshot_devstack.gateway.tokens import Tokens

SOCKET_PATH = "/websocket"
DRAIN_TIMEOUT = 3.0


class RealtimeService:
    """Websockets at /websocket, broadcasts by HTTP below /api."""

    def __init__(self, settings: GatewaySettings, tokens: Tokens, limits: Limits | None = None) -> None:
        if settings.admin_db_uri is None:
            raise ValueError("realtime needs admin_db_uri (GATEWAY_ADMIN_DB_URI), as the role supabase_admin")
        self._log = structlog.get_logger("gateway.realtime")
        self._runtime = assembled(settings.admin_db_uri, tokens, limits or Limits(), self._log)
        self._janitor = Janitor(self._runtime.pool, self._log)
        self._janitor_task: asyncio.Task[None] | None = None
        self._http = HttpApi(self._runtime)
        self._connections: dict[Connection, asyncio.Task[Any] | None] = {}
        self._stopping = False

    async def start(self) -> None:
        """Open the pool and see to today's partition. A database that is away does not keep the service from starting."""
        self._stopping = False
        await self._runtime.pool.open()
        await self._janitor.tend()
        self._janitor_task = asyncio.create_task(self._janitor.run(), name="realtime-janitor")
        self._runtime.tail.begin()

    async def stop(self) -> None:
        """Say goodbye to every socket, then let go of the database; bounded in time."""
        self._stopping = True
        for connection in list(self._connections):
            connection.stop()
        running = [task for task in self._connections.values() if task is not None]
        if running:
            await asyncio.wait(running, timeout=DRAIN_TIMEOUT)
        if self._janitor_task is not None:
            self._janitor_task.cancel()
            await asyncio.gather(self._janitor_task, return_exceptions=True)
        await asyncio.gather(self._runtime.tail.stop(), self._runtime.changes.stop())
        await self._runtime.pool.close()

    async def health(self) -> dict[str, Any]:
        """Whether the service can do its work, with the figures that tell why."""
        lost = "lost" in {self._runtime.tail.state, self._runtime.changes.state}
        return {
            "status": "error" if lost or self._stopping else "ok",
            "sockets": len(self._connections),
            "rooms": self._runtime.hub.rooms,
            "messages": self._runtime.tail.state,
            "changes": self._runtime.changes.state,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        else:
            await self._http(scope, receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        try:
            self._admit(scope)
            opening = opened(scope, self._runtime.tokens)
        except HandshakeRefused as refused:
            self._log.info("handshake_refused", status=refused.status, reason=str(refused))
            await refuse_socket(send, refused.status, {"error": str(refused)})
            return
        await send({"type": "websocket.accept"})
        connection = Connection(self._runtime, opening.codec, opening.token, opening.headers)
        self._connections[connection] = asyncio.current_task()
        try:
            await connection.serve(receive, send)
        finally:
            del self._connections[connection]

    def _admit(self, scope: Scope) -> None:
        if scope["path"].rstrip("/") != SOCKET_PATH:
            raise HandshakeRefused(404, f"There is no websocket at {scope['path']}, use {SOCKET_PATH}")
        if self._stopping:
            raise HandshakeRefused(503, "Realtime is restarting, please standby")


def assembled(dsn: str, tokens: Tokens, limits: Limits, log: Any) -> Runtime:
    """The parts of the service, wired."""
    pool: Pool = AsyncConnectionPool(
        dsn,
        kwargs={"autocommit": True, "application_name": "realtime", "options": "-c timezone=UTC"},
        min_size=0,
        max_size=limits.pool_size,
        timeout=limits.pool_timeout,
        check=AsyncConnectionPool.check_connection,
        open=False,
        name="realtime",
    )
    hub = Hub()
    return Runtime(
        tokens=tokens,
        limits=limits,
        pool=pool,
        authorizer=Authorizer(pool, limits),
        hub=hub,
        presences=PresenceBook(),
        tail=MessageTail(dsn, pool, hub, log),
        changes=ChangesFeed(dsn, pool, limits, log),
        join_rate=RateLimit(limits.joins_per_second),
        post_rate=RateLimit(limits.posts_per_second),
        log=log,
    )
