"""Every kind of Realtime topic that the policies know: members hear it, nobody else does, nobody speaks."""

import re
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from psycopg import sql

from support.rls import STRANGERS, Theatre, attempt, holders
from support.world import Actor

# Kind of topic to one of the clinic's, and who hears it.
TOPICS: dict[str, tuple[Callable[[Theatre], str], frozenset[str]]] = {
    "workspace": (lambda t: str(t.clinic.workspace_id), holders("workspace.read") - {"server"}),
    "experiment": (lambda t: str(t.experiment.id), holders("workspace.read") - {"server"}),
    "prompt": (lambda t: str(t.clinic.prompt_id), holders("workspace.read") - {"server"}),
    "run": (lambda t: str(t.rows["run"]["id"]), holders("workspace.read") - {"server"}),
    "user": (lambda t: str(t.clinic.owner.user_id), frozenset({"owner"})),
}
TWISTS = ("{} ", " {}", "{}:{}", "%", "*", "{}\n", "{}%", "", ":")


def kinds(theatre: Theatre) -> set[str]:
    """The kinds of topics that may_hear knows, read from its text."""
    text = theatre.world.admin.one("select pg_get_functiondef('private.may_hear(text)'::regprocedure) as text")["text"]
    return set(re.findall(r"(?i)when '(\w+)'", text))


def hears(actor: Actor, topic: str) -> bool:
    """What Realtime asks at a join: may this caller select a message of the topic."""
    with actor.connection.transaction(force_rollback=True):
        actor.connection.execute("select set_config('realtime.topic', %s, true)", [topic])
        try:
            return bool(actor.rows("select private.may_hear(%s) as may", topic)[0]["may"])
        except psycopg.errors.InsufficientPrivilege:
            return False


def test_every_kind_of_topic_is_specified(theatre: Theatre):
    assert kinds(theatre) <= set(TOPICS), "say in TOPICS who hears it"
    assert {"workspace", "experiment"} <= kinds(theatre)


def test_who_hears_what(theatre: Theatre):
    wrong: list[Any] = []
    for kind in sorted(kinds(theatre) & set(TOPICS)):
        make, may = TOPICS[kind]
        topic = f"{kind}:{make(theatre)}"
        heard = {name for name, actor in theatre.cast.items() if hears(actor, topic)}
        if heard != may & set(theatre.cast):
            wrong.append((kind, heard ^ (may & set(theatre.cast))))
        for twist in TWISTS:
            crooked = f"{kind}:{twist.replace('{}', make(theatre))}"
            wrong += [(crooked, name) for name in STRANGERS if hears(theatre.cast[name], crooked)]
    assert wrong == []


@pytest.mark.parametrize("extension", ["broadcast", "presence"])
def test_nobody_speaks_on_any_topic(theatre: Theatre, extension: str):
    statement = sql.SQL(
        "insert into realtime.messages (topic, extension, payload, event, private) values ({}, {}, '{{}}', 'x', true)"
    )
    for kind in sorted(kinds(theatre) & set(TOPICS)):
        topic = f"{kind}:{TOPICS[kind][0](theatre)}"
        answers = {
            name: attempt(actor, statement.format(sql.Literal(topic), sql.Literal(extension)))
            for name, actor in theatre.cast.items()
            if name != "server"
        }
        assert set(answers.values()) == {"42501"}, (kind, answers)
