"""The Prefer header."""

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeVar

Resolution = Literal["merge-duplicates", "ignore-duplicates"]
Missing = Literal["default", "null"]
Representation = Literal["representation", "minimal", "headers-only"]
Count = Literal["exact", "planned", "estimated"]
TransactionEnd = Literal["commit", "rollback"]
Handling = Literal["strict", "lenient"]
RESOLUTIONS: tuple[Resolution, ...] = ("merge-duplicates", "ignore-duplicates")
MISSINGS: tuple[Missing, ...] = ("default", "null")
REPRESENTATIONS: tuple[Representation, ...] = ("representation", "minimal", "headers-only")
COUNTS: tuple[Count, ...] = ("exact", "planned", "estimated")
TRANSACTION_ENDS: tuple[TransactionEnd, ...] = ("commit", "rollback")
HANDLINGS: tuple[Handling, ...] = ("strict", "lenient")
CHOICES: dict[str, tuple[str, ...]] = {
    "resolution": RESOLUTIONS,
    "missing": MISSINGS,
    "return": REPRESENTATIONS,
    "count": COUNTS,
    "tx": TRANSACTION_ENDS,
    "handling": HANDLINGS,
}
T = TypeVar("T", bound=str)
WHOLE_NUMBER = re.compile(r"-?[0-9]{1,18}\Z")


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the client prefers; None where it did not say. The first mention of a preference wins.

    `timezone` is as given: whether there is such a zone is for Postgres to say.
    """

    resolution: Resolution | None = None
    missing: Missing | None = None
    representation: Representation | None = None
    count: Count | None = None
    tx: TransactionEnd | None = None
    handling: Handling | None = None
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
    limit = _first(items, "max-affected")
    return Preferences(
        resolution=_choice(items, "resolution", RESOLUTIONS),
        missing=_choice(items, "missing", MISSINGS),
        representation=_choice(items, "return", REPRESENTATIONS),
        count=_choice(items, "count", COUNTS),
        tx=_choice(items, "tx", TRANSACTION_ENDS) if allow_tx else None,
        handling=_choice(items, "handling", HANDLINGS),
        timezone=_first(items, "timezone"),
        max_affected=int(limit) if limit is not None and WHOLE_NUMBER.match(limit) else None,
        invalid=tuple(item for item in items if not _known(item)),
    )


def _choice(items: Iterable[str], name: str, values: tuple[T, ...]) -> T | None:
    """The first item that names one of `values`."""
    wanted = {f"{name}={value}": value for value in values}
    return next((wanted[item] for item in items if item in wanted), None)


def _first(items: Iterable[str], name: str) -> str | None:
    prefix = f"{name}="
    return next((item[len(prefix) :] for item in items if item.startswith(prefix)), None)


def _known(item: str) -> bool:
    name, _, value = item.partition("=")
    return name in {"timezone", "max-affected"} or value in CHOICES.get(name, ())
