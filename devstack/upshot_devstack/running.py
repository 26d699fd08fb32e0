"""A gateway in a thread of this process: for tests, and for programs that want no second process."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn

from upshot_devstack.gateway.server import listening_socket, make_server
from upshot_devstack.gateway.settings import GatewaySettings
from upshot_devstack.gateway.tokens import Tokens

START_SECONDS = 30.0
STOP_SECONDS = 20.0
POLL_SECONDS = 0.005


class GatewayFailedError(RuntimeError):
    """The gateway did not start or did not stop in time; its log has the cause."""


@dataclass(frozen=True)
class RunningGateway:
    """A gateway that listens. `url` has no slash at its end; `tokens` signs what it will believe."""

    url: str
    settings: GatewaySettings
    tokens: Tokens

    @property
    def websocket_url(self) -> str:
        """The base address for sockets."""
        return "ws" + self.url.removeprefix("http")


@contextmanager
def running_gateway(settings: GatewaySettings) -> Iterator[RunningGateway]:
    """Serve for the length of the block. With port 0 a free port is taken. Raises GatewayFailedError."""
    bound = listening_socket(settings.host, settings.port)
    settled = settings.model_copy(update={"port": bound.getsockname()[1]})
    server = make_server(settled)
    ready = threading.Event()
    thread = threading.Thread(target=_serve, args=(server, bound, ready), name="gateway", daemon=True)
    thread.start()
    try:
        _require_started(server, thread, ready)
        yield RunningGateway(settled.public_url, settled, Tokens(settled))
    finally:
        server.should_exit = True
        thread.join(STOP_SECONDS)
        bound.close()
    if thread.is_alive():
        raise GatewayFailedError(f"The gateway did not stop within {STOP_SECONDS:.0f} s.")


def _require_started(server: uvicorn.Server, thread: threading.Thread, ready: threading.Event) -> None:
    if not ready.wait(START_SECONDS):
        raise GatewayFailedError(f"The gateway did not start within {START_SECONDS:.0f} s.")
    if not server.started or not thread.is_alive():
        raise GatewayFailedError("The gateway ended while it was starting; see its log above.")


def _serve(server: uvicorn.Server, bound: socket.socket, ready: threading.Event) -> None:
    try:
        with asyncio.Runner(loop_factory=server.config.get_loop_factory()) as runner:
            runner.run(_serve_until_told(server, bound, ready))
    finally:
        ready.set()


async def _serve_until_told(server: uvicorn.Server, bound: socket.socket, ready: threading.Event) -> None:
    serving = asyncio.create_task(server.serve(sockets=[bound]))
    while not (server.started or serving.done()):  # noqa: ASYNC110 - uvicorn has no event for this
        await asyncio.sleep(POLL_SECONDS)
    ready.set()
    await serving
