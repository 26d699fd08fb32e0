"""What the client wants, read from method, path and headers; the body and the database come later."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from upshot_devstack.gateway.rest.errors import (
    invalid_path,
    method_not_for_functions,
    unknown_schema,
    unsupported_method,
)
from upshot_devstack.gateway.rest.identifiers import QualifiedName
from upshot_devstack.gateway.rest.parse.media import MediaType
from upshot_devstack.gateway.rest.parse.payload import Payload
from upshot_devstack.gateway.rest.parse.preferences import Preferences
from upshot_devstack.gateway.rest.parse.tree import QueryParameters, Range

Action = Literal[
    "read", "insert", "update", "upsert", "delete", "call", "inspect", "relation-info", "routine-info", "schema-info"
]
WRITES = frozenset({"insert", "update", "upsert", "delete"})
WRITE_METHODS = frozenset({"POST", "PATCH", "PUT", "DELETE"})

RELATION_ACTIONS: dict[str, Action] = {
    "GET": "read",
    "HEAD": "read",
    "POST": "insert",
    "PATCH": "update",
    "PUT": "upsert",
    "DELETE": "delete",
    "OPTIONS": "relation-info",
}
ROUTINE_ACTIONS: dict[str, Action] = {"GET": "call", "HEAD": "call", "POST": "call", "OPTIONS": "routine-info"}
ROOT_ACTIONS: dict[str, Action] = {"GET": "inspect", "HEAD": "inspect", "OPTIONS": "schema-info"}


@dataclass(frozen=True, slots=True)
class Target:
    """The action and the relation, function or schema it is for."""

    action: Action
    name: QualifiedName


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """A request, parsed. `range` holds the rows wanted at the top level; nested ones are in `query`.

    `negotiated`: there was a choice of schemas, so the response says which one it is of.
    """

    method: str
    target: Target
    schema: str
    query: QueryParameters
    range: Range
    preferences: Preferences
    accept: tuple[MediaType, ...]
    content_type: MediaType
    payload: Payload | None = None
    negotiated: bool = False

    @property
    def is_head(self) -> bool:
        return self.method == "HEAD"

    @property
    def is_read_call(self) -> bool:
        return self.method in {"GET", "HEAD", "OPTIONS"}


def choose_schema(method: str, accept_profile: str | None, content_profile: str | None, exposed: Sequence[str]) -> str:
    """The schema that the profile headers name, else the first exposed one."""
    profile = content_profile if method in WRITE_METHODS else accept_profile
    if profile is None:
        return exposed[0]
    if profile not in exposed:
        raise unknown_schema(profile, exposed)
    return profile


def find_target(method: str, path: Sequence[str], schema: str, root_function: str | None = None) -> Target:
    """The action for a decoded path; PGRST125, PGRST101 or PGRST117 when there is none."""
    if not path:
        if root_function is not None:
            return _target(ROUTINE_ACTIONS, method, schema, root_function)
        return _target(ROOT_ACTIONS, method, schema, "")
    if len(path) == 1:
        return _target(RELATION_ACTIONS, method, schema, path[0])
    if len(path) == 2 and path[0] == "rpc":  # noqa: PLR2004 - rpc/<name>
        if method not in ROUTINE_ACTIONS:
            raise method_not_for_functions(method)
        return _target(ROUTINE_ACTIONS, method, schema, path[1])
    raise invalid_path()


def _target(actions: dict[str, Action], method: str, schema: str, name: str) -> Target:
    action = actions.get(method)
    if action is None:
        raise unsupported_method(method)
    return Target(action, QualifiedName(schema, name))


def path_segments(path: str) -> list[str]:
    """The parts of a decoded path; a slash at its end adds none."""
    trimmed = path.strip("/")
    return trimmed.split("/") if trimmed else []


def cookies_of(headers: Iterable[str]) -> dict[str, str]:
    """The cookies of Cookie headers."""
    found = {}
    for header in headers:
        for part in header.split(";"):
            name, equals, value = part.strip().partition("=")
            if equals:
                found[name] = value.strip('"')
    return found
