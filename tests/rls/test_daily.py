"""The daily tier is read through verbs alone."""

import pytest

from support.rls import NOBODY, Law, Theatre, check

LAWS = [
    Law("unit_days", schema="private", readers=NOBODY),
    Law("daily_cells", schema="private", readers=NOBODY),
    Law("hourly_calls", schema="private", readers=NOBODY),
    Law("model_sightings", schema="private", readers=NOBODY),
    Law("daily_watermark", schema="private", readers=NOBODY, workspace=""),
    Law("marked_days", schema="private", readers=NOBODY),
    Law("daily_definitions", schema="private", readers=NOBODY),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)
