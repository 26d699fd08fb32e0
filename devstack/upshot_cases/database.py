"""The product's database for one run: an own Postgres with the migrations, gone afterwards."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from upshot_devstack import paths
from upshot_devstack.postgres import migrations, platform
from upshot_devstack.postgres.cluster import SUPERUSER, Cluster
from upshot_devstack.postgres.runtime import runtime

ROOT = Path(__file__).parents[2]
Row = dict[str, Any]


class Composite(str):
    """A value of one of the schema's own types, as Postgres writes it."""

    __slots__ = ("type",)

    type: str

    def __new__(cls, text: str, kind: str) -> Self:
        made = super().__new__(cls, text)
        made.type = kind
        return made


class Statistics:
    """The statistics functions. Every number comes from them; here arguments are only carried there and back."""

    def __init__(self, connection: psycopg.Connection[Row]) -> None:
        self._connection = connection

    def rows(self, function: str, *arguments: Any, **named: Any) -> list[Row]:
        """All rows of a set-returning function, or the one of a composite."""
        query = sql.SQL("select * from stats.{}({})").format(sql.Identifier(function), _call(arguments, named))
        return self._connection.execute(query, [_plain(a) for a in (*arguments, *named.values())]).fetchall()

    def row(self, function: str, *arguments: Any, **named: Any) -> Row:
        """The only row."""
        (found,) = self.rows(function, *arguments, **named)
        return found

    def number(self, function: str, *arguments: Any, **named: Any) -> Any:
        """The value of a function that has one."""
        return self.row(function, *arguments, **named)[function]

    def made(self, kind: str, function: str, *arguments: Any, **named: Any) -> Composite:
        """A composite value, to be handed to another function as it is."""
        query = sql.SQL("select stats.{}({})::text as made").format(sql.Identifier(function), _call(arguments, named))
        row = self._connection.execute(query, [_plain(a) for a in (*arguments, *named.values())]).fetchone()
        return Composite(row["made"] if row and row["made"] is not None else "", f"stats.{kind}")

    def moments(self, y: Any, d: Any = None, x: Any = None, w: Any = None) -> Composite:
        """The moments of units from their exact sums."""
        columns = [None if c is None else [repr(float(v)) for v in c] for c in (y, d, x, w)]
        query = sql.SQL(_MOMENTS)
        row = self._connection.execute(query, columns).fetchone()
        return Composite(row["made"] if row else "", "stats.moments")

    def rows_of(self, query: str, *values: Any) -> list[Row]:
        """Rows of a query of one's own."""
        return self._connection.execute(query, values or None).fetchall()


_MOMENTS = """
select stats.moments_of_sums(count(*), sum(y), sum(d), sum(x), sum(w), sum(y * y), sum(y * d), sum(y * x), sum(y * w),
  sum(d * d), sum(d * x), sum(d * w), sum(x * x), sum(x * w), sum(w * w))::text as made
from (
  select y::float8::text::numeric as y, d::float8::text::numeric as d, x::float8::text::numeric as x,
    w::float8::text::numeric as w
  from unnest(%s::text[], %s::text[], %s::text[], %s::text[]) as u (y, d, x, w)
) as units
"""


def _call(arguments: Sequence[Any], named: dict[str, Any]) -> sql.Composable:
    first = [_placeholder(value) for value in arguments]
    rest = [sql.SQL("{} => ").format(sql.Identifier(name)) + _placeholder(value) for name, value in named.items()]
    return sql.SQL(", ").join([*first, *rest])


def _placeholder(value: Any) -> sql.Composable:
    kind = _type(value)
    if not kind:
        return sql.SQL("%s")
    through = "::text[]::" if kind.startswith("stats.") and kind.endswith("[]") else "::"
    return sql.SQL("%s" + through + kind)


def _type(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Composite):
        return value.type
    if isinstance(value, (list, tuple)):
        return f"{_type(next((v for v in value if v is not None), 0.0))}[]"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    return "text" if isinstance(value, str) else "double precision"


def _plain(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return str(value) or None if isinstance(value, Composite) else value


@contextmanager
def database(report: Callable[[str], None]) -> Iterator[Callable[[str], str]]:
    """A new database with the migrations: its URI for a role. Everything is deleted at the end."""
    with TemporaryDirectory(prefix="upshot-cases-") as folder:
        Path(folder).chmod(0o755)  # the account that runs Postgres must pass through
        report("Starting Postgres")
        cluster = Cluster(runtime(paths.cache_root()), Path(folder) / "postgres")
        try:
            server = cluster.start(durable=False)
            platform.install(server.url(SUPERUSER))
            report("Applying the migrations")
            migrations.apply(server.url(), ROOT / "supabase" / "migrations")
            yield server.url
        finally:
            cluster.destroy()


@contextmanager
def statistics(url: Callable[[str], str]) -> Iterator[Statistics]:
    """The functions, on one connection."""
    with psycopg.connect(url("postgres"), autocommit=True, row_factory=dict_row) as connection:
        connection.execute("set extra_float_digits = 1")
        yield Statistics(connection)
