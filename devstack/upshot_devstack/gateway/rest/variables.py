"""What a transaction knows of its request: search path, role, settings, and the request itself as variables."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from upshot_devstack.gateway.rest.identifiers import QualifiedName, quote_literal, quote_names, quote_qualified


@dataclass(frozen=True, slots=True)
class RoleSettings:
    """Settings of the roles that requests may take, and the isolation level each wants."""

    values: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    isolation: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Variables:
    """Set for one transaction, in this order, before the role changes and after."""

    search_path: str
    role: str
    claims: bytes
    method: str
    path: str
    headers: bytes
    cookies: bytes
    role_settings: tuple[tuple[str, str], ...] = ()
    others: tuple[tuple[str, str], ...] = ()

    def statement(self, *, read_only: bool) -> tuple[bytes, list[bytes | None]]:
        """One SELECT that sets them all; its text depends on the names only."""
        first = [("transaction_read_only", "on")] if read_only else []
        # Role settings come before the role: the login role may set what the other may not.
        pairs: list[tuple[str, str | bytes]] = [*first, ("search_path", self.search_path), *self.role_settings]
        pairs += [("role", self.role), ("request.jwt.claims", self.claims), ("request.method", self.method)]
        pairs += [("request.path", self.path), ("request.headers", self.headers), ("request.cookies", self.cookies)]
        pairs += self.others
        calls = (f"set_config({quote_literal(name)}, ${i}, true)" for i, (name, _) in enumerate(pairs, 1))
        values = [value if isinstance(value, bytes) else value.encode(errors="replace") for _, value in pairs]
        return f"SELECT {', '.join(calls)}".encode(), list(values)


def search_path(schema: str, extra: Sequence[str]) -> str:
    return quote_names((schema, *extra))


def json_object(pairs: Iterable[tuple[str, str]]) -> bytes:
    return json.dumps(dict(pairs), ensure_ascii=False, separators=(",", ":")).encode(errors="replace")


def call_of(function: str) -> bytes:
    """The call of a configured function; its name may have a schema."""
    schema, _, name = function.rpartition(".")
    return f"SELECT {quote_qualified(QualifiedName(schema, name))}()".encode()
