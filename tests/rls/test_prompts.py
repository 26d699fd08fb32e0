"""Prompts and branches: members see; who holds prompts.write edits; heads move by commit alone."""

import pytest
from psycopg import sql

from support.rls import Law, Theatre, allowed, check, workspace

LAWS = [
    Law(
        "prompts",
        insert=lambda t: workspace(t) | {"key": "new", "name": "New", "capability_id": t.clinic.capability_id},
        inserters="prompts.write",
        update="name = name",
        updaters="prompts.write",
    ),
    Law(
        "branches",
        insert=lambda t: workspace(t) | {"prompt_id": t.clinic.prompt_id, "name": "shorter"},
        inserters="prompts.write",
        update="name = name",
        updaters="prompts.write",
    ),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)


def test_nobody_moves_a_head_by_hand(theatre: Theatre):
    statement = sql.SQL("update branches set head_version_id = null")
    assert allowed(theatre, statement) == set()
