"""What quantiles were computed is the results' own: members read it in their effects."""

import pytest

from support.rls import NOBODY, Law, Theatre, check

LAWS = [
    Law("quantile_results", schema="private", readers=NOBODY),
    Law("quantile_readouts", schema="private", readers=NOBODY),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)
