"""SQL text under construction: placeholders, and what will stand in them when the statement is run."""

from typing import Literal, NamedTuple


class Constant(NamedTuple):
    """A value that belongs to the statement."""

    value: bytes


class FromQuery(NamedTuple):
    """The value of query parameter number `slot`; `stars` are written as percent signs in LIKE patterns."""

    slot: int
    stars: bool = False


class FromRequest(NamedTuple):
    """The body, or the top-level range."""

    part: Literal["body", "limit", "offset"]


Value = Constant | FromQuery | FromRequest


class Binder:
    """Hands out placeholders and remembers their values in order."""

    def __init__(self) -> None:
        self.values: list[Value] = []

    def bind(self, value: Value) -> str:
        """The placeholder for `value`, of a type that Postgres infers."""
        self.values.append(value)
        return f"${len(self.values)}"

    def text(self, value: str) -> str:
        return self.bind(Constant(value.partition("\0")[0].encode(errors="replace")))
