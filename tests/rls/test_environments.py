"""Members see; who holds environments.write edits."""

import pytest

from support.rls import Law, Theatre, check, workspace

LAWS = [
    Law(
        "environments",
        insert=lambda t: workspace(t) | {"key": "dev", "name": "Dev"},
        inserters="environments.write",
        update="name = name",
        updaters="environments.write",
        deleters="environments.write",
        where="key = 'spare'",
    ),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)
