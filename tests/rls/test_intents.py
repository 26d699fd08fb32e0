"""Intents and their examples: members see; who holds catalog.write edits."""

import pytest

from support.rls import EDITORS, Law, Theatre, check, workspace

LAWS = [
    Law(
        "intents",
        insert=lambda t: workspace(t) | {"key": "New", "name": "New"},
        inserters=EDITORS,
        update="name = name",
        updaters=EDITORS,
        deleters=EDITORS,
        where="key = 'CancelMeeting'",
    ),
    Law(
        "intent_examples",
        insert=lambda t: workspace(t) | {"intent_id": t.clinic.intents["CancelMeeting"], "text": "call it off"},
        inserters=EDITORS,
        update="text = text",
        updaters=EDITORS,
        deleters=EDITORS,
    ),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)
