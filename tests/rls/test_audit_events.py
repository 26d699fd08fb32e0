"""The audit log: those who hold audit.read see it, nobody writes it."""

import pytest

from support.rls import Law, Theatre, check

LAWS = [Law("audit_events", readers="audit.read")]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)
