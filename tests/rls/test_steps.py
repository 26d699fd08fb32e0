"""Nobody reads the sums of steps but through action_effects, which asks who calls."""

import pytest

from support.rls import NOBODY, Law, Theatre, check

LAWS = [
    Law("step_passes", schema="private", readers=NOBODY),
    Law("step_tallies", schema="private", readers=NOBODY),
    Law("step_watermark", schema="private", readers=NOBODY, workspace="", probe="lo"),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)
