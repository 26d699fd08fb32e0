"""May this caller read from, or write to, this private topic? The policies on realtime.messages answer.

Reading is asked by inserting probe rows, taking the caller's role and looking which of them can be seen; writing by
inserting under that role. Everything is rolled back, so no probe is ever kept or sent.
"""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from upshot_devstack.gateway.realtime.limits import Limits

Pool = AsyncConnectionPool[psycopg.AsyncConnection[Any]]
Extension = Literal["broadcast", "presence"]


class PolicyFailed(Exception):  # noqa: N818 - the term of the field
    """A policy, or taking the role, raised an error: no right is given."""


class DatabaseUnavailable(Exception):  # noqa: N818 - the term of the field
    """The question could not be put to the database."""


@dataclass(frozen=True)
class Caller:
    """On whose behalf, and about which topic. `headers` are those of the connection, names in lower case."""

    topic: str
    role: str
    claims: Mapping[str, Any]
    headers: Mapping[str, str]


# The session becomes authenticator first, so that only roles which the API may take can be claimed.
ASSUME_CALLER = """
select set_config('statement_timeout', %(timeout)s, true), set_config('session_authorization', 'authenticator', true),
       set_config('role', %(role)s, true), set_config('realtime.topic', %(topic)s, true),
       set_config('request.jwt.claims', %(claims)s, true), set_config('request.jwt.claim.sub', %(sub)s, true),
       set_config('request.jwt.claim.role', %(role)s, true), set_config('request.headers', %(headers)s, true)
"""
INSERT_PROBE = "insert into realtime.messages (id, topic, extension) values (%(id)s, %(topic)s, %(extension)s)"
VISIBLE_PROBES = "select id from realtime.messages where topic = %(topic)s and id = any(%(ids)s)"


class Authorizer:
    """Asks the database; remembers nothing."""

    def __init__(self, pool: Pool, limits: Limits) -> None:
        self._pool = pool
        self._timeout = f"{int(limits.policy_timeout * 1000)}ms"

    async def readable(self, caller: Caller, extensions: tuple[Extension, ...]) -> frozenset[Extension]:
        """Which of the extensions the caller may read. Raises PolicyFailed or DatabaseUnavailable."""
        probes = {uuid.uuid4(): extension for extension in extensions}
        rows = [{"id": key, "topic": caller.topic, "extension": extension} for key, extension in probes.items()]
        try:
            async with self._pool.connection() as connection, connection.transaction(force_rollback=True):
                async with connection.pipeline(), connection.cursor() as cursor:
                    await cursor.executemany(INSERT_PROBE, rows)
                    await connection.execute(ASSUME_CALLER, self._settings(caller))
                    seen = await connection.execute(VISIBLE_PROBES, {"topic": caller.topic, "ids": list(probes)})
                visible = {row[0] for row in await seen.fetchall()}
        except (psycopg.OperationalError, PoolTimeout) as error:
            raise _unanswered(error) from error
        except psycopg.Error as error:
            raise PolicyFailed(str(error)) from error
        return frozenset(extension for key, extension in probes.items() if key in visible)

    async def writable(self, caller: Caller, extension: Extension) -> bool:
        """Whether the caller may write. Raises PolicyFailed or DatabaseUnavailable."""
        try:
            async with self._pool.connection() as connection, connection.transaction(force_rollback=True):
                await connection.execute(ASSUME_CALLER, self._settings(caller))
                return await _inserts(connection, caller.topic, extension)
        except (psycopg.OperationalError, PoolTimeout) as error:
            raise _unanswered(error) from error
        except psycopg.Error as error:
            raise PolicyFailed(str(error)) from error

    def _settings(self, caller: Caller) -> dict[str, str]:
        return {"timeout": self._timeout, "topic": caller.topic, **caller_settings(caller)}


def caller_settings(caller: Caller) -> dict[str, str]:
    """The values by which policies know the caller."""
    return {
        "role": caller.role,
        "sub": str(caller.claims.get("sub") or ""),
        "claims": json.dumps(dict(caller.claims)),
        "headers": json.dumps(dict(caller.headers)),
    }


async def _inserts(connection: psycopg.AsyncConnection[Any], topic: str, extension: Extension) -> bool:
    try:
        await connection.execute(INSERT_PROBE, {"id": uuid.uuid4(), "topic": topic, "extension": extension})
    except psycopg.errors.InsufficientPrivilege:
        return False
    return True


def _unanswered(error: Exception) -> PolicyFailed | DatabaseUnavailable:
    """A policy that runs into its time limit has answered no; a lost connection has not answered."""
    kind = PolicyFailed if isinstance(error, psycopg.errors.QueryCanceled) else DatabaseUnavailable
    return kind(str(error))
