"""What stands between a service and its client: bounds on what comes in, notes on what goes out."""

from starlette.types import Message, Receive, Scope, Send

from upshot_devstack.gateway.responses import send_json

SWITCHING = 101
REFUSED = 403
FAILED = 1011  # the close code of a server that met something unexpected


class BodyTooLargeError(Exception):
    """The request's body passed the limit while it was being read."""


class AnswerTap:
    """Passes an answer on, adding the shell's headers and remembering its status."""

    def __init__(self, send: Send, extra: list[tuple[bytes, bytes]]) -> None:
        self._send = send
        self._extra = extra
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message.get("headers", ()), *self._extra]
        await self._send(message)

    async def fail(self, status: int, text: str) -> None:
        """Answer with an error when nothing was sent yet; else the connection is cut by the server."""
        if self.status == 0:
            await send_json(self, status, {"message": text})


class SocketTap:
    """Passes a socket's messages on, remembering the handshake's status and whether it was closed."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._closed = False
        self.status = 0

    async def __call__(self, message: Message) -> None:
        kind = message["type"]
        if kind == "websocket.accept":
            self.status = SWITCHING
        elif kind == "websocket.http.response.start":
            self.status = message["status"]
        elif kind == "websocket.close":
            self.status, self._closed = self.status or REFUSED, True
        await self._send(message)

    async def fail(self) -> None:
        """End the socket after a failure, unless it has ended already."""
        if not self._closed and self.status in {0, SWITCHING}:
            await self({"type": "websocket.close", "code": FAILED})


def declared_length(scope: Scope) -> int:
    """The Content-Length, or 0; the server has checked that it is a number."""
    return next((int(value) for name, value in scope["headers"] if name == b"content-length"), 0)


def bounded_body(receive: Receive, limit: int) -> Receive:
    """A receive that raises BodyTooLargeError once more than ``limit`` bytes came in."""
    seen = 0

    async def limited() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise BodyTooLargeError
        return message

    return limited
