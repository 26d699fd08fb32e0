"""Members see ramps, their steps and their guardrails; nobody writes them but the verbs and the worker."""

import pytest

from support.rls import NOBODY, Law, Theatre, check

LAWS = [
    Law("ramps"),
    Law("ramp_steps"),
    Law("ramp_clock", schema="private", readers=NOBODY),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)
