"""Factors, their levels and the cells of arms: members see them; create_experiment and edit_experiment write them."""

import pytest

from support.rls import Law, Theatre, check

LAWS = [Law("factors"), Law("factor_levels"), Law("variant_levels")]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)
