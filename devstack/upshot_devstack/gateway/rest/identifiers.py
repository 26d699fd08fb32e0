"""Names of database objects and the one way they get into SQL: quoted."""

from collections.abc import Iterable
from typing import NamedTuple


class QualifiedName(NamedTuple):
    """A name in a schema; the empty schema means an alias or a common table expression of the query itself."""

    schema: str
    name: str

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}" if self.schema else self.name


def quote_name(name: str) -> str:
    """The name as a quoted identifier. Postgres has no NUL in names, so the name ends there."""
    return '"' + name.partition("\0")[0].replace('"', '""') + '"'


def quote_qualified(name: QualifiedName) -> str:
    quoted = quote_name(name.name)
    return f"{quote_name(name.schema)}.{quoted}" if name.schema else quoted


def quote_names(names: Iterable[str]) -> str:
    return ", ".join(map(quote_name, names))


def quote_literal(text: str) -> str:
    """A string constant, for names that the catalogue gave us; values of requests are parameters instead."""
    escaped = text.partition("\0")[0].replace("'", "''")
    return "E'" + escaped.replace("\\", "\\\\") + "'" if "\\" in escaped else f"'{escaped}'"
