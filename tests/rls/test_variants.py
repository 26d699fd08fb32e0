"""Variants and what they run: members see; who holds experiments.write drafts; phases are the verbs'."""

import pytest
from psycopg import sql

from support.rls import Law, Theatre, allowed, check, workspace

LAWS = [
    Law(
        "variants",
        insert=lambda t: workspace(t) | {"experiment_id": t.draft.id, "key": "spare", "name": "Spare"},
        inserters="experiments.write",
        deleters="experiments.write",
        where="experiment_id in (select id from experiments where state = 'draft')",
    ),
    Law(
        "variant_versions",
        insert=lambda t: workspace(t) | {"variant_id": t.draft.arm("c", None), "prompt_version_id": t.version["id"]},
        inserters="experiments.write",
        deleters="experiments.write",
        where="variant_id in (select id from variants where key = 'a' and experiment_id in (select id from experiments where state = 'draft'))",
    ),
    Law("experiment_phases"),
    Law("experiment_phase_arms"),
    Law("variant_rollbacks"),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)


def test_nobody_sets_rolled_back_at_by_hand(theatre: Theatre):
    assert allowed(theatre, sql.SQL("update variants set rolled_back_at = null")) == set()
