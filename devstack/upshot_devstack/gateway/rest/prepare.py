"""From the incoming request to a compiled statement with this request's values."""

from collections.abc import Sequence
from dataclasses import dataclass

from upshot_devstack.gateway.rest.compile import Compiled, compile_request
from upshot_devstack.gateway.rest.configuration import Configuration
from upshot_devstack.gateway.rest.errors import nul_in_text
from upshot_devstack.gateway.rest.incoming import Incoming
from upshot_devstack.gateway.rest.keeper import Knowledge
from upshot_devstack.gateway.rest.parse import media
from upshot_devstack.gateway.rest.parse.media import MediaType, parse_accept, parse_media_type
from upshot_devstack.gateway.rest.parse.payload import Payload, parse_payload
from upshot_devstack.gateway.rest.parse.preferences import (
    NO_PREFERENCES,
    Preferences,
    parse_preferences,
)
from upshot_devstack.gateway.rest.parse.query import pairs, parse_columns, parse_query, whole_number
from upshot_devstack.gateway.rest.parse.ranges import restricted, top_level_range
from upshot_devstack.gateway.rest.parse.tree import Range
from upshot_devstack.gateway.rest.pipeline import Step
from upshot_devstack.gateway.rest.render.binder import Constant, FromQuery
from upshot_devstack.gateway.rest.render.statement import Statement
from upshot_devstack.gateway.rest.request import (
    WRITE_METHODS,
    ApiRequest,
    Target,
    choose_schema,
    find_target,
    path_segments,
)
from upshot_devstack.gateway.rest.schema_cache.model import SchemaCache
from upshot_devstack.gateway.rest.shape import shape_of
from upshot_devstack.gateway.rest.timing import Clock

Pairs = list[tuple[str, str | None]]
TAKES_BODY = frozenset({"insert", "update", "upsert"})
JSON = MediaType("plain", media.JSON)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A request with everything known but the database's answer. `values` are those of the query parameters."""

    target: Target
    schema: str
    preferences: Preferences
    range: Range
    pairs: Pairs
    values: Sequence[str]
    payload: Payload | None
    compiled: Compiled
    max_rows: int | None

    def step(self, statement: Statement) -> Step:
        """The statement with this request's values."""
        values: list[bytes | None] = []
        binary = set()
        for number, value in enumerate(statement.values):
            if isinstance(value, Constant):
                values.append(value.value)
            elif isinstance(value, FromQuery):
                text = self.values[value.slot]
                values.append((text.replace("*", "%") if value.stars else text).encode(errors="replace"))
            elif value.part == "body":
                values.append(self.payload.raw if self.payload else b"{}")
                binary |= {number} if self.compiled.raw_body else set()
            else:
                values.append(self._range_value(value.part))
        return Step(statement.sql, values, frozenset(binary))

    def _range_value(self, part: str) -> bytes | None:
        wanted = restricted(self.range, self.max_rows)
        number = wanted.limit if part == "limit" else wanted.offset
        return None if number is None else str(number).encode()


def target_of(incoming: Incoming, configuration: Configuration) -> tuple[Target, str]:
    """What the request is for, and the schema it is in."""
    headers = incoming.headers
    segments = path_segments(incoming.path)
    schema = choose_schema(
        incoming.method, headers.get("accept-profile"), headers.get("content-profile"), configuration.schemas
    )
    root = configuration.root_function
    return find_target(incoming.method, segments, schema, root and root.rpartition(".")[2]), schema


def preferences_of(incoming: Incoming, configuration: Configuration) -> Preferences:
    header = incoming.headers.get("prefer")
    if header is None:
        return NO_PREFERENCES
    return parse_preferences(header, allow_tx=configuration.tx_override)


def prepare(
    incoming: Incoming, target: Target, schema: str, knowledge: Knowledge, cache: SchemaCache, clock: Clock
) -> Prepared:
    """Parse, plan and render, or take all of that from a request of the same shape."""
    configuration, headers = knowledge.configuration, incoming.headers
    found = pairs(incoming.query_string)
    is_read_call = target.action == "call" and incoming.method != "POST"
    shape = shape_of(found, of_function_read=is_read_call)
    preferences = preferences_of(incoming, configuration)
    content_type = parse_media_type(headers["content-type"]) if "content-type" in headers else JSON
    payload = _payload(incoming, target, found, content_type)
    asked = top_level_range(incoming.method, headers.get("range"), _asked_range(found))
    negotiated = _is_negotiated(incoming, configuration)
    wanted = (target, incoming.method, shape.pairs, _range_shape(asked), preferences)
    key = (*wanted, headers.get("accept"), content_type, negotiated, payload and payload.shape)
    compiled = knowledge.shapes.get(key)
    if compiled is not None:
        clock.lap("parse")
    else:
        query = parse_query(found, of_function_read=is_read_call)
        request = ApiRequest(
            method=incoming.method,
            target=target,
            schema=schema,
            query=query,
            range=asked,
            preferences=preferences,
            accept=parse_accept(headers.get("accept")),
            content_type=content_type,
            payload=payload,
            negotiated=negotiated,
        )
        clock.lap("parse")
        compiled = compile_request(request, cache, configuration.compile_options)
        knowledge.shapes.put(key, compiled, shape.size)
    clock.lap("plan")
    most = None if target.action in {"insert", "update", "upsert", "delete"} else configuration.max_rows
    return Prepared(target, schema, preferences, asked, found, shape.values, payload, compiled, most)


def _is_negotiated(incoming: Incoming, configuration: Configuration) -> bool:
    """Whether the response has to say which schema it is from."""
    profile = "content-profile" if incoming.method in WRITE_METHODS else "accept-profile"
    return profile in incoming.headers or len(configuration.schemas) > 1


def _payload(incoming: Incoming, target: Target, found: Pairs, content_type: MediaType) -> Payload | None:
    is_call = target.action == "call" and incoming.method == "POST"
    if not is_call and target.action not in TAKES_BODY:
        return None
    given = next((value for key, value in found if key == "columns"), None)
    columns = parse_columns("columns", given) if target.action != "upsert" else None
    payload = parse_payload(incoming.body, content_type, columns, for_function=is_call)
    if b"\0" in payload.raw and content_type.name != media.OCTET_STREAM:
        raise nul_in_text()
    return payload


def _asked_range(found: Pairs) -> Range:
    limit = offset = None
    for key, value in found:
        if key == "limit" and value is not None:
            limit = whole_number(value)
        elif key == "offset" and value is not None:
            offset = whole_number(value)
    return Range(offset or 0, limit)


def _range_shape(asked: Range) -> tuple[bool, bool]:
    return asked.limit is None, asked.offset == 0
