"""Row-level security as a specification: for every table, who of the cast may select, insert, update, delete.

The cast: owner, admin, engineer and viewer of a clinic; an outsider without a workspace; the owner of another
workspace; anon; and a server with a secret key.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql

from support.clinic import Clinic, Experiment, open_clinic
from support.world import Actor, World, adapted

MEMBERS = frozenset({"owner", "admin", "engineer", "viewer"})
STRANGERS = frozenset({"outsider", "other_owner", "anon"})
SERVER = frozenset({"server"})
EDITORS = frozenset({"owner", "admin", "engineer", "server"})
ADMINS = frozenset({"owner", "admin", "server"})
NOBODY: frozenset[str] = frozenset()


@dataclass
class Theatre:
    """A furnished workspace, the cast, and one row of every table."""

    world: World
    clinic: Clinic
    cast: dict[str, Actor]
    experiment: Experiment
    draft: Experiment
    version: dict[str, Any]
    metric: dict[str, Any]
    other: Clinic
    rows: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Law:
    """What a table allows. `insert` makes values for a new row; `update` is an assignment that changes nothing."""

    table: str
    insert: Callable[[Theatre], dict[str, Any]] | None = None
    inserters: frozenset[str] = NOBODY
    update: str = ""
    updaters: frozenset[str] = NOBODY
    deleters: frozenset[str] = NOBODY
    where: str = "true"
    """The rows to update and delete: those that no history holds."""
    readers: frozenset[str] = MEMBERS | SERVER
    schema: str = "public"
    workspace: str = "workspace_id"
    probe: str = ""
    """A column to try to write when nobody may; by default the workspace."""


def open_theatre(world: World) -> Theatre:
    """Fill a database with one of everything."""
    clinic = open_clinic(world)
    clinic.version("live")
    version = clinic.version("next")
    clinic.publish(version)
    metric = clinic.metric("booked")
    experiment = clinic.experiment({"a": version, "b": clinic.version("b")})
    experiment.counts(metric)
    clinic.put("experiment_intents", experiment_id=experiment.id, intent_id=clinic.intents["ScheduleMeeting"])
    clinic.put(
        "experiment_actions",
        experiment_id=experiment.id, capability_id=clinic.capability_id, action_id=clinic.actions["Book"],
    )  # fmt: skip
    clinic.put("capabilities", key="Spare", name="Spare")
    clinic.metric("spare")
    draft = clinic.experiment({"a": version, "b": version}, key="draft")
    clinic.put("experiment_intents", experiment_id=draft.id, intent_id=clinic.intents["ScheduleMeeting"])
    clinic.put(
        "experiment_actions",
        experiment_id=draft.id, capability_id=clinic.capability_id, action_id=clinic.actions["Book"],
    )  # fmt: skip
    clinic.put("intent_examples", intent_id=clinic.intents["ScheduleMeeting"], text="book me in")
    experiment.move("activate")
    clinic.decide("ann", action="Book", intent="ScheduleMeeting")
    inference = clinic.inference(version, "ann", keys=[{"type": "ticket", "value": "T-1"}])
    clinic.owner.rpc("record_inferences", inferences=[inference])
    clinic.owner.rpc("record_outcomes", outcomes=[clinic.outcome("booked", 1, subject="ann")])
    clinic.owner.rpc("set_provider_key", provider="openai", secret="sk-0123456789abcdef", name="ours")
    clinic.put("test_cases", prompt_id=clinic.prompt_id, name="one")
    clinic.put("test_cases", prompt_id=clinic.prompt_id, name="spare")
    case = clinic.owner.one("select id from test_cases where name = 'one'")["id"]
    run = clinic.owner.rpc("create_run", test_case_ids=[case], version_ids=[version["id"]])
    server = world.server()
    job = server.rpc("claim_jobs_v1", worker="w", quantity=1, lease_seconds=60)[0]
    server.rpc("fail_job_v1", job_id=job["job_id"], error_code="x", error_message="x", retry_in_seconds=None)
    cast = {
        "owner": clinic.owner,
        "admin": world.member(clinic.owner, clinic.workspace_id, "admin"),
        "engineer": world.member(clinic.owner, clinic.workspace_id, "engineer"),
        "viewer": world.member(clinic.owner, clinic.workspace_id, "viewer"),
        "outsider": world.user("outsider"),
        "anon": world.anon(),
        "server": server,
    }
    other = open_clinic(world)
    theatre = Theatre(world, clinic, cast | {"other_owner": other.owner}, experiment, draft, version, metric, other)
    theatre.rows = {"run": run, "inference": inference}
    return theatre


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
    mine = sql.SQL("{} = {}").format(sql.Identifier(law.workspace), sql.Literal(theatre.clinic.workspace_id))
    assert allowed(theatre, sql.SQL("select * from {} where {}").format(table, mine)) == law.readers
    check_insert(theatre, law, table)
    rows = sql.SQL("{} and {}").format(mine, sql.SQL(law.where))
    update = sql.SQL(law.update or f"{law.probe or law.workspace} = {law.probe or law.workspace}")
    assert allowed(theatre, sql.SQL("update {} set {} where {}").format(table, update, rows)) == law.updaters
    assert allowed(theatre, sql.SQL("delete from {} where {}").format(table, rows)) == law.deleters
    check_closed_columns(theatre, law, table)


def check_insert(theatre: Theatre, law: Law, table: sql.Identifier) -> None:
    """The named ones insert; nobody else, and nobody into another workspace or under its parents."""
    values = law.insert(theatre) if law.insert else {law.workspace: theatre.clinic.workspace_id}
    statement = insertion(table, values)
    parameters = {k: adapted(v) for k, v in values.items()}
    assert allowed(theatre, statement, parameters) == law.inserters
    if law.insert and law.workspace == "workspace_id":
        smuggled = parameters | {"workspace_id": theatre.other.workspace_id}
        answer = attempt(theatre.cast["other_owner"], statement, smuggled)
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
    found = theatre.world.postgres().rows(query, law.schema, law.table)
    return [row["column_name"] for row in found]


def insertion(table: sql.Identifier, values: dict[str, Any]) -> sql.Composed:
    """insert … values with named parameters."""
    return sql.SQL("insert into {} ({}) values ({})").format(
        table,
        sql.SQL(", ").join(map(sql.Identifier, values)),
        sql.SQL(", ").join(map(sql.Placeholder, values)),
    )


def workspace(theatre: Theatre) -> dict[str, Any]:
    """The value that every insert carries."""
    return {"workspace_id": theatre.clinic.workspace_id}
