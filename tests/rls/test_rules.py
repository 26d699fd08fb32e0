"""Compiled rules are decide's own: nobody reads or writes them through the API."""

import pytest

from support.rls import NOBODY, Law, Theatre, check

LAWS = [
    Law("live_rules", schema="private", readers=NOBODY),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)
