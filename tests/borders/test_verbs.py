"""Every public verb of the catalog, with ids of another workspace wherever an id may stand."""

from typing import Any

import pytest

from support.borders import UUID, Answer, Glass, ask, at, nobodys, places, put, secrets_of
from support.calls import CALLS
from support.cast import ROLES
from support.furniture import Furnished
from support.rls import STRANGERS, Theatre
from support.signatures import SIGNATURES, guessed

# Ids that the caller makes up, or that may point at what has not arrived yet: they join nothing, and are kept as said.
OPEN = {
    ("record_inferences", "id"),
    ("record_outcomes", "source_event_id"),
    ("record_outcomes", "inference_id"),
}


def signature(theatre: Theatre) -> dict[str, dict[str, Any]]:
    """Verb to the names and types of its arguments."""
    return {row["verb"]: row for row in theatre.world.admin.rows(SIGNATURES)}


def arguments(theatre: Theatre, verb: str, side: Furnished) -> dict[str, Any]:
    """A good call in a workspace: declared, or guessed."""
    known = signature(theatre)[verb]
    if verb not in CALLS:
        return guessed(side, known["names"], known["types"], known["needed"])
    values = CALLS[verb].arguments(side)
    takes = "workspace_id" in known["names"] and "workspace_id" not in values
    return values | ({"workspace_id": str(side.clinic.workspace_id)} if takes else {})


def taken(answer: Answer) -> bool:
    """Whether a call did what it said; a batch of which nothing landed did not."""
    return answer.state == "ok" and not ('"accepted": 0' in answer.words and '"errors": [{' in answer.words)


@pytest.fixture(scope="session")
def verbs(theatre: Theatre) -> list[str]:
    return list(signature(theatre))


@pytest.fixture(scope="session")
def secrets(theatre: Theatre) -> set[str]:
    found = secrets_of(theatre.world, theatre.mine, theatre.theirs)
    assert len(found) > 30
    return found


@pytest.fixture(scope="session")
def glass(theatre: Theatre) -> Glass:
    return Glass(theatre.world)


def test_every_verb_is_declared(verbs: list[str]):
    assert [verb for verb in verbs if verb not in CALLS] == [], "say in tests/support/calls.py who may call it"
    assert [verb for verb in CALLS if verb not in verbs] == []


def test_who_may_call_what(theatre: Theatre, verbs: list[str]):
    """Holders succeed; members without the permission hear 403; strangers hear that nothing is there."""
    wrong = []
    for verb in verbs:
        if verb not in CALLS:
            continue
        given = arguments(theatre, verb, theatre.mine)
        answers = {name: ask(actor, verb, given) for name, actor in theatre.cast.items()}
        succeed = {name for name, answer in answers.items() if taken(answer)}
        if succeed != CALLS[verb].may & set(theatre.cast):
            odd = succeed ^ (CALLS[verb].may & set(theatre.cast))
            wrong.append((verb, {name: (answers[name].state, answers[name].words[:150]) for name in sorted(odd)}))
        shut_out = STRANGERS & set(theatre.cast) - succeed if CALLS[verb].here else set()
        wrong += [(verb, name, answers[name]) for name in shut_out if answers[name].state not in ("PT404", "42501")]
        inside = set(ROLES) - {"owner"} - succeed if CALLS[verb].here else set()
        wrong += [(verb, name, answers[name]) for name in inside if answers[name].state not in ("PT403", "42501")]
    assert not wrong, "\n".join(map(str, wrong))


def test_a_foreign_id_is_as_unknown_as_one_that_nobody_has(
    theatre: Theatre, verbs: list[str], secrets: set[str], glass: Glass
):
    """One id at a time, in calls that are good otherwise: same words, nothing shown, nothing changed there."""
    wrong, tried = [], 0
    attacker = theatre.cast["other_owner"]
    for verb in verbs:
        own, foreign = (arguments(theatre, verb, side) for side in (theatre.theirs, theatre.mine))
        for path in places(own):
            sent, missing = put(own, path, at(foreign, path)), put(own, path, nobodys())
            answer, changed = glass.call(attacker, verb, sent, theatre.clinic.workspace_id)
            control = ask(attacker, verb, missing)
            leaked = (set(UUID.findall(answer.words)) & secrets) - {at(foreign, path)}
            tried += 1
            if changed or leaked or answer.masked() != control.masked():
                wrong.append((verb, path, changed, leaked, answer, control))
            if taken(answer) and (verb, path[-1]) not in OPEN:
                wrong.append((verb, path, "taken", answer))
    assert not wrong, "\n".join(map(str, wrong))
    assert tried > 12


def test_strangers_learn_nothing_from_the_whole_call(
    theatre: Theatre, verbs: list[str], secrets: set[str], glass: Glass
):
    """A former member's good call, and the same with made-up ids."""
    wrong = []
    for verb in verbs:
        given = arguments(theatre, verb, theatre.mine)
        sent = {at(given, path) for path in places(given)}
        made_up = given
        for path in places(given):
            made_up = put(made_up, path, nobodys())
        for name in sorted(STRANGERS):
            answer, changed = glass.call(theatre.cast[name], verb, given, theatre.clinic.workspace_id)
            control = ask(theatre.cast[name], verb, made_up)
            leaked = (set(UUID.findall(answer.words)) & secrets) - sent
            if changed or leaked or answer.masked() != control.masked():
                wrong.append((verb, name, changed, leaked, answer, control))
    assert not wrong, "\n".join(map(str, wrong))
