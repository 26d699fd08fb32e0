"""Members see deployments and what is live; nobody writes them but publish and rollback."""

import pytest

from support.rls import NOBODY, Law, Theatre, check

LAWS = [
    Law("deployments"),
    Law("deployment_heads", schema="private", readers=NOBODY),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)
