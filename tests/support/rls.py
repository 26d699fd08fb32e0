"""Row-level security as a specification: for every table, who of the whole cast may select, insert, update, delete.

Who is a permission ("catalog.write": whoever holds it, `support.cast`) or a set of names.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from support.cast import NOBODY, PEOPLE, SERVER, SIGNED_IN, STRANGERS, gather, holders
from support.clinic import Clinic, Experiment, open_clinic
from support.furniture import Furnished, furnish
from support.world import Actor, World, adapted

__all__ = ["NOBODY", "PEOPLE", "SERVER", "SIGNED_IN", "STRANGERS", "Law", "Theatre", "holders", "open_theatre"]

Who = str | frozenset[str]


@dataclass
class Theatre:
    """Two furnished workspaces, and the cast as it stands to the first."""

    world: World
    clinic: Clinic
    cast: dict[str, Actor]
    experiment: Experiment
    draft: Experiment
    version: dict[str, Any]
    metric: dict[str, Any]
    other: Clinic
    mine: Furnished
    theirs: Furnished
    """The other workspace, whose owner is the attacker."""
    rows: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Law:
    """What a table allows. `insert` makes values for a new row; `update` is an assignment that changes nothing."""

    table: str
    insert: Callable[[Theatre], dict[str, Any]] | None = None
    inserters: Who = NOBODY
    update: str = ""
    updaters: Who = NOBODY
    deleters: Who = NOBODY
    where: str = "true"
    """The rows to update and delete: those that no history holds."""
    readers: Who = "workspace.read"
    schema: str = "public"
    workspace: str = "workspace_id"
    """The column that says whose row it is; empty for the few tables that are the same for all."""
    probe: str = ""
    """A column to try to write when nobody may; by default the workspace."""


def open_theatre(world: World) -> Theatre:
    """Fill a database with one of everything, twice."""
    mine, theirs = furnish(open_clinic(world)), furnish(open_clinic(world))
    cast = gather(world, mine.clinic, theirs.clinic)
    return Theatre(
        world, mine.clinic, cast, mine.experiment, mine.draft, mine.version, mine.metric, theirs.clinic,
        mine, theirs, mine.rows,
    )  # fmt: skip


def expected(theatre: Theatre, who: Who) -> set[str]:
    """Who is meant, as far as they are in the cast."""
    return set(holders(who) if isinstance(who, str) else who) & set(theatre.cast)


@contextmanager
def undone(actor: Actor) -> Iterator[None]:
    """Whatever happens inside is rolled back."""
    with actor.connection.transaction(force_rollback=True):
        yield


def attempt(actor: Actor, statement: sql.Composed, parameters: Any = None) -> int | str:
    """Rows touched, or the SQLSTATE of the refusal; nothing stays."""
    try:
        with undone(actor):
            return actor.connection.execute(statement, parameters).rowcount
    except psycopg.Error as error:
        return error.sqlstate or "?"


def allowed(theatre: Theatre, statement: sql.Composed, parameters: Any = None) -> set[str]:
    """Who of the cast touches at least one row; the others must be refused as such, and not for another reason."""
    answers = {name: attempt(actor, statement, parameters) for name, actor in theatre.cast.items()}
    reasons = {name: a for name, a in answers.items() if isinstance(a, str) and a != "42501"}
    assert reasons == {}, f"{statement.as_string()}: {reasons}"
    return {name for name, answer in answers.items() if isinstance(answer, int) and answer > 0}


def check(theatre: Theatre, law: Law) -> None:
    """Try every command as everybody."""
    table = sql.Identifier(law.schema, law.table)
    mine = sql.SQL("true")
    if law.workspace:
        mine = sql.SQL("{} = {}").format(sql.Identifier(law.workspace), sql.Literal(theatre.clinic.workspace_id))
    reading = sql.SQL("select * from {} where {}").format(table, mine)
    assert allowed(theatre, reading) == within(theatre, law, law.readers, mine)
    check_insert(theatre, law, table)
    rows = sql.SQL("{} and {}").format(mine, sql.SQL(law.where))
    probe = law.probe or law.workspace or columns(theatre, law)[0]
    update = sql.SQL("update {} set {} where {}").format(table, sql.SQL(law.update or f"{probe} = {probe}"), rows)
    assert allowed(theatre, update) == within(theatre, law, law.updaters, rows)
    delete = sql.SQL("delete from {} where {}").format(table, rows)
    assert allowed(theatre, delete) == within(theatre, law, law.deleters, rows)
    check_closed_columns(theatre, law, table)


INDIRECT: dict[str, LiteralString] = {
    "ramp_steps": "ramp_id in (select id from public.ramps where environment_id = {})",
    "approval_reviews": "request_id in (select id from public.approval_requests where environment_id = {})",
    "audit_events": "false and {} is not null",
    "comments": "object_kind = 'prompt' or object_id in (select id from public.experiments where environment_id = {})",
}
"""How tables that do not say their environment are of staging. The log is of all at once."""


def within(theatre: Theatre, law: Law, who: Who, rows: sql.Composable) -> set[str]:
    """Who is meant, without the key for staging when none of the rows is of staging."""
    names, staging = expected(theatre, who), sql.Literal(theatre.clinic.environments["staging"])
    own = set(columns(theatre, law))
    if law.table == "environments":
        bound = sql.SQL("id = {}").format(staging)
    elif "environment_id" in own:
        bound = sql.SQL("environment_id = {}").format(staging)
    elif "experiment_id" in own:
        bound = sql.SQL("experiment_id in (select id from public.experiments where environment_id = {})").format(
            staging
        )
    elif "variant_id" in own:
        bound = sql.SQL(
            "variant_id in (select v.id from public.variants v join public.experiments e on e.id = v.experiment_id"
            " where e.environment_id = {})"
        ).format(staging)
    elif law.table in INDIRECT:
        bound = sql.SQL(INDIRECT[law.table]).format(staging)
    else:
        return names
    query = sql.SQL("select from {} where {} and {}").format(sql.Identifier(law.schema, law.table), rows, bound)
    return names if theatre.world.admin.connection.execute(query).rowcount else names - {"key_staging"}


def check_insert(theatre: Theatre, law: Law, table: sql.Identifier) -> None:
    """The named ones insert; nobody else, and nobody into another workspace or under its parents."""
    values = (
        law.insert(theatre) if law.insert else {law.workspace: theatre.clinic.workspace_id} if law.workspace else {}
    )
    statement = insertion(table, values)
    parameters = {k: adapted(v) for k, v in values.items()}
    bound = {"environment_id", "experiment_id", "variant_id"} & set(values) or law.table == "environments"
    inserters = expected(theatre, law.inserters) - ({"key_staging"} if bound else set())
    assert allowed(theatre, statement, parameters) == inserters
    if law.insert and law.workspace == "workspace_id":
        smuggled = parameters | {"workspace_id": theatre.other.workspace_id}
        answer = attempt(theatre.cast["other_owner"], statement, smuggled)
        if inserters <= SERVER:
            assert answer == "42501", answer
            return
        points_at_parents = any(k.endswith("_id") and k not in ("workspace_id", "user_id") for k in values)
        assert answer in (("23503", "42501") if points_at_parents else (1, "23503")), answer


def check_closed_columns(theatre: Theatre, law: Law, table: sql.Identifier) -> None:
    """Nobody who is bound by RLS moves a row to another workspace, or rewrites ids."""
    for column in {law.workspace, "id"} & set(columns(theatre, law)):
        statement = sql.SQL("update {} set {c} = {c}").format(table, c=sql.Identifier(column))
        assert allowed(theatre, statement) == NOBODY, column


def columns(theatre: Theatre, law: Law) -> list[str]:
    """The columns of a table."""
    query = "select column_name from information_schema.columns where table_schema = %s and table_name = %s"
    found = theatre.world.admin.rows(query, law.schema, law.table)
    return [row["column_name"] for row in found]


def insertion(table: sql.Identifier, values: dict[str, Any]) -> sql.Composed:
    """insert … values with named parameters."""
    if not values:
        return sql.SQL("insert into {} default values").format(table)
    return sql.SQL("insert into {} ({}) values ({})").format(
        table,
        sql.SQL(", ").join(map(sql.Identifier, values)),
        sql.SQL(", ").join(map(sql.Placeholder, values)),
    )


def workspace(theatre: Theatre) -> dict[str, Any]:
    """The value that every insert carries."""
    return {"workspace_id": theatre.clinic.workspace_id}
