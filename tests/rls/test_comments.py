"""Comments: members see them; they are written by verbs."""

import pytest

from support.rls import Law, Theatre, check

LAWS = [Law("comments")]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)
