"""Members see; who holds metrics.write edits."""

import pytest

from support.rls import Law, Theatre, check, workspace

LAWS = [
    Law(
        "outcome_metrics",
        insert=lambda t: workspace(t) | {"key": "new", "name": "New", "kind": "count"},
        inserters="metrics.write",
        update="name = name",
        updaters="metrics.write",
        deleters="metrics.write",
        where="key = 'spare'",
    ),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)
