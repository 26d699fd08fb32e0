"""Cross-origin answers: which page may call, with which headers, and what it may read."""

from starlette.types import Scope

Headers = list[tuple[bytes, bytes]]

METHODS = b"GET, POST, PATCH, PUT, DELETE, OPTIONS, HEAD"
MAX_AGE = b"86400"
MAX_ECHOED = 2048
DEFAULT_HEADERS = (
    b"apikey, Content-Type, X-Client-Info, Prefer, Range, Accept-Profile, Content-Profile, X-Supabase-Api-Version"
)
EXPOSED = {
    "rest": (
        b"Content-Encoding, Content-Location, Content-Range, Content-Type, Date, Location, Server, "
        b"Transfer-Encoding, Range-Unit"
    ),
    "auth": b"Content-Type, Date, Location, Link, X-Total-Count, X-Supabase-Api-Version, X-Sb-Error-Code, Retry-After",
    "realtime": b"Content-Type, Date",
}


class Cors:
    """Answers for the configured origins; ``*``, or none at all, allows every one."""

    def __init__(self, origins: tuple[str, ...]) -> None:
        self._any = not origins or "*" in origins
        self._origins = {origin.encode() for origin in origins}

    def headers(self, request: dict[bytes, bytes], service: str) -> Headers:
        """What to add to an answer to a page of another origin."""
        origin = self._allowed(request.get(b"origin"))
        if origin is None:
            return []
        return [
            (b"access-control-allow-origin", origin),
            (b"access-control-expose-headers", EXPOSED.get(service, b"Content-Type, Date")),
            *([] if self._any else [(b"access-control-allow-credentials", b"true"), (b"vary", b"Origin")]),
        ]

    def preflight(self, request: dict[bytes, bytes]) -> Headers | None:
        """What a preflight question is answered beside `headers`, which name the origin; None when it is none."""
        if b"access-control-request-method" not in request or b"origin" not in request:
            return None
        origin = self._allowed(request[b"origin"])
        if origin is None:
            return []
        return [
            (b"access-control-allow-methods", METHODS),
            (b"access-control-allow-headers", allowed_headers(request)),
            (b"access-control-max-age", MAX_AGE),
        ]

    def _allowed(self, origin: bytes | None) -> bytes | None:
        if origin is None:
            return None
        if self._any:
            return b"*"
        return origin if origin in self._origins else None


def allowed_headers(request: dict[bytes, bytes]) -> bytes:
    """Every header the page asks for: permission is decided by keys and tokens, not here."""
    asked = request.get(b"access-control-request-headers", DEFAULT_HEADERS)[:MAX_ECHOED]
    names = b", ".join(name.strip() for name in asked.split(b",") if name.strip())
    return b"Authorization, " + names + b", Accept, Accept-Language, Content-Language"


def request_headers(scope: Scope) -> dict[bytes, bytes]:
    """The headers by name, the last one winning."""
    return dict(scope["headers"])
