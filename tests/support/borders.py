"""What lies behind a border: the ids of a workspace, its rows as one number, and calls that leave nothing behind."""

import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from support.furniture import Furnished
from support.world import Actor, World, adapted

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
STAMP = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d(?::\d\d)?)?")

TENANT_TABLES = """
select n.nspname as schema, c.relname as table from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname in ('public', 'private') and c.relkind in ('r', 'p') and not c.relispartition and exists (
  select from pg_attribute a where a.attrelid = c.oid and a.attname = 'workspace_id' and not a.attisdropped)
order by 1, 2
"""


@dataclass(frozen=True)
class Answer:
    """How a call ended: ok or a SQLSTATE, and its words."""

    state: str
    words: str

    def masked(self) -> tuple[str, str]:
        """The same without ids and moments: what is left must not depend on whose the ids were."""
        return self.state, STAMP.sub("#", UUID.sub("#", self.words))


def tenant_tables(world: World) -> list[sql.Identifier]:
    """Every table that says whose its rows are."""
    return [sql.Identifier(row["schema"], row["table"]) for row in world.admin.rows(TENANT_TABLES)]


def ids_of(world: World, workspace_id: Any) -> set[str]:
    """Every uuid that stands anywhere in the rows of a workspace."""
    postgres, found = world.admin, set()
    for table in tenant_tables(world):
        query = sql.SQL("select to_jsonb(t)::text as t from {} t where workspace_id = %s").format(table)
        for row in postgres.connection.execute(query, [workspace_id]):
            found.update(UUID.findall(row["t"]))
    return found


def secrets_of(world: World, mine: Furnished, theirs: Furnished) -> set[str]:
    """The ids that belong to `mine` alone."""
    return ids_of(world, mine.clinic.workspace_id) - ids_of(world, theirs.clinic.workspace_id)


def snapshot(tables: list[sql.Identifier], workspace_id: Any) -> sql.Composed:
    """A query: table to a hash of its rows in a workspace."""
    one = sql.SQL(
        "select {} as name, coalesce(md5(string_agg(t::text, chr(10) order by t::text)), '') as hash"
        " from {} t where workspace_id = {}"
    )
    parts = [one.format(sql.Literal(t.as_string()), t, sql.Literal(str(workspace_id))) for t in tables]
    return sql.SQL(" union all ").join(parts)


@dataclass
class Glass:
    """Calls as anybody, watched by the owner of the schema in the same transaction, then undone."""

    world: World

    def __post_init__(self) -> None:
        self.connection = self.world.connect("postgres")
        self.tables = tenant_tables(self.world)
        self.untouched: dict[Any, dict[str, str]] = {}

    def hashes(self, workspace_id: Any) -> dict[str, str]:
        """Every table's rows of a workspace, as numbers."""
        return {row["name"]: row["hash"] for row in self.connection.execute(snapshot(self.tables, workspace_id))}

    def call(self, actor: Actor, verb: str, arguments: dict[str, Any], watched: Any) -> tuple[Answer, list[str]]:
        """The answer, and the tables of the watched workspace that it changed."""
        if watched not in self.untouched:
            self.untouched[watched] = self.hashes(watched)
        with self.connection.transaction(force_rollback=True):
            answer = self.answer(actor, verb, arguments)
            after = self.hashes(watched) if answer.state == "ok" else self.untouched[watched]
        return answer, [name for name, value in after.items() if self.untouched[watched][name] != value]

    def answer(self, actor: Actor, verb: str, arguments: dict[str, Any]) -> Answer:
        """One call in a savepoint, with the actor's own settings."""
        state = actor.connection.execute(
            "select current_setting('role') as role, coalesce(current_setting('request.jwt.claims', true), '') as claims"
        ).fetchone()
        assert state is not None
        try:
            with self.connection.transaction():
                self.connection.execute("select set_config('request.jwt.claims', %s, true)", [state["claims"]])
                self.connection.execute(sql.SQL("set local role {}").format(sql.Identifier(state["role"])))
                value = Actor(self.connection, actor.user_id).rpc(verb, **arguments)
                self.connection.execute("reset role")
        except psycopg.Error as error:
            return refusal(error)
        return Answer("ok", json.dumps(value, default=str, sort_keys=True))


def refusal(error: psycopg.Error) -> Answer:
    """The words that a caller is shown."""
    diag = error.diag
    return Answer(error.sqlstate or "?", f"{diag.message_primary} | {diag.message_detail} | {diag.message_hint}")


def ask(actor: Actor, verb: str, arguments: dict[str, Any]) -> Answer:
    """One call through the actor's own connection; nothing stays."""
    try:
        with actor.connection.transaction(force_rollback=True):
            return Answer("ok", json.dumps(actor.rpc(verb, **arguments), default=str, sort_keys=True))
    except psycopg.Error as error:
        return refusal(error)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where uuids stand in arguments, however deep."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from places(inner, (*path, index))
    elif UUID.fullmatch(str(value)):
        yield path


def at(value: Any, path: tuple[Any, ...]) -> Any:
    """What stands there."""
    for step in path:
        value = value[step]
    return value


def put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """A copy with something else there."""
    if not path:
        return new
    copied = dict(value) if isinstance(value, dict) else list(value)
    copied[path[0]] = put(value[path[0]], path[1:], new)
    return copied


def nobodys() -> str:
    """An id that nobody has."""
    return str(uuid.uuid4())


__all__ = ["UUID", "Answer", "Glass", "adapted", "ask", "at", "ids_of", "nobodys", "places", "put", "secrets_of"]
