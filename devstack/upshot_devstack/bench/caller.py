"""Statements as the API sends them: by its login role, with the caller's claims, a transaction in one round trip."""

import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import psycopg

SETTINGS = (
    "select set_config('search_path', 'public, extensions', true), set_config('role', 'authenticated', true), "
    "set_config('request.jwt.claims', %s, true), set_config('request.method', 'POST', true), "
    "set_config('request.path', '/rpc/decide', true), set_config('request.headers', '{}', true), "
    "set_config('request.cookies', '{}', true)"
)


class Caller:
    """One connection of the API's pool."""

    def __init__(self, url: str, claims: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True, prepare_threshold=0)
        self._claims = claims

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    @property
    def connection(self) -> psycopg.Connection:
        """The connection, for measurements that need all rows."""
        return self._connection

    def ask(self, query: str, values: Sequence[Any]) -> tuple[float, Any]:
        """Milliseconds of one API transaction, and the first value that came back."""
        connection = self._connection
        started = time.perf_counter()
        with connection.pipeline(), connection.transaction():
            connection.execute(SETTINGS, [self._claims])
            cursor = connection.execute(query, values)
        elapsed = (time.perf_counter() - started) * 1000
        row = cursor.fetchone()
        return elapsed, row and row[0]

    def cost(self, query: str, values: Sequence[Any]) -> tuple[float, float]:
        """Milliseconds by the clock, and of the server's processor, which others at work hardly change."""
        before = busy(self._connection)
        elapsed = self.ask(query, values)[0]
        return elapsed, (busy(self._connection) - before) * 1000

    def in_session(self) -> None:
        """From now on the session itself is the caller's, so that `bare` measures one statement and nothing else."""
        self._connection.execute("select set_config('request.jwt.claims', %s, false)", [self._claims])
        self._connection.execute("set role authenticated")

    def bare(self, query: str, values: Sequence[Any]) -> tuple[float, Any]:
        """Milliseconds of one statement that is its own transaction."""
        started = time.perf_counter()
        cursor = self._connection.execute(query, values)
        elapsed = (time.perf_counter() - started) * 1000
        row = cursor.fetchone()
        return elapsed, row and row[0]


def percentiles(times: Sequence[float]) -> tuple[float, float, float]:
    """The 50th, 95th and 99th percentile."""
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return cuts[49], cuts[94], cuts[98]


def busy(connection: psycopg.Connection) -> float:
    """Seconds that a connection's own process has computed: others on the machine hardly change it."""
    return int(Path(f"/proc/{connection.info.backend_pid}/schedstat").read_text().split()[0]) / 1e9
