"""The Prefer header."""

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

CHOICES = {
    "resolution": ("merge-duplicates", "ignore-duplicates"),
    "return": ("representation", "minimal", "headers-only"),
    "count": ("exact", "planned", "estimated"),
    "tx": ("commit", "rollback"),
    "missing": ("default", "null"),
    "handling": ("strict", "lenient"),
}
WHOLE_NUMBER = re.compile(r"-?[0-9]{1,18}\Z")


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the client prefers; None where it did not say. The first mention of a preference wins."""

    resolution: Literal["merge-duplicates", "ignore-duplicates"] | None = None
    missing: Literal["default", "null"] | None = None
    representation: Literal["representation", "minimal", "headers-only"] | None = None
    count: Literal["exact", "planned", "estimated"] | None = None
    tx: Literal["commit", "rollback"] | None = None
    handling: Literal["strict", "lenient"] | None = None
    timezone: str | None = None
    max_affected: int | None = None
    invalid: tuple[str, ...] = ()

    @property
    def strict(self) -> bool:
        return self.handling == "strict"

    @property
    def enforced_maximum(self) -> int | None:
        """How many rows may be affected, where that is to be enforced."""
        return self.max_affected if self.strict else None

    def applied(self) -> str | None:
        """The Preference-Applied header."""
        pairs = (
            ("resolution", self.resolution),
            ("missing", self.missing),
            ("return", self.representation),
            ("count", self.count),
            ("tx", self.tx),
            ("handling", self.handling),
            ("timezone", self.timezone),
            ("max-affected", None if self.enforced_maximum is None else str(self.enforced_maximum)),
        )
        return ", ".join(f"{name}={value}" for name, value in pairs if value is not None) or None


NO_PREFERENCES = Preferences()


@functools.lru_cache(maxsize=512)
def parse_preferences(header: str, *, allow_tx: bool) -> Preferences:
    """Preferences of a Prefer header (several headers joined by commas)."""
    items = [item.strip() for item in header.split(",") if item.strip()]
    chosen = _chosen(items)
    limit = _first(items, "max-affected")
    return Preferences(
        resolution=chosen.get("resolution"),  # type: ignore[arg-type]
        missing=chosen.get("missing"),  # type: ignore[arg-type]
        representation=chosen.get("return"),  # type: ignore[arg-type]
        count=chosen.get("count"),  # type: ignore[arg-type]
        tx=chosen.get("tx") if allow_tx else None,  # type: ignore[arg-type]
        handling=chosen.get("handling"),  # type: ignore[arg-type]
        timezone=_first(items, "timezone"),
        max_affected=int(limit) if limit is not None and WHOLE_NUMBER.match(limit) else None,
        invalid=tuple(item for item in items if not _known(item)),
    )


def with_time_zone(preferences: Preferences, known: Iterable[str]) -> Preferences:
    """Without a time zone that the database does not know; it counts as an invalid preference."""
    if preferences.timezone is None or preferences.timezone in known:
        return preferences
    wrong = f"timezone={preferences.timezone}"
    return replace(preferences, timezone=None, invalid=(*preferences.invalid, wrong))


def _chosen(items: Iterable[str]) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for item in items:
        name, _, value = item.partition("=")
        if value in CHOICES.get(name, ()):
            chosen.setdefault(name, value)
    return chosen


def _first(items: Iterable[str], name: str) -> str | None:
    prefix = f"{name}="
    return next((item[len(prefix) :] for item in items if item.startswith(prefix)), None)


def _known(item: str) -> bool:
    name, _, value = item.partition("=")
    return name in {"timezone", "max-affected"} or value in CHOICES.get(name, ())
