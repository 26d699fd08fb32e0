"""Layers and holdouts: members see them, who holds layers.write changes them; holdouts by their verb alone."""

import pytest

from support.rls import Law, Theatre, check, workspace

LAWS = [
    Law(
        "layers",
        insert=lambda t: workspace(t) | {"key": "new", "name": "New"},
        inserters="layers.write",
        update="name = name",
        updaters="layers.write",
        deleters="layers.write",
        where="key = 'spare'",
    ),
    Law("holdouts"),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)
