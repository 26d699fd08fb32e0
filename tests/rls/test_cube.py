"""Members see the slices of their experiments; nobody writes them but the compactor."""

import pytest

from support.rls import NOBODY, Law, Theatre, check

LAWS = [
    Law("cube_cells", schema="private"),
    Law("cube_experiments", schema="private", readers=NOBODY, workspace="", probe="rules"),
    Law("cube_values", schema="private", readers=NOBODY, workspace="", probe="value"),
    Law("cube_watermark", schema="private", readers=NOBODY, workspace="", probe="step"),
    Law("cube_unit_news", schema="private", readers=NOBODY, workspace="", probe="unit_id"),
    # The next step takes all of them: of two workspaces only the one that was furnished last has some.
    Law("cube_marks", schema="private", readers=NOBODY, workspace="", probe="bucket"),
    Law("cube_place_news", schema="private", readers=NOBODY, workspace="", probe="outcome_id"),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)
