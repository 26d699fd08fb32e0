"""Members see the ledger; nobody writes it by hand."""

import pytest

from support.rls import Law, Theatre, check

LAWS = [
    Law("changes"),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)
