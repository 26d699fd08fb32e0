"""Whether a subscriber may see a changed row, and which of its columns: asked as that subscriber."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from upshot_devstack.gateway.realtime.changes.catalog import Table
from upshot_devstack.gateway.realtime.changes.values import key_condition, name_of
from upshot_devstack.gateway.realtime.replication.pgoutput import Row

ASSUME = """
select set_config('statement_timeout', %(timeout)s, true), set_config('session_authorization', 'authenticator', true),
       set_config('role', %(role)s, true), set_config('request.jwt.claims', %(claims)s, true),
       set_config('request.jwt.claim.sub', %(sub)s, true), set_config('request.jwt.claim.role', %(role)s, true)
"""
SELECTABLE = """
select array(select name from unnest(%(columns)s::text[]) as name
             where has_column_privilege(%(table)s::oid, name, 'select'))
"""


@dataclass(frozen=True)
class Viewer:
    """On whose behalf a channel looks at changes; equal viewers see the same."""

    role: str
    claims: str

    @staticmethod
    def of(role: str, claims: Mapping[str, Any]) -> "Viewer":
        return Viewer(role, json.dumps(dict(claims), sort_keys=True))


@dataclass(frozen=True)
class View:
    """What a viewer gets of a change."""

    visible: bool
    columns: frozenset[str]


async def view_of(
    connection: psycopg.AsyncConnection[Any], viewer: Viewer, table: Table, row: Row | None, seconds: float
) -> View:
    """Look as the viewer does. `row` None: a deleted row, which no policy can be asked about any more."""
    async with connection.transaction(force_rollback=True):
        await connection.execute(ASSUME, _settings(viewer, seconds))
        names = list(table.types)
        asked = await connection.execute(SELECTABLE, {"columns": names, "table": table.relation.oid})
        columns = frozenset((await asked.fetchone() or [[]])[0])
        if row is None:
            return View(visible=True, columns=columns)
        if not set(table.primary_key) <= columns:
            return View(visible=True, columns=frozenset())
        return View(await _visible(connection, table, row), columns)


async def _visible(connection: psycopg.AsyncConnection[Any], table: Table, row: Row) -> bool:
    if not table.has_rls:
        return True
    query = sql.SQL("select exists (select from {} where {})").format(name_of(table), key_condition(table, row))
    answer = await (await connection.execute(query)).fetchone()
    return bool(answer and answer[0])


def _settings(viewer: Viewer, seconds: float) -> dict[str, str]:
    subject = json.loads(viewer.claims).get("sub") or ""
    return {
        "role": viewer.role, "claims": viewer.claims, "sub": str(subject), "timeout": f"{int(seconds * 1000)}ms",
    }  # fmt: skip
