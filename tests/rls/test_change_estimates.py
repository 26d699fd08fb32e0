"""Members see what changes did; nobody writes it but the compactor."""

import pytest

from support.rls import NOBODY, Law, Theatre, check

LAWS = [
    Law("change_marks", schema="private"),
    Law("change_estimates", schema="private"),
    Law("change_requests", schema="private", readers=NOBODY),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)
