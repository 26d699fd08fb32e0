"""Which service a path belongs to, and the path as that service sees it."""

from collections.abc import Container, MutableMapping
from typing import Any, NamedTuple

from starlette.types import Scope

from upshot_devstack.gateway.settings import ServiceName

PREFIXES: dict[str, ServiceName] = {"/rest/v1": "rest", "/auth/v1": "auth", "/realtime/v1": "realtime"}
# Links in mails, redirects and discovery are opened by programs that hold no key.
OPEN_PATHS = frozenset(
    {
        ("auth", "/verify"),
        ("auth", "/callback"),
        ("auth", "/authorize"),
        ("auth", "/.well-known/jwks.json"),
        ("auth", "/.well-known/openid-configuration"),
        ("auth", "/.well-known/oauth-authorization-server"),
    }
)


class Target(NamedTuple):
    """Where a path leads: the service's name and the path as the service sees it."""

    name: ServiceName
    path: str
    raw_path: bytes

    @property
    def is_open(self) -> bool:
        """Whether it is reached without an API key."""
        return (self.name, self.path) in OPEN_PATHS


def find_target(scope: Scope, services: Container[ServiceName], root: ServiceName | None) -> Target | None:
    """The service that runs and claims the path; ``root`` takes what none claims.

    The decoded path alone decides, here and in the services, so no spelling of it can mean two things.
    """
    path: str = scope["path"]
    raw: bytes = scope.get("raw_path") or path.encode()
    for prefix, name in PREFIXES.items():
        if name in services and path.startswith(prefix) and path[len(prefix) : len(prefix) + 1] in {"", "/"}:
            return Target(name, path[len(prefix) :] or "/", stripped(raw, prefix))
    return None if root is None else Target(root, path, raw)


def forwarded(scope: MutableMapping[str, Any], target: Target) -> Scope:
    """The scope with the service's own path."""
    return {**scope, "path": target.path, "raw_path": target.raw_path}


def stripped(raw: bytes, prefix: str) -> bytes:
    """The undecoded path after the prefix; when the prefix itself was escaped, nothing undecoded is kept."""
    start = prefix.encode()
    return raw[len(start) :] or b"/" if raw.startswith(start) else b""
