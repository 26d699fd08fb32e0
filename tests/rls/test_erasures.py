"""Receipts of erasures are for auditors, and nobody writes them but the verb."""

import pytest

from support.rls import NOBODY, Law, Theatre, check

LAWS = [Law("erasures", readers="audit.read"), Law("erased_inferences", schema="private", readers=NOBODY)]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)
