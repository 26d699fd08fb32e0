"""Members see what workers computed; nobody writes it but the worker's verb."""

import pytest

from support.rls import Law, Theatre, check

LAWS = [
    Law("experiment_results"),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)
