"""Notifications: each person their own, and nobody else, not even a server."""

import pytest
from psycopg import sql

from support.rls import PEOPLE, Law, Theatre, allowed, check, workspace

# The owner was called by name; owner and admin hold members.write, and hear who comes and goes.
OWN = frozenset({"owner"})
LAWS = [
    Law("notifications", readers=frozenset({"owner", "admin"})),
    Law(
        "notification_preferences",
        readers=OWN,
        insert=lambda t: workspace(t) | {"kind": "alert", "delivery": "off"},
        inserters=PEOPLE,
        update="delivery = delivery",
        updaters=OWN,
        deleters=OWN,
    ),
    Law("notification_mutes", readers=OWN),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)


def test_nobody_sees_the_notifications_of_another(theatre: Theatre):
    for name, actor in theatre.cast.items():
        if name not in ("anon", "server"):
            seen = actor.rows("select distinct user_id::text as whose from notifications")
            assert {row["whose"] for row in seen} <= {actor.user_id}, name
    assert allowed(theatre, sql.SQL("update notifications set read_at = read_at")) == set()
