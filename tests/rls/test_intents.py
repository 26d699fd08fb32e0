"""Intents and their examples: members see; who holds catalog.write edits."""

import pytest

from support.rls import Law, Theatre, check, workspace

LAWS = [
    Law(
        "intents",
        insert=lambda t: workspace(t) | {"key": "New", "name": "New"},
        inserters="catalog.write",
        update="name = name",
        updaters="catalog.write",
        deleters="catalog.write",
        where="key = 'Spare'",
    ),
    Law(
        "intent_examples",
        insert=lambda t: workspace(t) | {"intent_id": t.clinic.intents["CancelMeeting"], "text": "call it off"},
        inserters="catalog.write",
        update="text = text",
        updaters="catalog.write",
        deleters="catalog.write",
    ),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)
