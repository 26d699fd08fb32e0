"""Totals of days and hours are read through verbs alone."""

import pytest

from support.rls import NOBODY, Law, Theatre, check

LAWS = [
    Law("day_totals", schema="private", readers=NOBODY),
    Law("hour_totals", schema="private", readers=NOBODY),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)
