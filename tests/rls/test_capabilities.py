"""Capabilities and actions: members see; who holds catalog.write edits."""

import pytest

from support.rls import Law, Theatre, check, workspace

LAWS = [
    Law(
        "capabilities",
        insert=lambda t: workspace(t) | {"key": "New", "name": "New"},
        inserters="catalog.write",
        update="name = name",
        updaters="catalog.write",
        deleters="catalog.write",
        where="key = 'Spare'",
    ),
    Law(
        "actions",
        insert=lambda t: workspace(t) | {"capability_id": t.clinic.capability_id, "key": "New", "name": "New"},
        inserters="catalog.write",
        update="name = name",
        updaters="catalog.write",
        deleters="catalog.write",
        where="key = 'Spare'",
    ),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)
