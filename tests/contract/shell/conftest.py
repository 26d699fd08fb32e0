"""The shell on real sockets, in front of services that only report what reached them."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
import pytest

from upshot_devstack.gateway.app import Gateway
from upshot_devstack.gateway.server import listening_socket, make_server
from upshot_devstack.gateway.settings import GatewaySettings


class Mirror:
    """A service that answers with the request as it came."""

    def __init__(self) -> None:
        self.calls = 0
        self.running = False
        self.report: dict[str, Any] = {"status": "ok"}
        self.failure: Exception | None = None

    async def start(self) -> None:
        self.running = True

    async def stop(self) -> None:
        self.running = False

    async def health(self) -> dict[str, Any]:
        return self.report

    async def __call__(self, scope, receive, send) -> None:
        self.calls += 1
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            if self.failure is not None:
                raise self.failure
            await send({"type": "websocket.send", "text": json.dumps(seen(scope, 0))})
            await receive()
            return
        if self.failure is not None:
            raise self.failure
        size, more = 0, True
        while more:
            message = await receive()
            size, more = size + len(message.get("body", b"")), message.get("more_body", False)
        body = json.dumps(seen(scope, size)).encode()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
        await send({"type": "http.response.body", "body": body})


def seen(scope, size):
    headers = {name.decode(): value.decode() for name, value in scope["headers"]}
    return {
        "path": scope["path"],
        "raw_path": scope["raw_path"].decode(),
        "query": scope["query_string"].decode(),
        "headers": headers,
        "size": size,
    }


class Shell:
    """A running gateway; `client` sends the publishable key, `bare` sends none."""

    def __init__(self, settings: GatewaySettings, port: int, services: dict[str, Mirror], gateway: Gateway) -> None:
        self.settings, self.port, self.services, self.gateway = settings, port, services, gateway
        self.url = f"http://127.0.0.1:{port}"
        self.bare = httpx.AsyncClient(base_url=self.url, timeout=60)
        self.client = httpx.AsyncClient(base_url=self.url, headers={"apikey": settings.publishable_key}, timeout=60)

    async def talk(self, data: bytes) -> bytes:
        """Send bytes and read until the other side closes."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(data)
        await writer.drain()
        try:
            async with asyncio.timeout(60):
                return await reader.read()
        except ConnectionResetError:
            return b""
        finally:
            writer.close()


@asynccontextmanager
async def serving(**overrides: Any) -> AsyncIterator[Shell]:
    names = overrides.pop("services", ("rest", "auth", "realtime"))
    given = {"db_uri": "unused", "admin_db_uri": "unused", "services": names, "access_log": False, **overrides}
    settings = GatewaySettings(**given)
    services = {name: Mirror() for name in names}
    gateway = Gateway(settings, dict(services))
    server, bound = make_server(settings, gateway), listening_socket("127.0.0.1")
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(server.serve(sockets=[bound]))
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for this
            await asyncio.sleep(0.005)
        shell = Shell(settings, bound.getsockname()[1], services, gateway)
        try:
            yield shell
        finally:
            await shell.bare.aclose()
            await shell.client.aclose()
            server.should_exit = True


@pytest.fixture
async def make_shell() -> AsyncIterator[Callable[..., Any]]:
    """`await make_shell(**settings)` serves until the test ends."""
    async with AsyncExitStack() as stack:

        async def make(**overrides: Any) -> Shell:
            return await stack.enter_async_context(serving(**overrides))

        yield make


@pytest.fixture
async def shell(make_shell) -> Shell:
    return await make_shell()
