"""The gateway's shell: one ASGI application in front of the services.

A request passes: request id → /health → prefix routing → CORS → body limit → API key → service. All of it works on
the raw ASGI scope, so a service pays nothing for what it does not use. A service is the class ``<Name>Service`` of
``upshot_devstack.gateway.<name>.service``; it is imported only when it is switched on.
"""

import asyncio
import contextlib
import importlib
import re
import secrets
import time
from typing import Any, Protocol

from starlette.types import Receive, Scope, Send

from upshot_devstack.gateway import logs
from upshot_devstack.gateway.cors import Cors, request_headers
from upshot_devstack.gateway.keys import KeyRefused, KeyRing
from upshot_devstack.gateway.responses import refuse_socket, send_bytes, send_json
from upshot_devstack.gateway.routing import Target, find_target, forwarded
from upshot_devstack.gateway.settings import GatewaySettings, ServiceName
from upshot_devstack.gateway.taps import AnswerTap, BodyTooLargeError, SocketTap, bounded_body, declared_length
from upshot_devstack.gateway.tokens import Tokens

REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
HEALTH_TIMEOUT = 3.0


class Service(Protocol):
    """What the shell asks of REST, Auth and Realtime."""

    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    async def health(self) -> dict[str, Any]: ...
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None: ...


def load_service(name: ServiceName, settings: GatewaySettings, tokens: Tokens) -> Service:
    """Import and make one service."""
    module = importlib.import_module(f"upshot_devstack.gateway.{name}.service")
    made: Service = getattr(module, f"{name.capitalize()}Service")(settings, tokens)
    return made


class Gateway:
    """The ASGI application. ``services`` may be given (tests); else they are loaded by name."""

    def __init__(self, settings: GatewaySettings, services: dict[ServiceName, Service] | None = None) -> None:
        self.settings = settings
        self.tokens = Tokens(settings)
        self.services = services or {name: load_service(name, settings, self.tokens) for name in settings.services}
        self._keys = KeyRing(settings, self.tokens)
        self._cors = Cors(settings.cors_origins)
        self._log = logs.access_logger()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        else:
            await self._http(scope, receive, send)

    async def start(self) -> None:
        """Start every service; when one fails, stop those already running and raise."""
        started: list[Service] = []
        try:
            for service in self.services.values():
                started.append(service)
                await service.start()
        except BaseException:
            await stop_all(started)
            raise

    async def stop(self) -> None:
        """Stop every service, each within the shutdown bound, whatever the others do."""
        await stop_all(list(self.services.values()), self.settings.shutdown_timeout)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await self.start()
        except Exception as error:  # noqa: BLE001 - reported to the server, which ends the process
            self._log.error("gateway_start_failed", error=str(error), kind=type(error).__name__)
            await send({"type": "lifespan.startup.failed", "message": f"{type(error).__name__}: {error}"})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        started, target, socket = time.perf_counter(), self._target(scope), SocketTap(send)
        try:
            await self._serve_socket(scope, receive, socket, target)
        except Exception as error:  # noqa: BLE001 - logged with its cause; the client learns no internals
            self._log.error("socket_failed", **logs.cause(error))
            await socket.fail()
        finally:
            if self.settings.access_log:
                service = target.name if target else "shell"
                self._log_access("socket_finished", scope, service, socket.status, started)

    async def _serve_socket(self, scope: Scope, receive: Receive, send: Send, target: Target | None) -> None:
        if target is None:
            await receive()
            await refuse_socket(send, 404, {"error": "not found"})
            return
        try:
            admitted = self._keys.admit(scope, open_path=False)
        except KeyRefused as refused:
            await receive()
            await refuse_socket(send, refused.status, {"error": refused.body["message"], **refused.body})
            return
        await self.services[target.name](forwarded(admitted, target), receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        request = request_headers(scope)
        target = self._target(scope)
        service = target.name if target else "shell"
        request_id = chosen_request_id(request)
        extra = [(b"sb-request-id", request_id), *self._cors.headers(request, service)]
        answer = AnswerTap(send, extra)
        try:
            await self._answer(scope, receive, answer, request, target)
        except BodyTooLargeError:
            await answer.fail(413, "The request body is larger than this gateway accepts.")
        except Exception as error:  # noqa: BLE001 - logged with its cause; the client learns no internals
            self._log.error("request_failed", service=service, **logs.cause(error))
            await answer.fail(500, "Internal server error. The gateway's log has the cause.")
        finally:
            if self.settings.access_log:
                self._log_access("request_finished", scope, service, answer.status, started, request_id.decode())

    async def _answer(
        self, scope: Scope, receive: Receive, send: Send, request: dict[bytes, bytes], target: Target | None
    ) -> None:
        preflight = self._cors.preflight(request) if scope["method"] == "OPTIONS" else None
        if preflight is not None:
            await send_bytes(send, 200, b"", preflight)
        elif scope["path"] == "/health" and self.settings.root_service != "auth":  # auth has a /health of its own
            await self._health(send)
        elif target is None:
            await send_json(send, 404, {"message": "no Route matched with those values"})
        else:
            await self._serve(scope, receive, send, target)

    async def _serve(self, scope: Scope, receive: Receive, send: Send, target: Target) -> None:
        if declared_length(scope) > self.settings.max_body_bytes:
            raise BodyTooLargeError
        try:
            admitted = self._keys.admit(scope, open_path=target.is_open)
        except KeyRefused as refused:
            await send_json(send, refused.status, refused.body)
            return
        limited = bounded_body(receive, self.settings.max_body_bytes)
        await self.services[target.name](forwarded(admitted, target), limited, send)

    async def _health(self, send: Send) -> None:
        reports = {name: await health_of(service) for name, service in self.services.items()}
        healthy = all(report.get("status") == "ok" for report in reports.values())
        body = {"status": "ok" if healthy else "degraded", "services": reports}
        await send_json(send, 200 if healthy else 503, body)

    def _target(self, scope: Scope) -> Target | None:
        return find_target(scope, self.services, self.settings.root_service)

    def _log_access(
        self, event: str, scope: Scope, service: str, status: int, started: float, request_id: str | None = None
    ) -> None:
        self._log.info(
            event,
            method=scope.get("method", "GET"),
            path=scope["path"],
            service=service,
            status=status,
            ms=round((time.perf_counter() - started) * 1000, 2),
            request_id=request_id,
        )


def chosen_request_id(request: dict[bytes, bytes]) -> bytes:
    """The client's own id when it is a plain word, else a new one."""
    given = request.get(b"sb-request-id") or request.get(b"x-request-id")
    return given if given is not None and REQUEST_ID.fullmatch(given) else secrets.token_hex(16).encode()


async def health_of(service: Service) -> dict[str, Any]:
    """A service's own report, or why there is none."""
    try:
        async with asyncio.timeout(HEALTH_TIMEOUT):
            return await service.health()
    except Exception as error:  # noqa: BLE001 - an unhealthy service is the answer, not a failure
        return {"status": "error", "error": type(error).__name__}


async def stop_all(services: list[Service], bound: float = 5.0) -> None:
    """Stop services in the reverse order of their start."""
    log = logs.access_logger()
    for service in reversed(services):
        with contextlib.suppress(asyncio.CancelledError):
            try:
                await asyncio.wait_for(service.stop(), bound)
            except Exception as error:  # noqa: BLE001 - logged; the others must still be stopped
                fields = logs.cause(error)
                log.warning("service_stop_failed", service=type(service).__name__, **fields)
