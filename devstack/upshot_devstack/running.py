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
    serving = _Serving(make_server(settled), bound)
    try:
        serving.start()
        yield RunningGateway(settled.public_url, settled, Tokens(settled))
    finally:
        serving.stop()


class _Serving:
    """The thread and the server in it."""

    def __init__(self, server: uvicorn.Server, bound: socket.socket) -> None:
        self._server = server
        self._bound = bound
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="gateway", daemon=True)

    def start(self) -> None:
        self._thread.start()
        if not self._ready.wait(START_SECONDS):
            raise GatewayFailedError(f"The gateway did not start within {START_SECONDS:.0f} s.")
        if not self._server.started:
            raise GatewayFailedError("The gateway ended while it was starting; see its log.") from self._failure

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(STOP_SECONDS)
        self._bound.close()
        if self._thread.is_alive():
            raise GatewayFailedError(f"The gateway did not stop within {STOP_SECONDS:.0f} s.")

    def _run(self) -> None:
        try:
            with asyncio.Runner(loop_factory=self._server.config.get_loop_factory()) as runner:
                runner.run(self._serve())
        except (Exception, SystemExit) as failure:  # noqa: BLE001 - handed to the thread that waits
            self._failure = failure
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        serving = asyncio.create_task(self._server.serve(sockets=[self._bound]))
        while not (self._server.started or serving.done()):  # noqa: ASYNC110 - uvicorn has no event for this
            await asyncio.sleep(POLL_SECONDS)
        self._ready.set()
        await serving
