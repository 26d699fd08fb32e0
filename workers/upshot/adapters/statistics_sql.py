"""The statistics of schema stats, asked in SQL. What is loaded lives in a transaction that is never committed."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import resources
from typing import Any, LiteralString

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from upshot.adapters.local_postgres import local_postgres
from upshot.domain.analysis import Arm, Metric, Numbers
from upshot.domain.errors import ConfigurationError
from upshot.ports.statistics import Reading

Connection = psycopg.Connection[dict[str, Any]]


@contextmanager
def statistics(database: str | None, notice: Callable[[str], None] = lambda _: None) -> Iterator["SqlStatistics"]:
    """A place to compute: the database named, or an embedded one. Nothing that is loaded stays in either."""
    if database:
        with _in_database(database) as connection:
            yield SqlStatistics(connection)
        return
    with local_postgres(notice) as server, _open(_prepared(server)) as connection:
        yield SqlStatistics(connection)


@contextmanager
def _in_database(url: str) -> Iterator[Connection]:
    """A database of the person's: Upshot's own has the functions, any other gets them until the end of the command."""
    with _open(url) as connection:
        if not connection.execute("select to_regnamespace('stats') is not null as there").fetchall()[0]["there"]:
            connection.execute(_source("statistics"))
        connection.execute(_source("analysis"))
        yield connection


@contextmanager
def _open(conninfo: str) -> Iterator[Connection]:
    try:
        connection = psycopg.connect(conninfo, row_factory=dict_row)
    except psycopg.Error as error:
        raise ConfigurationError(f"The database cannot be reached: {error}") from error
    try:
        yield connection
    finally:
        connection.rollback()
        connection.close()


def _prepared(server: str) -> str:
    """The embedded server's database with the functions of this version; made when they are new."""
    text = _source("statistics") + _source("analysis")
    name = "upshot_" + hashlib.sha256(text).hexdigest()[:12]
    with psycopg.connect(server, autocommit=True) as connection:
        known = {row[0] for row in connection.execute("select datname from pg_database where datname like 'upshot%'")}
        for old in known - {name}:
            connection.execute(sql.SQL("drop database {}").format(sql.Identifier(old)))
        if name not in known:
            connection.execute(sql.SQL("create database upshot_new"))
            with psycopg.connect(server.replace("dbname=postgres", "dbname=upshot_new")) as fresh:
                fresh.execute(text)
            connection.execute(sql.SQL("alter database upshot_new rename to {}").format(sql.Identifier(name)))
    return server.replace("dbname=postgres", f"dbname={name}")


def _source(name: str) -> bytes:
    return resources.files("upshot").joinpath("sql", f"{name}.sql").read_bytes()


class SqlStatistics:
    """The questions of `ports.statistics`, each a call of a function."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def load(self, readings: Iterable[Reading]) -> None:
        """Bring the rows in."""
        with self._connection.cursor().copy("copy analysis.readings from stdin") as copy:
            for reading in readings:
                copy.write_row(reading)
        self._connection.execute("select analysis.look()")

    def fold(self, metric: int, fold: str, kind: str, *, has_segments: bool) -> None:
        """Make one number a unit."""
        query = "select analysis.fold(%s::smallint, %s, %s, %s)"
        self._connection.execute(query, [metric, fold, kind == "ratio", has_segments])

    def arms(self) -> list[Arm]:
        """The arms with their units."""
        return [Arm(**row) for row in self._rows("select * from analysis.arms()")]

    def switchers(self) -> int:
        """Units in two arms."""
        return int(self._rows("select analysis.switchers() as n")[0]["n"])

    def srm(self, counts: list[float], weights: list[float]) -> Numbers:
        """Whether the arms got what their weights promised."""
        query = "select (s).* from (select stats.srm(%s::float8[], %s::float8[]) as s) x"
        return self._rows(query, counts, weights)[0]

    def is_rate(self, metric: int) -> bool:
        """Whether every unit has 0 or 1."""
        query = "select coalesce(bool_and(y in (0, 1) and d = 1), false) as yes from analysis.units where metric = %s"
        return bool(self._rows(query, metric)[0]["yes"])

    def effects(
        self, metric: int, of: Metric, control: str, *, by_segment: bool, clustered: bool,
        quantile: float | None, alpha: float, planned: int,
    ) -> list[tuple[str, str | None, Numbers]]:  # fmt: skip
        """What each variant did, over all or in each segment."""
        rows = self._rows(
            "select * from analysis.effects(%s::smallint, %s, %s, %s, %s, %s, %s, %s, %s)",
            metric, of.kind, control, by_segment, clustered, quantile, of.higher_is_better, alpha, planned,
        )  # fmt: skip
        return [(row["variant"], row["segment"], row["numbers"]) for row in rows]

    def strata(
        self, metric: int, kind: str, control: str, quantile: float | None, alpha: float
    ) -> list[tuple[str, Numbers, Numbers]]:
        """The segments put together."""
        query = "select * from analysis.strata(%s::smallint, %s, %s, %s, %s)"
        rows = self._rows(query, metric, kind, control, quantile, alpha)
        return [(row["variant"], row["pooled"], row["simpson"]) for row in rows]

    def corrected(self, method: str, p_values: list[float | None]) -> list[float | None]:
        """What is left of p values when all were asked for."""
        name: LiteralString = "stats.holm" if method == "holm" else "stats.benjamini_hochberg"
        query = sql.SQL("select {}(%s::float8[]) as p").format(sql.SQL(name))
        given = [None if p is None else float(p) for p in p_values]
        return list(self._connection.execute(query, [given]).fetchall()[0]["p"])

    def verdict(
        self,
        difference: float | None,
        p: float | None,
        reason_code: str | None,
        alpha: float,
        *,
        higher_is_better: bool,
    ) -> str | None:
        """What the platform calls it."""
        query = "select stats.verdict(%s::float8, %s::float8, %s, %s::float8, %s) as said"
        found: str | None = self._rows(query, difference, p, higher_is_better, alpha, reason_code)[0]["said"]
        return found

    def detectable(self, variance: float, n0: float, n1: float, alpha: float) -> float | None:
        """The smallest difference that so many units show in four cases of five."""
        query = "select stats.detectable_effect(%s::float8, %s::float8, %s::float8, %s::float8, 0.8) as mde"
        found: float | None = self._rows(query, variance, n0, n1, alpha)[0]["mde"]
        return found

    def _rows(self, query: LiteralString, *parameters: Any) -> list[dict[str, Any]]:
        return self._connection.execute(query, parameters).fetchall()
