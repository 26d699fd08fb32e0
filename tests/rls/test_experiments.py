"""Experiments and their scope: members see; who holds experiments.write drafts; the state moves by verbs alone."""

import pytest
from psycopg import sql

from support.rls import SIGNED_IN, Law, Theatre, allowed, check, workspace

LAWS = [
    Law(
        "experiments",
        insert=lambda t: (
            workspace(t)
            | {"key": "new", "name": "New", "capability_id": t.clinic.capability_id}
            | {"environment_id": t.clinic.environments["production"]}
        ),
        inserters="experiments.write",
        deleters="experiments.write",
        where="state = 'draft'",
    ),
    Law(
        "experiment_actions",
        insert=lambda t: (
            workspace(t)
            | {"experiment_id": t.draft.id, "capability_id": t.clinic.capability_id}
            | {"action_id": t.clinic.actions["UserLookup"]}
        ),
        inserters="experiments.write",
        deleters="experiments.write",
        where="experiment_id in (select id from experiments where state = 'draft')",
    ),
    Law(
        "experiment_intents",
        insert=lambda t: workspace(t) | {"experiment_id": t.draft.id, "intent_id": t.clinic.intents["CancelMeeting"]},
        inserters="experiments.write",
        deleters="experiments.write",
        where="experiment_id in (select id from experiments where state = 'draft')",
    ),
    Law(
        "experiment_metrics",
        insert=lambda t: workspace(t) | {"experiment_id": t.draft.id, "metric_id": t.metric["id"]},
        inserters="experiments.write",
        deleters="experiments.write",
        where="experiment_id in (select id from experiments where state = 'draft')",
    ),
    Law("experiment_revisions"),
    Law("experiment_moves", readers=SIGNED_IN, workspace=""),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)


@pytest.mark.parametrize(
    "column", ["state", "revision", "salt", "started_at", "ended_at", "created_by", "name", "traffic"]
)
def test_nobody_writes_what_the_verbs_keep(theatre: Theatre, column: str):
    statement = sql.SQL("update experiments set {c} = {c}").format(c=sql.Identifier(column))
    assert allowed(theatre, statement) == set()
