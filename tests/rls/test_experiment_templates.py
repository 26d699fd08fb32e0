"""Templates of experiments: members see; who holds templates.write makes, changes and removes them."""

import pytest

from support.rls import Law, Theatre, check, workspace

LAWS = [
    Law(
        "experiment_templates",
        insert=lambda t: workspace(t) | {"key": "new", "name": "New", "slots": {}, "document": {}},
        inserters="templates.write",
        update="name = name",
        updaters="templates.write",
        deleters="templates.write",
    )
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)
