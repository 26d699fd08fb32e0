"""Experiments and their scope: members see; who holds experiments.write drafts; the state moves by verbs alone."""

import pytest
from psycopg import sql

from support.rls import EDITORS, MEMBERS, SERVER, Law, Theatre, allowed, check, workspace

LAWS = [
    Law(
        "experiments",
        insert=lambda t: (
            workspace(t)
            | {"key": "new", "name": "New", "capability_id": t.clinic.capability_id}
            | {"environment_id": t.clinic.environments["production"]}
        ),
        inserters=EDITORS,
        update="name = name",
        updaters=EDITORS,
        deleters=EDITORS,
        where="state = 'draft'",
    ),
    Law(
        "experiment_actions",
        insert=lambda t: (
            workspace(t)
            | {"experiment_id": t.draft.id, "capability_id": t.clinic.capability_id}
            | {"action_id": t.clinic.actions["UserLookup"]}
        ),
        inserters=EDITORS,
        deleters=EDITORS,
        where="experiment_id in (select id from experiments where state = 'draft')",
    ),
    Law(
        "experiment_intents",
        insert=lambda t: workspace(t) | {"experiment_id": t.draft.id, "intent_id": t.clinic.intents["CancelMeeting"]},
        inserters=EDITORS,
        deleters=EDITORS,
        where="experiment_id in (select id from experiments where state = 'draft')",
    ),
    Law(
        "experiment_metrics",
        insert=lambda t: workspace(t) | {"experiment_id": t.draft.id, "metric_id": t.metric["id"]},
        inserters=EDITORS,
        update="margin = margin",
        updaters=EDITORS,
        deleters=EDITORS,
    ),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)


def test_the_moves_are_everybodys_to_read_and_nobodys_to_write(theatre: Theatre):
    assert allowed(theatre, sql.SQL("select from experiment_moves")) == MEMBERS | SERVER | {"outsider", "other_owner"}
    for statement in ("delete from experiment_moves", "update experiment_moves set to_state = 'active'"):
        assert allowed(theatre, sql.SQL(statement)) == set()


@pytest.mark.parametrize("column", ["state", "revision", "salt", "started_at", "ended_at", "created_by"])
def test_nobody_writes_what_the_verbs_keep(theatre: Theatre, column: str):
    statement = sql.SQL("update experiments set {c} = {c}").format(c=sql.Identifier(column))
    assert allowed(theatre, statement) == set()
