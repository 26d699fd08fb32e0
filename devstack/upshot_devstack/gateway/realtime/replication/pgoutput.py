"""Decoder of the pgoutput plugin's messages, protocol version 1 with values as text.

The format is in the PostgreSQL manual under "Logical Replication Message Formats".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

Operation = Literal["INSERT", "UPDATE", "DELETE"]
POSTGRES_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


class UnchangedToast:
    """Stands for a large value that the change did not touch and the log therefore does not carry."""


UNCHANGED: Final = UnchangedToast()
Value = str | None | UnchangedToast
Row = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    type_oid: int
    type_modifier: int
    is_key: bool


@dataclass(frozen=True, slots=True)
class Relation:
    """A table as it was when the change was made."""

    oid: int
    schema: str
    name: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Begin:
    committed_at: datetime


@dataclass(frozen=True, slots=True)
class Commit:
    end: int


@dataclass(frozen=True, slots=True)
class Change:
    """One changed row. `new` is None for a delete; `old` holds the key or, with full identity, the whole row."""

    operation: Operation
    relation: Relation
    new: Row | None
    old: Row | None


Event = Begin | Commit | Change


class MalformedLogError(ValueError):
    """The bytes are not a message of this protocol."""


class Decoder:
    """Reads messages in the order of the stream, remembering the relations it is told of."""

    def __init__(self) -> None:
        self._relations: dict[int, Relation] = {}

    def decode(self, data: bytes) -> Event | None:
        """The event in a message, or None for messages that change nothing here. Raises MalformedLogError."""
        try:
            return self._decode(data[:1], Reader(data, 1))
        except (IndexError, ValueError, OverflowError) as error:
            raise MalformedLogError(f"message of kind {data[:1]!r}: {error}") from error

    def _decode(self, kind: bytes, reader: "Reader") -> Event | None:
        match kind:
            case b"B":
                reader.skip(8)
                return Begin(POSTGRES_EPOCH + timedelta(microseconds=reader.integer(8)))
            case b"C":
                reader.skip(1 + 8)
                return Commit(reader.integer(8))
            case b"R":
                self._remember(reader)
            case b"I":
                return self._insert(reader)
            case b"U":
                return self._update(reader)
            case b"D":
                return self._delete(reader)
        return None

    def _remember(self, reader: "Reader") -> None:
        oid, schema, name = reader.integer(4), reader.text(), reader.text()
        reader.skip(1)
        columns = tuple(_column(reader) for _ in range(reader.integer(2)))
        self._relations[oid] = Relation(oid, schema or "pg_catalog", name, columns)

    def _insert(self, reader: "Reader") -> Change:
        relation = self._relation(reader)
        reader.skip(1)
        return Change("INSERT", relation, _row(reader, relation), None)

    def _update(self, reader: "Reader") -> Change:
        relation = self._relation(reader)
        old = None
        if (marker := reader.byte()) in b"KO":
            old = _row(reader, relation, keys_only=marker == b"K")
            reader.skip(1)
        return Change("UPDATE", relation, _row(reader, relation), old)

    def _delete(self, reader: "Reader") -> Change:
        relation = self._relation(reader)
        keys_only = reader.byte() == b"K"
        return Change("DELETE", relation, None, _row(reader, relation, keys_only=keys_only))

    def _relation(self, reader: "Reader") -> Relation:
        oid = reader.integer(4)
        if oid not in self._relations:
            raise MalformedLogError(f"a change of relation {oid}, which was never described")
        return self._relations[oid]


class Reader:
    """A place in a message."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data = data
        self._at = at

    def take(self, size: int) -> bytes:
        end = self._at + size
        if size < 0 or end > len(self._data):
            raise IndexError("the message is too short")
        part, self._at = self._data[self._at : end], end
        return part

    def skip(self, size: int) -> None:
        self.take(size)

    def byte(self) -> bytes:
        return self.take(1)

    def integer(self, size: int) -> int:
        return int.from_bytes(self.take(size), "big", signed=True)

    def text(self) -> str:
        end = self._data.find(b"\0", self._at)
        if end < 0:
            raise IndexError("a string without its end")
        part, self._at = self._data[self._at : end], end + 1
        return part.decode()


def _column(reader: Reader) -> Column:
    is_key = reader.byte() == b"\x01"
    name = reader.text()
    type_oid = int.from_bytes(reader.take(4), "big")
    return Column(name, type_oid, reader.integer(4), is_key)


def _row(reader: Reader, relation: Relation, *, keys_only: bool = False) -> Row:
    values = [_value(reader) for _ in range(reader.integer(2))]
    pairs = zip(relation.columns, values, strict=True)
    return {column.name: value for column, value in pairs if column.is_key or not keys_only}


def _value(reader: Reader) -> Value:
    match reader.byte():
        case b"n":
            return None
        case b"u":
            return UNCHANGED
        case b"t":
            return reader.take(reader.integer(4)).decode()
        case kind:
            raise MalformedLogError(f"a value of unknown kind {kind!r}")


def text_of(row: Mapping[str, Value], name: str) -> str | None:
    """A column's text; None when it is null, absent or was not logged."""
    value = row.get(name)
    return value if isinstance(value, str) else None
