"""Media types of Accept and Content-Type."""

import functools
import re
from dataclasses import dataclass
from typing import Literal

JSON = "application/json"
CSV = "text/csv"
GEOJSON = "application/geo+json"
OPENAPI = "application/openapi+json"
URL_ENCODED = "application/x-www-form-urlencoded"
OCTET_STREAM = "application/octet-stream"
PLAIN_TEXT = "text/plain"
XML = "text/xml"
ANY = "*/*"
OBJECT = "application/vnd.pgrst.object+json"
ARRAY = "application/vnd.pgrst.array+json"
PLAN = "application/vnd.pgrst.plan"

KNOWN = {JSON, CSV, GEOJSON, OPENAPI, URL_ENCODED, OCTET_STREAM, PLAIN_TEXT, XML, ANY}
WITH_CHARSET = KNOWN - {OCTET_STREAM}
PLAN_OPTIONS = ("analyze", "verbose", "settings", "buffers", "wal")

TYPE = re.compile(r"\s*([A-Za-z0-9.*]+)/([A-Za-z0-9.*+-]+)")
PARAMETER = re.compile(r"\s*;\s*([A-Za-z0-9-]+)\s*=\s*(?:\"([^\"]*)\"|([A-Za-z0-9|-]+))")
QUALITY = re.compile(r";\s*q=([0-9.]+)\s*\Z")
OUTSIDE_QUOTES = re.compile(r",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*\Z)")

Kind = Literal["plain", "object", "array-stripped", "plan"]


@dataclass(frozen=True, slots=True)
class MediaType:
    """A media type as the protocol knows it. For a plan, `of` is what would have been produced."""

    kind: Kind
    name: str
    strip_nulls: bool = False
    of: "MediaType | None" = None
    plan_format: Literal["text", "json"] = "text"
    plan_options: tuple[str, ...] = ()

    @property
    def mime(self) -> str:
        if self.kind == "object":
            return f"{OBJECT};nulls=stripped" if self.strip_nulls else OBJECT
        if self.kind == "array-stripped":
            return f"{ARRAY};nulls=stripped"
        if self.kind == "plan" and self.of is not None:
            options = f"; options={'|'.join(self.plan_options)}" if self.plan_options else ""
            return f'{PLAN}+{self.plan_format}; for="{self.of.mime}"{options}'
        return self.name

    @property
    def content_type(self) -> str:
        """The Content-Type header for a body of this kind."""
        with_charset = self.kind != "plain" or self.name in WITH_CHARSET
        return f"{self.mime}; charset=utf-8" if with_charset else self.mime


@functools.lru_cache(maxsize=512)
def parse_media_type(text: str) -> MediaType:
    """The media type `text` names; one that we do not know keeps its text."""
    match = TYPE.match(text)
    if match is None:
        return MediaType("plain", text)
    name = f"{match.group(1)}/{match.group(2)}".lower()
    parameters = {
        found.group(1).lower(): found.group(2) if found.group(2) is not None else found.group(3)
        for found in PARAMETER.finditer(text, match.end())
    }
    return _vendored(name, parameters) or MediaType("plain", name if name in KNOWN else text)


def _vendored(name: str, parameters: dict[str, str]) -> MediaType | None:
    stripped = parameters.get("nulls") == "stripped"
    if name in {OBJECT, "application/vnd.pgrst.object"}:
        return MediaType("object", OBJECT, strip_nulls=stripped)
    if name in {ARRAY, "application/vnd.pgrst.array"}:
        return MediaType("array-stripped", ARRAY, strip_nulls=True) if stripped else MediaType("plain", JSON)
    if name in {PLAN, f"{PLAN}+text", f"{PLAN}+json"}:
        return _plan(name, parameters)
    return None


def _plan(name: str, parameters: dict[str, str]) -> MediaType:
    given = parameters.get("options", "").split("|")
    return MediaType(
        "plan",
        PLAN,
        of=parse_media_type(parameters.get("for") or JSON),
        plan_format="json" if name.endswith("+json") else "text",
        plan_options=tuple(option for option in PLAN_OPTIONS if option in given),
    )


@functools.lru_cache(maxsize=512)
def parse_accept(header: str | None) -> tuple[MediaType, ...]:
    """The acceptable media types, best first; anything, when the header is absent."""
    if header is None:
        return (MediaType("plain", ANY),)
    parts = [part.strip() for part in OUTSIDE_QUOTES.split(header)]
    ranked = sorted(enumerate(part for part in parts if part), key=lambda pair: (-_quality(pair[1]), pair[0]))
    return tuple(parse_media_type(QUALITY.sub("", part).strip()) for _, part in ranked)


def _quality(part: str) -> float:
    match = QUALITY.search(part)
    try:
        return float(match.group(1)) if match else 1.0
    except ValueError:
        return 1.0
