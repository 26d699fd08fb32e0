"""Runs the gateway on uvicorn: uvloop, httptools, websockets; every wait and buffer bounded."""

import asyncio
import signal
import socket
from types import FrameType

import uvicorn
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from upshot_devstack.gateway.app import Gateway
from upshot_devstack.gateway.settings import GatewaySettings

BACKLOG = 2048
SOCKET_QUEUE = 32
PING_SECONDS = 30.0


class BoundedHead(HttpToolsProtocol):
    """Uvicorn's HTTP protocol, closing connections whose request head is too large or too slow to come."""

    max_bytes = 64 * 1024
    max_seconds = 20.0

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, object],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._head_bytes = 0
        self._head_timer: asyncio.TimerHandle | None = None
        self._in_body = False

    def data_received(self, data: bytes) -> None:
        if self._head_timer is None and not self._in_body:
            self._head_timer = self.loop.call_later(self.max_seconds, self._give_up)
        self._head_bytes += len(data)
        super().data_received(data)
        if self._head_timer is not None and self._head_bytes > self.max_bytes:
            self._give_up()

    def on_headers_complete(self) -> None:
        self._head_done()
        self._in_body = True
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._in_body = False
        super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_done()
        super().connection_lost(exc)

    def _head_done(self) -> None:
        self._head_bytes = 0
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _give_up(self) -> None:
        self._head_done()
        self.transport.abort()


def http_protocol(settings: GatewaySettings) -> type[asyncio.Protocol]:
    """The protocol class with the settings' bounds."""
    bounds = {"max_bytes": settings.max_header_bytes, "max_seconds": settings.header_timeout}
    return type("SettledHead", (BoundedHead,), bounds)


class OrderlyServer(uvicorn.Server):
    """Ends with status 0 when it is told to end; uvicorn's own would die by the signal once more."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - uvicorn's signature
        """The first signal asks, a second interrupt insists."""
        if self.should_exit and sig == signal.SIGINT:
            self.force_exit = True
        self.should_exit = True


def make_server(settings: GatewaySettings, gateway: Gateway | None = None) -> uvicorn.Server:
    """A server that is not running yet: ``run()``, or ``await serve(sockets=[…])`` on a socket of one's own."""
    config = uvicorn.Config(
        gateway or Gateway(settings),
        host=settings.host,
        port=settings.port,
        http=http_protocol(settings),
        ws="websockets-sansio",
        ws_max_size=settings.max_websocket_message_bytes,
        ws_max_queue=SOCKET_QUEUE,
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=PING_SECONDS,
        ws_per_message_deflate=False,
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=settings.max_connections,
        backlog=BACKLOG,
        timeout_keep_alive=settings.keep_alive_timeout,
        timeout_graceful_shutdown=settings.shutdown_timeout,
    )
    return OrderlyServer(config)


def listening_socket(host: str, port: int = 0) -> socket.socket:
    """A bound socket; port 0 takes a free one. Give it to ``serve(sockets=[…])``."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((host, port))
    return bound
