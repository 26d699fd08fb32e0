"""Members see units and what they are worth; nobody writes them but the compactor."""

import pytest

from support.rls import NOBODY, Law, Theatre, check

LAWS = [
    Law("experiment_units", schema="private"),
    Law("unit_values", schema="private"),
    Law("outcome_places", schema="private", readers=NOBODY),
    Law("segment_values", schema="private", readers=NOBODY),
    Law("marked_units", schema="private", readers=NOBODY),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)
