"""Members see exposures; nobody writes them but the record verbs."""

import pytest

from support.rls import NOBODY, Law, Theatre, check

LAWS = [
    Law("exposures"),
    Law("exposure_claims", schema="private", workspace="", readers=NOBODY, probe="received_on"),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)
