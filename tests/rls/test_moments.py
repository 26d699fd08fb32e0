"""Members see the sums that their results are made of; nobody writes them but the compactor."""

import pytest

from support.rls import NOBODY, SIGNED_IN, Law, Theatre, check

LAWS = [
    Law("effect_moments", schema="private"),
    Law("unit_cells", schema="private"),
    Law("sequence_bounds", schema="private"),
    Law("sequence_looks", schema="private", readers=NOBODY, probe="rules_hash"),
    Law("restatements", schema="private"),
    Law("watermark", schema="private", readers=SIGNED_IN, workspace="", probe="lo"),
    Law("held_experiments", schema="private"),
    Law("late_workspaces", schema="private", readers=NOBODY),
    Law("stale_experiments", schema="private", readers=NOBODY, workspace="", probe="tx"),
    Law("counted_experiments", schema="private", readers=NOBODY, workspace="", probe="rules_hash"),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)
