"""Which media type the response gets, and what in the database makes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from upshot_devstack.gateway.rest.errors import no_such_media_type
from upshot_devstack.gateway.rest.identifiers import QualifiedName
from upshot_devstack.gateway.rest.parse import media
from upshot_devstack.gateway.rest.parse.media import MediaType, parse_media_type
from upshot_devstack.gateway.rest.schema_cache.model import Handler, SchemaCache

BodyKind = Literal["json", "json-object", "json-array-stripped", "csv", "geojson", "custom", "none"]

BUILT_IN: dict[str, tuple[BodyKind, str]] = {
    media.ANY: ("json", media.JSON),
    media.JSON: ("json", media.JSON),
    media.CSV: ("csv", media.CSV),
    media.GEOJSON: ("geojson", media.GEOJSON),
}


@dataclass(frozen=True, slots=True)
class Format:
    """How the body is made and what it is called."""

    kind: BodyKind
    media_type: MediaType
    strip_nulls: bool = False
    handler: Handler | None = None

    @property
    def is_plan(self) -> bool:
        return self.media_type.kind == "plan"

    @property
    def is_single(self) -> bool:
        return self.media_type.kind == "object"


def negotiate(
    accepted: Sequence[MediaType],
    relation: QualifiedName,
    cache: SchemaCache,
    *,
    default_select: bool,
    plans_allowed: bool,
) -> Format:
    """The format for the first acceptable media type that we can make of `relation`; PGRST107 if none."""
    for wanted in accepted:
        found = _format(wanted, relation, cache, default_select=default_select, plans_allowed=plans_allowed)
        if found is not None:
            return found
    raise no_such_media_type(one.mime for one in accepted)


def _format(
    wanted: MediaType, relation: QualifiedName, cache: SchemaCache, *, default_select: bool, plans_allowed: bool
) -> Format | None:
    if wanted.kind == "object":
        return Format("json-object", wanted, wanted.strip_nulls)
    if wanted.kind == "array-stripped":
        return Format("json-array-stripped", wanted, strip_nulls=True)
    if wanted.kind == "plan":
        of = wanted.of or parse_media_type(media.JSON)
        inner = _format(of, relation, cache, default_select=default_select, plans_allowed=False)
        return Format(inner.kind, wanted, inner.strip_nulls, inner.handler) if inner and plans_allowed else None
    return _overridable(wanted, relation, cache, default_select=default_select)


def _overridable(
    wanted: MediaType, relation: QualifiedName, cache: SchemaCache, *, default_select: bool
) -> Format | None:
    """The database's own handler for the relation, for any row, or else ours."""
    own = (relation, media.ANY), (relation, wanted.name.lower())
    keys = (*own, (None, wanted.name.lower())) if default_select else ((None, wanted.name.lower()),)
    handler = next((cache.handlers[key] for key in keys if key in cache.handlers), None)
    if handler is not None:
        return Format("custom", parse_media_type(handler.media_type), handler=handler)
    built_in = BUILT_IN.get(wanted.name)
    return Format(built_in[0], parse_media_type(built_in[1])) if built_in else None
